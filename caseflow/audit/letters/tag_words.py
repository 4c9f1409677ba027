"""Each tag of the trail in plain words, for the case file, the trail as PDF and the pages of audits."""

from caseflow.core.trail import Tag
from caseflow.core.words import N_
from caseflow.core.words import gettext as _

TAG_WORDS: dict[Tag, str] = {
    Tag.SIGN_IN: N_("Signed in"),
    Tag.SIGN_IN_FAILED: N_("Sign-in failed"),
    Tag.SIGN_OUT: N_("Signed out"),
    Tag.STEP_UP: N_("Confirmed with the second factor"),
    Tag.INVITED: N_("Member of staff invited"),
    Tag.JOINED: N_("Member of staff joined"),
    Tag.PERSON_CHANGED: N_("Staff record changed"),
    Tag.PERSON_DISABLED: N_("Staff account closed"),
    Tag.ROLE_GRANTED: N_("Role given"),
    Tag.ROLE_REVOKED: N_("Role taken back"),
    Tag.ORGANISATION_CREATED: N_("Organisation added"),
    Tag.ORGANISATION_CHANGED: N_("Organisation changed"),
    Tag.TEAM_CREATED: N_("Team added"),
    Tag.CASE_LISTED: N_("List of cases read"),
    Tag.CASE_OPENED: N_("Case opened"),
    Tag.RECORD_DECLINED: N_("A record was refused; nothing was kept"),
    Tag.DECLINE_TAKEN_BACK: N_("A refused record was agreed to after all"),
    Tag.HELPED_ONCE: N_("Helped once, without a case"),
    Tag.CASE_READ: N_("Case page read"),
    Tag.CASE_MOVED: N_("Case moved to its next step"),
    Tag.CASE_ASSIGNED: N_("Case handed over in the team"),
    Tag.RECORD_READ: N_("Record read"),
    Tag.RECORD_WRITTEN: N_("Record written"),
    Tag.NAMES_REVEALED: N_("Hidden names and numbers shown"),
    Tag.NOTE_ADDED: N_("Note added"),
    Tag.DRAFT_KEPT: N_("Draft kept"),
    Tag.DRAFT_DISCARDED: N_("Draft thrown away"),
    Tag.SEARCHED: N_("Search made"),
    Tag.PARTNER_CREATED: N_("Partner added"),
    Tag.PARTNER_CHANGED: N_("Partner changed"),
    Tag.CONSENT_RECORDED: N_("Answer on consent recorded"),
    Tag.CONSENT_CONFIRMED: N_("Consent confirmed in private"),
    Tag.CONSENT_WITHDRAWN: N_("Consent withdrawn"),
    Tag.REFERRAL_DRAFTED: N_("Referral written or corrected"),
    Tag.REFERRAL_MOVED: N_("Referral moved on"),
    Tag.REFERRAL_APPROVED: N_("Referral approved"),
    Tag.REFERRAL_READ: N_("Referral read"),
    Tag.LETTER_RESERVED: N_("Letter number reserved"),
    Tag.CONSENT_GONE: N_("Marked: consent withdrawn after the letter left"),
    Tag.LETTER_MADE: N_("Letter made"),
    Tag.LETTER_ISSUED: N_("Letter issued"),
    Tag.DISCLOSED: N_("Data disclosed to a recipient"),
    Tag.LETTER_READ: N_("Letter opened"),
    Tag.AUDIT_ASKED: N_("Audit asked for"),
    Tag.AUDIT_APPROVED: N_("Audit approved"),
    Tag.AUDIT_REFUSED: N_("Audit refused"),
    Tag.AUDIT_ENDED: N_("Audit ended"),
    Tag.ACCESS_GRANTED: N_("Access given for an audit"),
    Tag.FILE_ASKED: N_("Audit file asked for"),
    Tag.FILE_MADE: N_("Audit file made"),
    Tag.FILE_READ: N_("Audit file downloaded"),
    Tag.TRAIL_READ: N_("Trail read"),
    Tag.TRAIL_VERIFIED: N_("Trail verified"),
    Tag.REFUSED: N_("Refused"),
    Tag.SEAL_BROKEN: N_("A record could not be opened"),
    Tag.KEYRING_MADE: N_("Keys made"),
    Tag.JOB_FAILED: N_("Background work failed"),
}


def tag_in_words(tag: str) -> str:
    """What a tag says, in the language of the moment; the tag itself where these words do not know it yet."""
    words = next((text for known, text in TAG_WORDS.items() if known == tag), "")
    return _(words) if words else tag
