"""The page of one referral: where it stands, what is told, what happened, and what may be done next."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import render_template, url_for

from caseflow.accounts.queries import staff_docs, staff_names
from caseflow.core import catalogue, vault
from caseflow.core.errors import Refused
from caseflow.core.lifecycle import open_verbs
from caseflow.core.policy import Action, permits
from caseflow.core.vault import SealBroken
from caseflow.core.words import gettext, language
from caseflow.referrals import queries
from caseflow.referrals.models import Referral
from caseflow.referrals.queries import ReferralRow
from caseflow.referrals.states import EVENT_LABELS, PUBLIC_LABELS, STEPS, VERB_LABELS, PublicState, ReferralState
from caseflow.referrals.views.base import consent_link, note_broken, today_of, veiled
from caseflow.referrals.views.line import ICONS, days, spoken
from caseflow.referrals.views.telling import Telling, telling
from caseflow.web.filters import typed
from caseflow.web.guards import current_actor, request_time
from caseflow.web.refusals import note_broken_seal

Message = tuple[str, dict[str, Any]]
LOOKS: dict[PublicState, tuple[str, str]] = {
    PublicState.DRAFT: ("rest", "edit"),
    PublicState.WAITING: ("warn", "clock"),
    PublicState.SENT: ("wait", "send"),
    PublicState.ANSWERED: ("good", "done"),
    PublicState.DONE: ("rest", "check"),
}
URGENCY = {"emergency": ("now", "octagon"), "urgent": ("warn", "triangle"), "routine": ("rest", "ring")}
DECIDING = ("approve", "return", "decline")
RATIFYING = ("ratify", "recall")
# These end or stop a referral; they stand apart from the next step.
STOPPING = ("withdraw", "cancel")


@dataclass(frozen=True)
class Button:
    """A step that is open to this person: a link, or (`post`) a form of its own."""

    verb: str
    text: str
    url: str
    icon: str
    post: bool = False
    main: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a gate is closed, and where that is mended."""

    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Clock:
    """The clock of the present state; `value` and `max` in minutes."""

    due: datetime
    value: int
    max: int
    tone: str


@dataclass(frozen=True)
class Buttons:
    """The next steps and the ways out."""

    next: list[Button] = field(default_factory=list)
    stop: list[Button] = field(default_factory=list)


def page(referral: Referral, *, refused: Refused | None = None) -> str:
    """The page; `refused` says why a step that was tried did not open."""
    row = queries.row_of(referral)
    if row.error is not None:
        note_broken([row])
        return render_template("referrals/broken.html", row=row)
    today = today_of(referral.organisation_id)
    events = queries.events_of(referral.id)
    note_broken(events)
    return render_template(
        "referrals/show.html", referral=referral, row=row, doc=row.doc, partner=queries.partner_of(row.doc),
        told=told_or_none(referral, row.doc, today),
        buttons=buttons(referral), clock=clock(row, request_time()), days=days(events), state=state_look(row),
        line=[(gettext(label), mark) for label, mark in row.line], ask=asked(row.doc), clock_title=clock_title(row),
        urgency=URGENCY.get(row.doc["urgency"]),
        gate=gate_reasons(referral, row.doc) if row.public is PublicState.DRAFT else [],
        refused=reasons_in_words(referral, row.doc, refused.reasons) if refused else [],
        register=queries.register_number(referral), letters=bool(row.doc.get("documents")),
        outcome=outcome(row), names=staff_names([referral.author_id, referral.approver_id]),
        warnings=[check.text for check in warnings_of(row.doc)], decided=decided(row.doc),
    )  # fmt: skip


def decided(doc: dict[str, Any]) -> dict[str, Any] | None:
    """Who decided on an emergency issue (name and post), what, and when; None when nobody has."""
    decision = (doc.get("emergency") or {}).get("decision")
    if not decision:
        return None
    person = staff_docs([UUID(decision["by"])]).get(UUID(decision["by"]), {})
    at = datetime.fromisoformat(decision["at"])
    return {"what": decision["what"], "who": person.get("name", ""), "post": queries.staff_post(person), "at": at}


def told_or_none(referral: Referral, doc: dict[str, Any], today: date) -> Telling | None:
    """What the letter tells, its names veiled; None, and recorded, when a record it draws from does not open."""
    try:
        found = telling(referral, doc, today, spoken(doc["comments"]))
        return replace(
            found, told=[replace(one, value=veiled(one.group, one.value, referral.case)) for one in found.told]
        )
    except SealBroken as error:
        note_broken_seal(error)
        return None


def state_look(row: ReferralRow) -> tuple[str, str, str]:
    """Kind, icon and words of the public state; a returned draft and an approved letter not yet made say so."""
    if row.state is ReferralState.RETURNED:
        return "warn", "undo", gettext(EVENT_LABELS["return"])
    if row.state is ReferralState.APPROVED:
        return "good", "done", gettext(EVENT_LABELS["approve"])
    kind, sign = LOOKS[row.public]
    return kind, sign, gettext(PUBLIC_LABELS[row.public])


def outcome(row: ReferralRow) -> str:
    """The exact state in words where the public one does not say it all."""
    if row.state is ReferralState.FEEDBACK and row.doc.get("harm"):
        return gettext("Harm was reported. A supervisor closes it.")
    if row.public in (PublicState.ANSWERED, PublicState.DONE):
        return catalogue.load().label("referral_status", str(row.state), language())
    return ""


def buttons(referral: Referral) -> Buttons:
    """The steps of the life cycle that start here and that this person may take."""
    actor = current_actor()
    open_ = [one for one in open_verbs(STEPS, ReferralState(referral.state)) if permits(actor, one.action, referral)]
    verbs = [one.verb for one in open_]
    if (
        "close" in verbs
        and vault.read(referral).get("harm")
        and not permits(actor, Action.Referral.CLOSE_HARM, referral)
    ):
        verbs.remove("close")
    made = [_button(verb, referral.id) for verb in verbs if verb not in (*DECIDING, *RATIFYING)]
    if any(verb in RATIFYING for verb in verbs) and referral.approver_id is None:
        made.insert(
            0, Button("ratify", gettext("Read and ratify"), url_for("referrals.ratify", id=referral.id), "sealed")
        )
    if any(verb in DECIDING for verb in verbs):
        made.insert(
            0, Button("decide", gettext("Read and decide"), url_for("referrals.decide", id=referral.id), "sealed")
        )
    return Buttons(
        _with_main([one for one in made if one.verb not in STOPPING]), [one for one in made if one.verb in STOPPING]
    )


def _with_main(steps: list[Button]) -> list[Button]:
    """One button stands out: the first step onward, or the correction when there is no other."""
    onward = [one for one in steps if one.verb != "edit"] or steps
    return [replace(one, main=one is onward[0]) for one in steps]


def asked(doc: dict[str, Any]) -> list[tuple[str, Any]]:
    """Pairs (label, words) of what is asked and how the letter travels."""
    lists, lang = catalogue.load(), language()
    comma = "، " if lang == "ur" else ", "
    services = comma.join(lists.label("service_type", code, lang) for code in doc["services"])
    return [
        (gettext("Service"), services),
        (gettext("Request"), typed(doc["request"]) if doc["request"] else ""),
        (gettext("Sent by"), lists.label("referral_channel", doc["channel"], lang) if doc["channel"] else ""),
        (
            gettext("Basis"),
            gettext("Consent") if doc["basis"] == "consent" else lists.label("consent_basis", doc["basis"], lang),
        ),
    ]


def clock_title(row: ReferralRow) -> str:
    """What the clock of the present state waits for."""
    if row.public is PublicState.WAITING:
        return gettext("Time to decide")
    return gettext("Time to answer") if row.public is PublicState.SENT else gettext("Time to give the service")


def _button(verb: str, referral_id: UUID) -> Button:
    text = gettext(VERB_LABELS[verb])
    if verb == "edit":
        return Button(verb, text, url_for("referrals.edit", id=referral_id), "edit")
    if verb == "submit":
        return Button(verb, text, url_for("referrals.submit", id=referral_id), "send", post=True)
    return Button(verb, text, url_for(f"referrals.record_{verb}", id=referral_id), ICONS.get(verb, "done"))


def clock(row: ReferralRow, now: datetime) -> Clock | None:
    """The clock of the present state, None where nothing waits."""
    if row.due_at is None or row.public is PublicState.DONE:
        return None
    whole = max(1, int((row.due_at - row.state_since).total_seconds() // 60))
    used = int((now - row.state_since).total_seconds() // 60)
    tone = "late" if row.due_at < now else "soon" if used * 4 > whole * 3 else ""
    return Clock(row.due_at, max(0, used), whole, tone)


def gate_reasons(referral: Referral, doc: dict[str, Any]) -> list[Reason]:
    """What the consent gate says now about a draft."""
    gate = queries.gate_of(referral.case_id, doc, today=today_of(referral.organisation_id))
    return reasons_in_words(referral, doc, gate.reasons)


def reasons_in_words(referral: Referral, doc: dict[str, Any], given: Sequence[Message]) -> list[Reason]:
    """Reasons with the page on which each is mended: the consent register, or the form."""
    # What a gate asked with every tick set still says can only be mended by the person's answer.
    ticked = {**doc, "own_ticks": doc["groups"]}
    needs_person = queries.gate_of(referral.case_id, ticked, today=today_of(referral.organisation_id)).reasons
    actor, mend, ask = current_actor(), Reason(""), Reason("")
    if permits(actor, Action.Referral.DRAFT, referral):
        url = url_for("referrals.edit", id=referral.id)
        mend = Reason("", url, gettext("Correct the referral"))
    if permits(actor, Action.Consent.RECORD, referral.case):
        url = consent_link(referral.case_id, doc["partner_id"], doc["recipient_class"])
        ask = Reason("", url, gettext("Record the person's answer"))
    by_consent = needs_person if doc["basis"] == "consent" else []
    return [replace(ask if one in by_consent else mend, text=gettext(one[0], **one[1])) for one in given]


def warnings_of(doc: dict[str, Any]) -> list[queries.Check]:
    """What was to be looked at when it was submitted."""
    return [queries.Check(code, "look") for code in doc.get("warnings", ())]
