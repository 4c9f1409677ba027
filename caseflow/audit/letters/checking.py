"""The checks at the end of a case file that can be computed today: consent, approval, time, matrix, child, access."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from caseflow.audit.letters.access import outsiders
from caseflow.audit.letters.closure import closure_checks
from caseflow.audit.letters.redacting import label
from caseflow.audit.letters.sources import ReferralView, Sources, unopened
from caseflow.consent.queries import ConsentView
from caseflow.consent.states import (
    ASSENT_GUARDIAN,
    CHILD_BASES,
    FREE_ONLY,
    OTHER_BASES,
    RESCUE_GROUP,
    SERVICES,
    SHARING,
)
from caseflow.core import catalogue
from caseflow.core.catalogue.disclosure import DEFAULT, WITH_OWN_CONSENT
from caseflow.core.press.case_file import Check
from caseflow.core.trail import Tag
from caseflow.core.words import gettext as _
from caseflow.core.words import ngettext
from caseflow.referrals.queries import RATIFY_WITHIN

PASS, FAIL, NONE = "pass", "fail", "none"
HASTY = timedelta(seconds=30)
Fault = Callable[[Sources, ReferralView], str]


def checks_of(sources: Sources) -> list[Check]:
    """Every check with its outcome: pass, fail, or none where there was nothing to check."""
    issued = [one for one in sources.referrals if one.issued_at]
    decided = [one for one in sources.referrals if one.approved_at]
    return [
        _each(sources, _("Consent, or another basis, was there before each disclosure"), issued, _no_consent),
        _each(sources, _("Each letter was approved before its issue, or ratified in 24 hours"), issued, _not_approved),
        _each(sources, _("No approver wrote the referral or took its consent"), decided, _involved),
        _each(sources, _("No approval took less than 30 seconds"), decided, _hasty),
        _each(sources, _("Each recipient acknowledged on time"), _answerable(sources, issued), _late),
        _each(sources, _("Nothing was disclosed outside the matrix"), issued, _outside),
        _each(sources, _("Police and embassy only after a consent given freely"), _guarded(issued), _not_free),
        _child(sources),
        *closure_checks(sources),
        _access(sources),
        _chain(sources),
    ]


def _check(text: str, outcome: str, detail: str = "") -> Check:
    return {"text": text, "outcome": outcome, "detail": detail}


def _each(sources: Sources, text: str, referrals: list[ReferralView], fault: Fault) -> Check:
    """A check over referrals: passed when there is something to check and no fault; each fault names its referral."""
    if not referrals:
        return _check(text, NONE)
    faults = [(one.row.number, unopened() if one.row.broken else fault(sources, one)) for one in referrals]
    found = [f"{number}: {words}" for number, words in faults if words]
    return _check(text, FAIL if found else PASS, "\n".join(found))


def _used(sources: Sources, one: ReferralView) -> list[ConsentView]:
    wanted = set(one.snapshot["consent_ids"] if one.snapshot else one.row.doc.get("consent_ids", ()))
    return [view for view in sources.consents if str(view.id) in wanted]


def _no_consent(sources: Sources, one: ReferralView) -> str:
    doc, issued = one.row.doc, one.issued_at
    if doc["basis"] != "consent":
        named = doc["basis"] in OTHER_BASES and doc.get("basis_reason")
        return "" if named else _("another basis without its reason")
    used = _used(sources, one)
    if not used:
        return _("no consent is named")
    if any(view.broken for view in used):
        return unopened()
    return "" if issued and all(_stood(sources, view, issued) for view in used) else _("its consent did not stand")


def _stood(sources: Sources, view: ConsentView, issued: datetime) -> bool:
    """Given, not ended and not withdrawn at the moment of the issue."""
    doc, day = view.doc, sources.day_of(issued)
    if doc["status"] not in ("given", "withdrawn") or not doc["given_on"] <= day <= doc["valid_until"]:
        return False
    told = [one for one in sources.entries if one.tag == Tag.CONSENT_WITHDRAWN and one.object_id == view.id]
    return not doc.get("withdrawn_on") or (doc["withdrawn_on"] >= day and all(one.recorded_at > issued for one in told))


def _not_approved(sources: Sources, one: ReferralView) -> str:
    issued = one.issued_at
    if issued and one.row.emergency:
        return _not_ratified(sources, one, issued)
    entry = any(each.tag == Tag.REFERRAL_APPROVED and each.object_id == one.row.id for each in sources.entries)
    if one.approved_at and one.row.approver_id and entry and issued and one.approved_at <= issued:
        return ""
    return _("no approval before the issue")


def _not_ratified(sources: Sources, one: ReferralView, issued: datetime) -> str:
    """An emergency issue: ratified or recalled within 24 hours, or its time still runs."""
    by = issued + RATIFY_WITHIN
    decided = one.approved_at or one.when("recall")
    if (decided or sources.made_at) <= by:
        return ""
    return _("decided after 24 hours") if decided else _("no decision within 24 hours of an emergency issue")


def _involved(_sources: Sources, one: ReferralView) -> str:
    if one.involved is None:
        return unopened()
    return _("the approver was involved") if one.row.approver_id in one.involved else ""


def _hasty(_sources: Sources, one: ReferralView) -> str:
    submitted = one.when("submit")
    if submitted is None or one.approved_at is None or one.approved_at - submitted >= HASTY:
        return ""
    seconds = int((one.approved_at - submitted).total_seconds())
    return ngettext("approved after %(num)s second", "approved after %(num)s seconds", seconds)


def _due(one: ReferralView) -> datetime | None:
    issued, urgency = one.issued_at, one.row.doc.get("urgency")
    if not issued or not urgency:
        return None
    hours = catalogue.load().list("referral_urgency").row(urgency).extra["ack_within_hours_inferred"]
    return issued + timedelta(hours=int(hours))


def _answerable(sources: Sources, issued: list[ReferralView]) -> list[ReferralView]:
    """Issued letters that were acknowledged, or whose time for it is over."""
    return [one for one in issued if one.when("acknowledge") or ((due := _due(one)) and due < sources.made_at)]


def _late(_sources: Sources, one: ReferralView) -> str:
    due, answered = _due(one), one.when("acknowledge")
    if answered is None:
        return _("not acknowledged")
    return _("acknowledged late") if due and answered > due else ""


def _outside(sources: Sources, one: ReferralView) -> str:
    if one.snapshot is None:
        return unopened()
    matrix, klass = catalogue.matrix(one.snapshot["matrix"]), one.snapshot["recipient_class"]
    ticked = {group for view in _used(sources, one) if not view.broken for group in view.doc.get("own_ticks", ())}
    cells = {group: matrix.cell(group, klass) for group in one.snapshot["groups"]}
    if one.row.doc.get("rescue"):  # the place of danger, to the police, and nothing about who
        cells.pop(RESCUE_GROUP, None)
    wrong = [
        group for group, cell in cells.items() if cell != DEFAULT and not (cell == WITH_OWN_CONSENT and group in ticked)
    ]
    return ", ".join(label("disclosure_group", group) for group in wrong)


def _guarded(issued: Iterable[ReferralView]) -> list[ReferralView]:
    """Letters to classes that only a consent given freely may open; another basis does not rest on consent."""
    return [
        one
        for one in issued
        if one.row.doc.get("recipient_class") in FREE_ONLY and one.row.doc.get("basis") == "consent"
    ]


def _not_free(sources: Sources, one: ReferralView) -> str:
    issued = one.issued_at
    for view in _used(sources, one):
        confirmed = (view.doc.get("confirmed") or {}).get("on", "")
        on_time = bool(confirmed and issued and confirmed <= sources.day_of(issued))
        if not view.doc.get("free") and not on_time:
            return _("its consent was not given freely, nor confirmed in private before")
    return ""


def _child(sources: Sources) -> Check:
    """CPMS 2019: a guardian who is no suspect, or a best-interests decision; doubt about age counts as child."""
    text = _("Child: a guardian's consent or a best-interests decision")
    if sources.child is None:
        return _check(text, FAIL, unopened())
    given = [view for view in sources.consents if not view.broken and _asks_guardian(view)]
    if not sources.child or not given:
        return _check(text, NONE, "" if not sources.child else _("No consent of this kind yet."))
    wrong = [view for view in given if not _by_guardian(view)]
    found = ngettext("%(num)s consent without either", "%(num)s consents without either", len(wrong))
    return _check(text, FAIL if wrong else PASS, found if wrong else "")


def _asks_guardian(view: ConsentView) -> bool:
    return view.doc["status"] in ("given", "withdrawn") and view.doc["scope"] in (SERVICES, *SHARING)


def _by_guardian(view: ConsentView) -> bool:
    guardian = view.doc.get("guardian") or {}
    if view.doc.get("basis") == ASSENT_GUARDIAN:
        return bool(guardian.get("name")) and not guardian.get("suspect")
    return view.doc.get("basis") in CHILD_BASES


def _access(sources: Sources) -> Check:
    text = _("Each access by somebody outside the team is explained")
    explained, others = outsiders(sources)
    if others:
        who = sorted({sources.who(entry.actor_id, entry.role) for entry in others})
        found = ngettext("%(num)s access without a reason: ", "%(num)s accesses without a reason: ", len(others))
        return _check(text, FAIL, found + ", ".join(who))
    if not explained:
        return _check(text, NONE, _("Nobody from outside opened it."))
    return _check(text, PASS, ngettext("%(num)s access by audit", "%(num)s accesses by audit", len(explained)))


def _chain(sources: Sources) -> Check:
    text = _("The trail of this case is whole")
    count = len(sources.report.findings)
    found = ngettext("%(num)s finding", "%(num)s findings", count) if count else ""
    return _check(text, FAIL if count else PASS, found)
