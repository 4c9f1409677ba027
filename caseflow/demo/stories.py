"""Tell one fictional case: screening, records, notes, consents and referrals, each at its own moment."""

from collections.abc import Generator, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from caseflow.cases import queries as cases
from caseflow.cases import services as casework
from caseflow.consent import services as consents
from caseflow.consent.queries import cells as matrix_of
from caseflow.consent.queries import get_consent
from caseflow.consent.states import scope_for
from caseflow.core.catalogue import load
from caseflow.core.catalogue.disclosure import DEFAULT
from caseflow.core.db import new_id, writing
from caseflow.core.outbox import Outbox
from caseflow.core.policy import Actor
from caseflow.partners import queries as partners
from caseflow.referrals import queries as referrals
from caseflow.referrals import services as referring
from caseflow.referrals.letters import choices_for

# What a screening says where the data file says nothing else.
PLAIN = {
    "persons_present": ["alone"], "private": "yes", "free_to_leave": "yes", "majority_status": "adult",
    "consent_talk": True, "consent_record": True, "interpreter_needed": "no", "outcome": "intake",
}  # fmt: skip
ANSWERS = {
    "acknowledge": {"by_post": "Duty officer", "how": "phone"},
    "accept": {"by_post": "Duty officer", "how": "phone"},
    "refuse": {"by_post": "Duty officer", "how": "phone", "reason": "capacity"},
    "start_service": {"by_post": "Duty officer", "how": "phone"},
    "deliver": {"by_post": "Duty officer", "how": "phone"},
    "feedback": {"how": "phone", "reached": "yes", "satisfied": "yes", "harm": "no"},
    "close": {},
    "no_show": {"by_post": "Duty officer", "how": "phone"},
    "harm": {"how": "phone", "reached": "yes", "satisfied": "no", "harm": "yes",
             "text": "Somebody at the partner told a neighbour. Looked into with the partner."},
    "withdraw": {"by_post": "Duty officer", "how": "phone", "told": "yes", "text": "The person decided otherwise."},
    "cancel": {"text": "The person will ask again later."},
}  # fmt: skip
# The verbs that lead from an approved letter to each state a story may end in.
LINES: dict[str, tuple[str, ...]] = {
    "issued": (),
    "acknowledged": ("acknowledge",),
    "accepted": ("acknowledge", "accept"),
    "refused": ("acknowledge", "refuse"),
    "no_show": ("acknowledge", "accept", "no_show"),
    "withdrawn": ("acknowledge", "withdraw"),
    "in_service": ("acknowledge", "accept", "start_service"),
    "service_delivered": ("acknowledge", "accept", "start_service", "deliver"),
    "harm": ("acknowledge", "accept", "start_service", "deliver", "harm"),
    "closed": ("acknowledge", "accept", "start_service", "deliver", "feedback", "close"),
}
VERBS = {"harm": "feedback"}  # what was done, where the data file says how it ended
BEST_INTERESTS = "The parents cannot be asked safely now; the child understood and agreed (fictional)."
PACE = 0.18  # the part of the time left that lies between two steps
PRESSED = timedelta(seconds=20)  # what the worker takes from an approval to its letter
SUPERVISORS = ("imran", "farzana", "hameed", "rabia")


class Ids(Protocol):
    """What the storyteller needs of what was made before."""

    teams: dict[str, UUID]
    partners: dict[str, UUID]

    def actor(self, sign_in: str, now: datetime) -> Actor: ...


Moments = Generator[datetime, None, None]


class Storyteller:
    """Makes one case at a time through the services. `now` ends every story, `supervisors` decide on its referrals."""

    def __init__(self, *, made: Ids, outbox: Outbox, now: datetime, supervisors: tuple[str, ...] = SUPERVISORS) -> None:
        self.made, self.outbox, self.now, self.supervisors = made, outbox, now, supervisors

    def tell(self, story: dict[str, Any]) -> UUID:
        """Make one case of the data file; returns its id."""
        steps = self.steps(story)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return UUID(str(end.value))

    def steps(self, story: dict[str, Any]) -> Generator[datetime, None, UUID]:
        """The same step by step: gives the moment of the next step and waits; ends with the id of the case.

        So several stories can be told at once, and what they share, such as letter numbers, follows the calendar.
        """
        self.clock = self._moments(story["days"])
        self.who = story["who"]
        case_id = yield from self._open(story)
        if "again" in story:
            yield from self._save(case_id, "screening", {**PLAIN, **story["screening"], **story["again"]})
        for kind in (*cases.ONE_EACH, "assessment"):
            if kind in story:
                yield from self._save(case_id, kind, story[kind])
        for note in story.get("note", ()):
            yield from self._note(case_id, note)
        yield from self._move(case_id, story["state"])
        for asked in story.get("referral", ()):
            child = story["screening"].get("majority_status") in ("minor", "unknown")
            yield from self._refer(case_id, asked, child=child)
        for said in story.get("consent", ()):
            yield from self._say(case_id, said, child=cases.is_child(case_id))
        if not story.get("late"):
            yield from self._look_again(case_id)
        return case_id

    def _next(self) -> Generator[datetime, None, datetime]:
        at = next(self.clock)
        yield at
        return at

    def _note(self, case_id: UUID, note: dict[str, Any]) -> Moments:
        at = yield from self._next()
        data = {"happened_at": at.date().isoformat(), **note}
        with writing():
            casework.add_note(actor=self._actor(at), case_id=case_id, record_id=new_id(), data=data, now=at)

    def _moments(self, days: int) -> Iterator[datetime]:
        """Moments from the first contact on, ever closer to now, so that what is open has a clock still running."""
        at = self.now - timedelta(days=days)
        while True:
            yield at
            at += max((self.now - at) * PACE, timedelta(milliseconds=1))

    def _actor(self, at: datetime) -> Actor:
        return self.made.actor(self.who, at)

    def _open(self, story: dict[str, Any]) -> Generator[datetime, None, UUID]:
        at = yield from self._next()
        data = {**PLAIN, "contact_date": at.date().isoformat(), **story["screening"]}
        actor = self._actor(at)
        case_id = casework.reserve(new_id(), now=at)
        with writing():
            team_id = next(iter(actor.memberships)).team_id
            if team_id is None:
                raise LookupError(self.who)
            casework.open_case(actor=actor, case_id=case_id, team_id=team_id, data=data, now=at)
        return case_id

    def _save(self, case_id: UUID, kind: str, answers: dict[str, Any]) -> Moments:
        at = yield from self._next()
        known = cases.record_of(case_id, kind) if kind in cases.ONE_EACH else None
        data = {**(cases.data_of(case_id, kind) if known else {}), **_with_ids(answers)}
        if kind == "screening":
            data["contact_date"] = at.date().isoformat()
        if kind == "assessment":
            data = {**_days(at.date(), data["risk_level"]), **data}
        with writing():
            casework.save_record(
                actor=self._actor(at), case_id=case_id, kind=kind, record_id=known.id if known else new_id(),
                data=data, rv=known.rv if known else 0, now=at,
            )  # fmt: skip

    def _look_again(self, case_id: UUID) -> Moments:
        """A review is written when the last one is over, as in an office that keeps its days."""
        due = cases.get_case(case_id).due_on
        if due is not None and due <= self.now.date():
            former = cases.data_of(case_id, "assessment")
            kept = {code: value for code, value in former.items() if code not in ("assessed_on", "next_review_date")}
            yield from self._save(case_id, "assessment", kept)

    def _move(self, case_id: UUID, state: str) -> Moments:
        if state == "screening":
            return
        child = cases.is_child(case_id)
        services = {"scope": "services", "purpose": "Case management", "status": "given", "method": "verbal_witness"}
        yield from self._consent(case_id, services, child=child)
        if child:  # the tick of a child at screening is no assent with a best-interests note
            record = {"scope": "record", "purpose": "A record", "status": "given", "method": "verbal_witness"}
            yield from self._consent(case_id, record, child=True)
        for verb in ("begin_intake", "begin_assessment")[: 1 + (state == "assessment")]:
            at = yield from self._next()
            with writing():
                casework.move_case(actor=self._actor(at), case_id=case_id, verb=verb, now=at)

    def _consent(self, case_id: UUID, data: dict[str, Any], *, child: bool) -> Generator[datetime, None, UUID]:
        at, consent_id = (yield from self._next()), new_id()
        full = {
            "basis": "assent_bia" if child else "informed", "assent": child, "language": "ur",
            "private": "yes", "free_to_leave": "yes", "setting": ["alone"], "given_on": at.date().isoformat(),
            "told": dict.fromkeys(("purpose", "uses", "storage", "see", "withdraw"), True),
            "witness": "A colleague of the office", **({"reason": BEST_INTERESTS} if child else {}), **data,
        }  # fmt: skip
        with writing():
            consents.record_consent(actor=self._actor(at), consent_id=consent_id, case_id=case_id, data=full, now=at)
        return consent_id

    def _say(self, case_id: UUID, said: dict[str, Any], *, child: bool) -> Moments:
        """A consent of the story; one that is `withdrawn` is taken back later."""
        asked = {code: value for code, value in said.items() if code != "withdrawn"}
        consent_id = yield from self._consent(case_id, asked, child=child)
        if said.get("withdrawn"):
            at = yield from self._next()
            data = {"withdrawn_on": at.date().isoformat(), "withdrawn_how": "phone", "withdrawn_by": "person"}
            with writing():
                consents.withdraw_consent(
                    actor=self._actor(at), case_id=case_id, consent_id=consent_id, data=data,
                    rv=get_consent(consent_id, case_id=case_id).rv, now=at,
                )  # fmt: skip

    def _refer(self, case_id: UUID, asked: dict[str, Any], *, child: bool) -> Moments:
        """Write a referral, with the consent for it, and take it as far as its story goes."""
        partner = partners.view_of(partners.get_partner(self.made.partners[asked["partner"]]))
        cells = matrix_of(case_id, partner.recipient_class)
        first = [group for group, _cell, ticked in choices_for(partner.recipient_class) if ticked]
        groups = [group for group in first if cells[group] == DEFAULT]
        until, referral_id = asked["until"], new_id()
        if until not in ("draft", "cancelled"):
            sharing = {
                "scope": scope_for(partner.recipient_class), "recipient_id": str(partner.id), "groups": groups,
                "purpose": asked["request"][:200], "status": "given", "method": "verbal_witness",
            }  # fmt: skip
            yield from self._consent(case_id, sharing, child=child)
        data = {
            "partner_id": str(partner.id), "services": asked["services"], "urgency": asked["urgency"],
            "reason": "additional_services", "request": asked["request"], "escort": asked.get("escort", ""),
            "channel": partner.doc["channels"][0], "groups": groups, "own_ticks": [], "why": {}, "basis": "consent",
        }  # fmt: skip
        at = yield from self._next()
        with writing():
            referring.draft_referral(actor=self._actor(at), referral_id=referral_id, case_id=case_id, data=data, now=at)
        yield from self._follow(referral_id, until)

    def _follow(self, referral_id: UUID, until: str) -> Moments:
        if until == "draft":
            return
        if until == "cancelled":
            yield from self._answer(referral_id, "cancel")
            return
        at = yield from self._next()
        with writing():
            rv = referrals.get_referral(referral_id).rv
            referring.submit(actor=self._actor(at), referral_id=referral_id, rv=rv, now=at)
        if until == "pending_approval":
            return
        yield from self._decide(referral_id, until)
        for verb in LINES.get(until, ()):
            yield from self._answer(referral_id, verb)

    def _decide(self, referral_id: UUID, until: str) -> Moments:
        at = yield from self._next()
        office, others = self._actor(at).organisation_id, [one for one in self.supervisors if one != self.who]
        actor = next(one for one in (self.made.actor(other, at) for other in others) if one.organisation_id == office)
        referral = referrals.get_referral(referral_id)
        rv, digest = referral.rv, referrals.snapshot_of(referral).digest.hex()
        with writing():
            if until == "returned":
                words = {"": "Please say whether she knows that the appointment is in another town."}
                referring.return_(actor=actor, referral_id=referral_id, rv=rv, comments=words, now=at)
            elif until == "declined_internal":
                reason = "Another office can give the same with less data."
                referring.decline(actor=actor, referral_id=referral_id, rv=rv, reason=reason, now=at)
            else:
                referring.approve(actor=actor, referral_id=referral_id, snapshot_digest=digest, rv=rv, now=at)
        self.outbox.run_due(clock=lambda: at + PRESSED)

    def _answer(self, referral_id: UUID, verb: str) -> Moments:
        at = yield from self._next()
        data = {**ANSWERS[verb], "happened_at": at}
        if verb == "accept":
            data["date"] = (at + timedelta(days=2)).date().isoformat()
        with writing():
            referring.record_answer(
                actor=self._actor(at), referral_id=referral_id, verb=VERBS.get(verb, verb), data=data, now=at
            )


def _days(day: date, level: str) -> dict[str, str]:
    """The day of an assessment, and the last one on which its risk level lets one look again."""
    last = day + timedelta(days=int(load().list("risk_level").row(level).extra["review_within_days"]))
    return {"assessed_on": day.isoformat(), "next_review_date": last.isoformat()}


def _with_ids(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers of the data file, the items of its repeats each with an id."""
    return {code: _items(value) if _is_repeat(value) else value for code, value in answers.items()}


def _is_repeat(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _items(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"{number:012x}", **item} for number, item in enumerate(items, 1)]
