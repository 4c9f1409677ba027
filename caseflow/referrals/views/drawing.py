"""The referral form as a page: its data groups in three blocks, what the letter would say, how consent stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import render_template

from caseflow.cases import queries as cases
from caseflow.cases.models import Case
from caseflow.consent import queries as consent
from caseflow.core import catalogue, vault
from caseflow.core.catalogue.disclosure import DEFAULT, WITH_OWN_CONSENT
from caseflow.core.words import gettext, language
from caseflow.partners.queries import PartnerView
from caseflow.referrals import forms, queries
from caseflow.referrals.letters import choices_for
from caseflow.referrals.letters.values import value_of
from caseflow.referrals.views import choosing
from caseflow.referrals.views.base import consent_link, today_of, veiled
from caseflow.web.forms import CaseForm
from caseflow.web.guards import current_actor

BLANK: dict[str, Any] = {
    "services": [], "urgency": "", "reason": "", "request": "", "appointment": "", "escort": "", "channel": "",
    "groups": [], "own_ticks": [], "why": {}, "basis": forms.CONSENT, "basis_reason": "", "language": "en",
}  # fmt: skip
SENT = tuple(BLANK.keys() - {"why", "language"})


@dataclass(frozen=True, repr=False)
class Group:
    """A data group on the form: its matrix cell for this person and class, and its words in a letter written now."""

    code: str
    label: str
    cell: str
    value: str


@dataclass(frozen=True)
class Blocks:
    """The groups as the form shows them: told by default, told only with an own agreement, never told."""

    defaults: list[Group]
    own: list[Group]
    empty: list[Group]
    never: list[str]


def form_class(case: Case, partner: PartnerView) -> type[CaseForm]:
    """The form of a referral of this case to this partner."""
    cells = _choosable(case.id, partner.recipient_class)
    return forms.referral_form(
        services=partner.doc.get("services") or (),
        channels=partner.doc.get("channels") or (),
        defaults=[code for code, cell in cells.items() if cell == DEFAULT],
        own=[code for code, cell in cells.items() if cell == WITH_OWN_CONSENT],
    )


def first_choice(case: Case, partner: PartnerView) -> dict[str, Any]:
    """What a new form is filled with: the first groups that hold data, the only service."""
    doc = {**BLANK, "partner_id": str(partner.id), "recipient_class": partner.recipient_class}
    ticked = {code for code, _cell, at_first in choices_for(partner.recipient_class) if at_first}
    known = _groups(case, doc, queries.gate_of(case.id, doc, today=today_of(case.organisation_id)))
    first = [one.code for one in known if one.value and one.cell == DEFAULT and one.code in ticked]
    services = list(partner.doc.get("services") or ())
    return {"groups": first, "basis": forms.CONSENT, "services": services if len(services) == 1 else []}


def stored_choice(doc: dict[str, Any]) -> dict[str, Any]:
    """What an edit form is filled with, from the stored document."""
    own = set(doc["own_ticks"])
    data = {code: doc.get(code) for code in SENT}
    data["groups"] = [code for code in doc["groups"] if code not in own]
    return data | {f"why-{code}": text for code, text in doc["why"].items()}


def form_data(form: CaseForm, partner: PartnerView) -> dict[str, Any]:
    """What a service is given: the answers, an own tick counting as a chosen group too."""
    values = form.values()
    own = values.get("own_ticks") or []
    why = {code: values[f"why-{code}"] for code in own if f"why-{code}" in values}
    data = {code: values.get(code, BLANK[code]) for code in SENT}
    groups = [*(values.get("groups") or []), *own]
    return {**data, "partner_id": str(partner.id), "groups": groups, "own_ticks": own, "why": why}


def form_page(case: Case, partner: PartnerView, form: CaseForm, **more: Any) -> str:
    """The page of step 2, for a new referral and for a correction."""
    today = today_of(case.organisation_id)
    doc = {**BLANK, **form_data(form, partner), "recipient_class": partner.recipient_class}
    gate = queries.gate_of(case.id, doc, today=today)
    register = consent.register_of(case.id, today=today)
    return render_template(
        "referrals/write.html",
        case=case, code_name=cases.code_name(vault.read(case)), partner=partner, form=form,
        blocks=_blocks(case, doc, gate), gate=[gettext_of(one) for one in gate.reasons],
        consent_look=choosing.consent_look(register, partner), agreement=choosing.agreement_look(partner, today),
        consent_url=consent_link(case.id, partner.id, partner.recipient_class), **more,
    )  # fmt: skip


def gettext_of(reason: tuple[str, dict[str, Any]]) -> str:
    """A reason (message, params) in the reader's language."""
    return gettext(reason[0], **reason[1])


def _choosable(case_id: UUID, recipient_class: str) -> dict[str, str]:
    """The groups a worker may choose, in the order of the matrix, each with its cell for this person."""
    cells = consent.cells(case_id, recipient_class)
    return {code: cells[code] for code, _cell, _first in choices_for(recipient_class)}


def _groups(case: Case, doc: dict[str, Any], gate: consent.GateResult) -> list[Group]:
    """The groups that may be chosen, with the words a letter written now would have. Raises SealBroken."""
    sources = queries.sources_of(
        case, doc, number="", author_id=current_actor().user_id, gate=gate, today=today_of(case.organisation_id)
    )
    lists, cells = catalogue.load().list("disclosure_group"), _choosable(case.id, doc["recipient_class"])
    return [Group(code, lists.label(code, language()), cell, value_of(code, sources)) for code, cell in cells.items()]


def _blocks(case: Case, doc: dict[str, Any], gate: consent.GateResult) -> Blocks:
    lists = catalogue.load().list("disclosure_group")
    groups = [replace(one, value=veiled(one.code, one.value, case)) for one in _groups(case, doc, gate)]
    known = {one.code for one in groups} | set(catalogue.system_groups())
    return Blocks(
        defaults=[one for one in groups if one.cell == DEFAULT and _shown(one, doc["groups"])],
        own=[one for one in groups if one.cell == WITH_OWN_CONSENT and _shown(one, doc["own_ticks"])],
        empty=[one for one in groups if not _shown(one, [*doc["groups"], *doc["own_ticks"]])],
        never=[lists.label(code, language()) for code in lists.codes if code not in known],
    )


def _shown(one: Group, chosen: Sequence[str]) -> bool:
    """A group without data is only named; one that was chosen all the same stays, so that it can be unticked."""
    return bool(one.value) or one.code in chosen
