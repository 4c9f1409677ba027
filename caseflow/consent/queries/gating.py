"""The gate: nothing leaves without a valid consent for its recipient and each data group, or another named basis.

IOM Data Protection Manual, principles 4 and 5: explicit consent, a specified purpose, the recipient named. A closed
gate says why, one plain sentence for each cause. It closes a sharing, never a service.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from caseflow.cases import queries as cases
from caseflow.consent import states
from caseflow.consent.queries.faults import Reason, faults_of
from caseflow.consent.queries.register import ConsentView, register_of
from caseflow.core import catalogue
from caseflow.core.catalogue.disclosure import AGGREGATE, DEFAULT, NEVER, WITH_OWN_CONSENT
from caseflow.core.vault import SealBroken
from caseflow.core.words import N_, language

CONSENT = "consent"


@dataclass(frozen=True)
class GateResult:
    """Whether the sharing is open, and why not; what it rests on.

    `covered` maps each chosen group to the consent that covers it; `taker_ids` are who took or confirmed those.
    `statement` is what the letter says of the basis: see `statement_in_words`.
    """

    open: bool
    reasons: list[Reason] = field(default_factory=list)
    consent_ids: list[UUID] = field(default_factory=list)
    taker_ids: set[UUID] = field(default_factory=set)
    covered: dict[str, UUID] = field(default_factory=dict)
    statement: dict[str, Any] = field(default_factory=dict)


def cells(case_id: UUID, recipient_class: str) -> dict[str, str]:
    """The matrix for this person and class: group -> Y, C, N or A.

    Gender identity of khawaja sira and transgender persons is C for every class that Y would tell it.
    """
    return cells_for(recipient_class, own_tick=_gender_needs_own_tick(case_id))


def cells_for(recipient_class: str, *, own_tick: bool) -> dict[str, str]:
    """The same before there is a case: `own_tick` when the gender that was said needs its own tick."""
    matrix = catalogue.matrix()
    found = {group: matrix.cell(group, recipient_class) for group in matrix.groups}
    if found[states.GENDER_GROUP] == DEFAULT and own_tick:
        found[states.GENDER_GROUP] = WITH_OWN_CONSENT
    return found


def gate(
    *,
    case_id: UUID,
    partner_id: UUID,
    recipient_class: str,
    groups: Iterable[str],
    own_ticks: Iterable[str],
    basis: str,
    basis_reason: str,
    today: date,
    for_update: bool = False,
    rescue: bool = False,
) -> GateResult:
    """Ask whether these groups may go to this partner today.

    `own_ticks` are the groups of cell C ticked one by one on the referral; `basis` is `consent` or a code of
    `consent_basis` other than consent, with its reason. With `for_update` the consents stay locked until the end of
    the transaction, so that a withdrawal and an issue cannot pass each other. `rescue` asks for the one exception: the
    place of danger to the police, for a vital interest, without anything about who.
    """
    if rescue:
        return _by_rescue(recipient_class, list(groups), basis, basis_reason)
    chosen, ticked = list(dict.fromkeys(groups)), frozenset(own_ticks)
    if recipient_class == states.STATISTICS_CLASS:
        return GateResult(False, [(N_("This recipient gets figures only. Nothing about one person goes there."), {})])
    by_matrix = matrix_reasons(cells(case_id, recipient_class), chosen, ticked)
    if basis != CONSENT:
        return _by_other_basis(recipient_class, chosen, basis, basis_reason, by_matrix, cells(case_id, recipient_class))
    views = register_of(case_id, today=today, for_update=for_update)
    child = cases.is_child(case_id)
    kept = judge(views, partner_id=partner_id, recipient_class=recipient_class, chosen=chosen, child=child,
                 cells=cells(case_id, recipient_class))  # fmt: skip
    reasons = [*by_matrix, *(reason for reason in kept.reasons if reason not in by_matrix)]
    return kept if not by_matrix else GateResult(False, reasons)


def judge(
    views: list[ConsentView],
    *,
    partner_id: UUID,
    recipient_class: str,
    chosen: list[str],
    child: bool,
    cells: Mapping[str, str],
) -> GateResult:
    """The part of the gate that weighs the register: pure, so that a table can test it."""
    if any(view.broken for view in views):
        return GateResult(False, [(_BROKEN, {})])
    about = (states.scope_for(recipient_class), str(partner_id))
    named = [view for view in views if view.about == about]
    if not named:
        return GateResult(False, _nobody_named(views, recipient_class))
    faults = {view.id: faults_of(view, recipient_class=recipient_class, child=child) for view in named}
    standing = [view for view in named if not faults[view.id]]
    if not standing:
        return GateResult(False, faults[named[0].id])
    covered, uncovered = _cover(standing, chosen, cells)
    if uncovered:
        return GateResult(False, uncovered)
    used = [view for view in standing if view.id in covered.values()] or standing[:1]
    takers = {taker for view in used for taker in view.takers}
    return GateResult(True, [], [view.id for view in used], takers, covered, _statement(used, covered))


_LAW = N_("A law or a court opens only the authorities it can name; never an embassy.")
_NARROW = {
    "vital_interest": N_("Danger to life opens only shelter, health, child protection, IOM and UNHCR."),
    "mandatory_report": _LAW,
    "court_order": _LAW,
}
_BROKEN = N_("A record in the consent register of this case cannot be opened. Until it is, consent opens nothing.")


def matrix_reasons(cells: Mapping[str, str], chosen: list[str], ticked: frozenset[str]) -> list[Reason]:
    """What the matrix alone refuses, one sentence for each group."""
    reasons: list[Reason] = []
    for group in chosen:
        cell = cells.get(group, NEVER)
        if cell == NEVER:
            reasons.append((N_("%(group)s: this never goes to such a recipient."), {"group": _label(group)}))
        elif cell == AGGREGATE:
            reasons.append((N_("%(group)s: this leaves only as a figure in statistics."), {"group": _label(group)}))
        elif cell == WITH_OWN_CONSENT and group not in ticked:
            reasons.append((N_("%(group)s: this goes only with its own tick."), {"group": _label(group)}))
    return reasons


def _by_other_basis(
    recipient_class: str,
    chosen: list[str],
    basis: str,
    basis_reason: str,
    by_matrix: list[Reason],
    cells: Mapping[str, str],
) -> GateResult:
    """A basis other than consent: named, with its reason, for the fewest data."""
    if basis not in states.OTHER_BASES:
        return GateResult(False, [(N_("Choose on what basis the data may leave."), {})])
    reasons = list(by_matrix)
    if not basis_reason.strip():
        reasons.append((N_("A basis other than consent needs its reason."), {}))
    if recipient_class not in states.OTHER_BASES[basis]:
        reasons.append((_NARROW[basis], {}))
    for group in chosen:
        if cells.get(group) == WITH_OWN_CONSENT:
            words = N_("%(group)s: without the person's own consent this does not leave.")
            reasons = [one for one in reasons if one[1].get("group") != _label(group)]
            reasons.append((words, {"group": _label(group)}))
    statement = {"basis": basis, "reason": basis_reason.strip(), "groups": chosen, "consents": []}
    return GateResult(False, reasons) if reasons else GateResult(True, statement=statement)


def _by_rescue(recipient_class: str, chosen: list[str], basis: str, basis_reason: str) -> GateResult:
    fits = (recipient_class, chosen, basis) == (states.RESCUE_CLASS, [states.RESCUE_GROUP], "vital_interest")
    if not fits or not basis_reason.strip():
        return GateResult(False, [(N_("A rescue request tells the police a place and nothing else."), {})])
    return GateResult(True, statement={"basis": basis, "reason": basis_reason, "groups": chosen, "consents": []})


def _nobody_named(views: list[ConsentView], recipient_class: str) -> list[Reason]:
    free_text = any(view.doc.get("named_body") and view.status == "given" for view in views)
    if free_text and states.scope_for(recipient_class) == states.SHARE:
        return [(N_("At screening a body was named in words only. Record the consent for this recipient."), {})]
    return [(N_("No consent names this recipient yet. Ask the person, and record the answer."), {})]


def _cover(
    standing: list[ConsentView], chosen: list[str], cells: Mapping[str, str]
) -> tuple[dict[str, UUID], list[Reason]]:
    """Which standing consent covers which group; what a letter always carries is covered by any of them."""
    always = set(catalogue.system_groups())
    covered: dict[str, UUID] = {}
    uncovered: list[Reason] = []
    for group in chosen:
        own = cells.get(group) == WITH_OWN_CONSENT
        found = next((view for view in standing if _holds(view, group, own=own, always=always)), None)
        if found:
            covered[group] = found.id
        else:
            words = N_("%(group)s: the person did not agree to share this with this recipient.")
            uncovered.append((words, {"group": _label(group)}))
    return covered, uncovered


def _holds(view: ConsentView, group: str, *, own: bool, always: set[str]) -> bool:
    if own:
        return group in (view.doc.get("own_ticks") or ())
    return group in always or group in (view.doc.get("groups") or ())


def _statement(used: list[ConsentView], covered: Mapping[str, UUID]) -> dict[str, Any]:
    consents = [
        {
            "given_on": view.doc["given_on"],
            "method": view.doc.get("method") or "",
            "basis": view.doc.get("basis") or "",
            "confirmed_on": (view.doc.get("confirmed") or {}).get("on", ""),
            "groups": [group for group, consent_id in covered.items() if consent_id == view.id],
        }
        for view in used
    ]
    return {"basis": CONSENT, "reason": "", "groups": list(covered), "consents": consents}


def _gender_needs_own_tick(case_id: UUID) -> bool:
    """True for every word on gender that a letter could print; also when one does not open: the unread is guarded."""
    try:
        said = {cases.data_of(case_id, kind).get("gender") for kind in ("person", "screening")}
    except SealBroken:
        return True
    return not said.isdisjoint(states.OWN_TICK_GENDERS)


def _label(group: str) -> str:
    return catalogue.load().label("disclosure_group", group, language())
