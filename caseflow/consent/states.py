"""What a consent can be, which scope opens which class of recipient, and what other bases may open."""

from enum import StrEnum

from caseflow.core.words import N_


class ConsentStatus(StrEnum):
    """How a consent stands today. `expired` and `replaced` are never stored: they follow from dates and later ones."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_SOUGHT = "not_sought"
    EXPIRED = "expired"
    REPLACED = "replaced"


STATUS_WORDS = {
    ConsentStatus.GIVEN: N_("Given"),
    ConsentStatus.REFUSED: N_("Refused"),
    ConsentStatus.WITHDRAWN: N_("Withdrawn"),
    ConsentStatus.NOT_SOUGHT: N_("Not asked"),
    ConsentStatus.EXPIRED: N_("Ended"),
    ConsentStatus.REPLACED: N_("Replaced by a later answer"),
}

INTERVIEW, RECORD, SERVICES = "interview", "record", "services"
SHARE, LAW_ENFORCEMENT, CONSULAR = "share_referral", "law_enforcement", "consular"
SHARING = (SHARE, LAW_ENFORCEMENT, CONSULAR)
LAW_CLASS, CONSULAR_CLASS, STATISTICS_CLASS = "L1_law", "L5_consular", "L7_statistics"
# Consent given before an officer, employer, smuggler or relative opens neither of these (do no harm).
FREE_ONLY = frozenset({LAW_CLASS, CONSULAR_CLASS})

# Bases of a consent, by whether the person counts as a child.
ADULT_BASES = ("informed", "supported")
ASSENT_GUARDIAN, ASSENT_BIA = "assent_guardian", "assent_bia"
CHILD_BASES = (ASSENT_GUARDIAN, ASSENT_BIA)

# Who a law or a court may make us tell. An embassy is never among them: fear of return is not theirs to weigh.
_AUTHORITIES = frozenset({"L1_law", "L2_gov", "L3_child", "L6_oversight"})

# Bases other than consent, each with the classes it may open (None: any that takes referrals).
# Vital interest reaches only who can save a life or shelter it; never police or an embassy.
OTHER_BASES: dict[str, frozenset[str]] = {
    "vital_interest": frozenset({"L4_shelter", "L4_health", "L4_mhpss", "L3_child", "L4_iom", "L4_asylum"}),
    "mandatory_report": _AUTHORITIES,
    "court_order": _AUTHORITIES | {"L4_shelter", "L4_forensic"},
}

# The one thing that may reach the police for a vital interest: where somebody is in danger, and nothing about who.
RESCUE_CLASS, RESCUE_GROUP = LAW_CLASS, "place_of_danger"

# Days a consent holds when no other day is named: a sharing 90 days, everything else twelve months.
SHARING_DAYS = 90
GENDER_GROUP = "sex_gender"
# Gender identity leaves only with its own tick, whatever the matrix says for the class.
OWN_TICK_GENDERS = frozenset({"trans_feminine", "trans_masculine", "non_conforming"})
# Who may be in the room without making a consent less free.
HARMLESS_COMPANY = frozenset({"alone", "interpreter", "child"})


def scope_for(recipient_class: str) -> str:
    """The consent scope that a recipient of this class needs."""
    return {LAW_CLASS: LAW_ENFORCEMENT, CONSULAR_CLASS: CONSULAR}.get(recipient_class, SHARE)


def given_freely(private: str | None, free_to_leave: str | None, present: list[str] | None) -> bool:
    """Whether a consent counts as free: in private, free to leave, nobody in the room who could press.

    What was not answered counts against it: the doubt costs one more talk in private, never a service.
    """
    company = set(present or ())
    return private == "yes" and free_to_leave == "yes" and bool(company) and company <= HARMLESS_COMPANY
