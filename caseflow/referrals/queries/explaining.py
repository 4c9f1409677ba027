"""What a referral would disclose, whether its consent holds, and what a supervisor should look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from caseflow.accounts.queries import organisation_doc, staff_docs
from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.consent import queries as consents
from caseflow.core import vault
from caseflow.core.errors import NotFound
from caseflow.core.press.letter import Letter
from caseflow.core.words import N_, gettext, speaking
from caseflow.partners.queries import PartnerView
from caseflow.referrals.letters import Disclosure, Sources, choices_for, compose, disclose
from caseflow.referrals.letters.disclosing import IDENTIFIERS
from caseflow.referrals.models import Referral
from caseflow.referrals.queries.reading import partner_of, snapshot_of, staff_post

PASSED, LOOK, FAILED = "passed", "look", "failed"
_KINDS = ("person", "screening", "identity", "safety")
CONSENT = "consent"
_HIGH_RISK = frozenset({"high", "emergency"})

CHECK_TEXTS: dict[tuple[str, str], str] = {
    ("consent", PASSED): N_("A valid consent or basis covers everything above"),
    ("consent", FAILED): N_("No valid consent or basis covers this"),
    ("agreement", PASSED): N_("The data-sharing agreement with this partner is in force"),
    ("agreement", LOOK): N_("No data-sharing agreement with this partner is in force. This is recorded."),
    ("partner", PASSED): N_("The partner is in the directory, in the same class"),
    ("partner", FAILED): N_("The partner was retired, or its class has changed"),
    ("matrix", PASSED): N_("Nothing outside what this kind of recipient may receive"),
    ("matrix", FAILED): N_("Something was chosen that this kind of recipient may not receive"),
    ("minimum", PASSED): N_("The letter works with the code name"),
    ("minimum", LOOK): N_("The letter says who the person is. Is that needed?"),
    ("own_ticks", PASSED): N_("Nothing that needs its own tick"),
    ("own_ticks", LOOK): N_("Something is told that needed its own tick. Read the reason."),
    ("safety", PASSED): N_("Risk level: nothing special"),
    ("safety", LOOK): N_("The risk is high. Is the way of sending safe?"),
    ("adult", PASSED): N_("The person is an adult"),
    ("adult", LOOK): N_("The person is a child, or must be treated as one"),
    ("channel", PASSED): N_("The way of sending is allowed"),
    ("channel", LOOK): N_("The telephone is for emergencies only"),
    ("current", PASSED): N_("Nothing has changed since it was sent to you"),
    ("current", LOOK): N_("The file has changed since: the letter says what was sent to you"),
}


@dataclass(frozen=True)
class Check:
    """One line of the approval gate. `status` is passed, look or failed."""

    code: str
    status: str

    @property
    def text(self) -> str:
        """The line in the language of the moment."""
        return gettext(CHECK_TEXTS[self.code, self.status])


def gate_of(case_id: UUID, doc: dict[str, Any], *, today: date, for_update: bool = False) -> consents.GateResult:
    """Ask the consent register whether this referral may leave; `for_update` locks the consents it rests on."""
    return consents.gate(
        case_id=case_id,
        partner_id=UUID(doc["partner_id"]),
        recipient_class=doc["recipient_class"],
        groups=doc["groups"],
        own_ticks=doc["own_ticks"],
        basis=doc["basis"],
        basis_reason=doc["basis_reason"],
        today=today,
        for_update=for_update,
        rescue=bool(doc.get("rescue")),
    )


def sources_of(
    case: Case, doc: dict[str, Any], *, number: str, author_id: UUID, gate: consents.GateResult, today: date
) -> Sources:
    """Everything the letter may draw from. Raises SealBroken when a record it needs does not open."""
    language = doc.get("language") or "en"
    covered = _covered(case.id, doc, gate, today)
    given = {
        one: vault.read(consents.get_consent(one, case_id=case.id)) for one in {*gate.consent_ids, *covered.values()}
    }
    author = staff_docs([author_id])[author_id]
    with speaking(language):
        return Sources(
            language=language,
            today=today,
            case_number=case.number,
            referral_number=number,
            code_name=cases.code_name(vault.read(case)),
            officer_post=staff_post(author),
            officer_name=str(author.get("name") or ""),
            data={kind: cases.data_of(case.id, kind) for kind in _KINDS},
            doc=doc,
            partner=partner_of(doc).doc,
            organisation=organisation_doc(case.organisation_id),
            cells=consents.cells(case.id, doc["recipient_class"]),
            consents=tuple(given[one] for one in sorted(given)),
            covered=frozenset(covered) if doc["basis"] == CONSENT else _by_other_basis(doc, gate),
            ticked=frozenset(group for group, one in covered.items() if group in given[one].get("own_ticks", ())),
        )


def _covered(case_id: UUID, doc: dict[str, Any], gate: consents.GateResult, today: date) -> dict[str, UUID]:
    """Which consent covers which chosen group. A closed gate names none, so that one it asks group by group: a draft
    shows what is agreed and what is not."""
    if gate.open or doc["basis"] != CONSENT:
        return dict(gate.covered)
    if not gate_of(case_id, {**doc, "groups": []}, today=today).open:
        return {}
    singly = [gate_of(case_id, {**doc, "groups": [group]}, today=today).covered for group in doc["groups"]]
    return {group: one for covered in singly for group, one in covered.items()}


def _by_other_basis(doc: dict[str, Any], gate: consents.GateResult) -> frozenset[str]:
    """A basis other than consent names no groups: when the gate is open it opens those chosen."""
    return frozenset(doc["groups"]) if gate.open else frozenset()


def disclosure(case: Case, doc: dict[str, Any], today: date, *, number: str = "", author_id: UUID) -> Disclosure:
    """What would be told and withheld now, line by line, for a referral document (a draft or a stored one)."""
    gate = gate_of(case.id, doc, today=today)
    return disclose(sources_of(case, doc, number=number, author_id=author_id, gate=gate, today=today))


def disclosure_of(referral: Referral, today: date) -> Disclosure:
    """The same for a stored referral."""
    doc = vault.read(referral)
    return disclosure(referral.case, doc, today, number=referral.number, author_id=referral.author_id)


def preview(referral: Referral, today: date) -> Letter:
    """The letter as it would be, or as it was submitted when a snapshot stands."""
    if referral.snapshot_id:
        return submitted_letter(referral)
    doc = vault.read(referral)
    gate = gate_of(referral.case_id, doc, today=today)
    sources = sources_of(
        referral.case, doc, number=referral.number, author_id=referral.author_id, gate=gate, today=today
    )
    return compose(sources, disclose(sources))


def submitted_letter(referral: Referral) -> Letter:
    """The letter of the standing snapshot. Raises NotFound without one."""
    return Letter.from_document(vault.read(snapshot_of(referral))["letter"])


def checks(
    case: Case,
    doc: dict[str, Any],
    today: date,
    *,
    told: Sequence[str],
    gate: consents.GateResult,
    partner: PartnerView,
) -> list[Check]:
    """The approval gate: need to know, minimum data, agreement in force, risk to the person."""
    risk = cases.data_of(case.id, "assessment").get("risk_level")
    phone = doc["channel"] == "phone" and doc["urgency"] != "emergency"
    return [
        Check("consent", PASSED if gate.open else FAILED),
        Check("partner", PASSED if holds(partner, doc) else FAILED),
        Check("matrix", PASSED if not outside(doc) else FAILED),
        Check("agreement", PASSED if partner.agreement_in_force(today) else LOOK),
        Check("minimum", LOOK if IDENTIFIERS.intersection(told) else PASSED),
        Check("own_ticks", LOOK if set(doc["own_ticks"]).intersection(told) else PASSED),
        Check("safety", LOOK if risk in _HIGH_RISK else PASSED),
        Check("adult", LOOK if cases.is_child(case.id) else PASSED),
        Check("channel", LOOK if phone else PASSED),
    ]


def checks_of(referral: Referral, today: date) -> list[Check]:
    """The checks of a stored referral as they stand now; for one that waits, whether its file has changed since."""
    doc = vault.read(referral)
    gate = gate_of(referral.case_id, doc, today=today)
    sources = sources_of(
        referral.case, doc, number=referral.number, author_id=referral.author_id, gate=gate, today=today
    )
    found = disclose(sources)
    lines = checks(referral.case, doc, today, told=found.groups, gate=gate, partner=partner_of(doc))
    if referral.snapshot_id is None:
        return lines
    same = compose(sources, found) == submitted_letter(referral)
    return [*lines, Check("current", PASSED if same else LOOK)]


def holds(partner: PartnerView, doc: dict[str, Any]) -> bool:
    """Whether the recipient is still what the referral was written for."""
    return partner.state == "active" and partner.recipient_class == doc["recipient_class"]


def outside(doc: dict[str, Any]) -> list[str]:
    """The chosen groups that the matrix closes to this class of recipient."""
    allowed = {group for group, _cell, _first in choices_for(doc["recipient_class"])}
    return [group for group in doc["groups"] if group not in allowed]


def snapshot_digest(referral: Referral) -> str:
    """The digest of the standing snapshot in hex, "" when there is none: the form of the decision carries it."""
    try:
        return bytes(snapshot_of(referral).digest).hex()
    except NotFound:
        return ""
