"""Referrals for tests, made through the services and brought to any state. Everything in them is fictional."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from caseflow.cases.queries import data_of
from caseflow.consent.services import record_consent
from caseflow.consent.states import scope_for
from caseflow.core.db import writing
from caseflow.partners.services import create_partner
from caseflow.referrals import queries, services
from caseflow.referrals.letters import choices_for
from tests.cases import factories as cases

START = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)
LATER = START + timedelta(minutes=30)
_LATER = count()  # of two answers one is later, as in life: the latest word counts
ISSUED = START + timedelta(hours=1)
ANSWERED = ISSUED + timedelta(hours=1)

PERSON = {
    "gender": "feminine", "age_at_contact": 24, "age_band": "24_26", "majority_status": "adult",
    "education": "primary", "primary_language": "ps", "secondary_language": "ur", "interpreter_needed": "yes",
    "preferred_staff_gender": "woman", "disability_and_access_needs": "Canary ramp", "citizenship": ["AF"],
    "stateless": "yes", "migration_status": "stranded", "marital_status": "widowed", "children_count": 3,
    "dependants_with_person": 2, "dependants_ages": "Canary four and six", "hopes": "Canary hope",
    "support_already_given": "Canary blanket",
}  # fmt: skip
IDENTITY = {
    "first_name": "Canaryfirst", "other_names": "Canaryother", "name_urdu": "فرضی نام",
    "father_or_husband_name": "Canaryfather", "alias": "Canaryalias", "birthdate": "2002-05-06",
    "id_document_type": ["cnic"], "cnic": "35202-1234567-8", "passport_number": "AB1234567",
    "other_document_number": "CANARYDOC9876", "phone_mobile": "+923001234567", "email": "canary@mail.example",
    "address": "Canary street 7",
}  # fmt: skip
SAFETY = {
    "safe_contact_way": ["call", "trusted_person"], "safe_phone": "+923219876543", "trusted_person": "Canary aunt",
    "safe_contact_hours": "Canary hours", "phone_shared_with": "Canary cousin", "never_leave_message": True,
    "cover_story": "Canary cover", "code_word": "Canaryword", "do_not_inform_persons": "Canary uncle",
    "immediate_safety_alert": "Canary alert",
    "place_of_danger": "Canary bridge", "medical_needs": "Canary medicine", "mental_health_needs": "Canary sleep",
}  # fmt: skip
ORG_TYPES = {"L1_law": "law_enforcement", "L4_health": "health", "L5_consular": "embassy"}


def filled_case(people, *, key="worker", person=None, identity=None, safety=None, **screening) -> UUID:
    """A case with every record filled, opened by `key`."""
    case_id = cases.opened(people, key, now=START - timedelta(days=1), **screening)
    for kind, data in (("person", person or PERSON), ("identity", identity or IDENTITY), ("safety", safety or SAFETY)):
        cases.saved(people, case_id, kind, data, key=key, now=START - timedelta(hours=5))
    risk = {"risk_level": "high", "next_review_date": "2026-11-20"}
    cases.saved(people, case_id, "assessment", risk, key=key, now=START - timedelta(hours=5))
    return case_id


def partner(people, recipient_class="L4_legal", **changed) -> UUID:
    """A partner of a class, by id; with an agreement in force."""
    data = {
        "name_en": f"Fictional partner {recipient_class}", "name_ur": "فرضی ادارہ",
        "organisation_type": ORG_TYPES.get(recipient_class, "ngo"), "recipient_class": recipient_class,
        "services": ["legal", "health"], "channels": ["sealed_paper"], "post_en": "The manager on duty",
        "agreement_since": "2026-01-01", "agreement_until": "2027-12-31", **changed,
    }  # fmt: skip
    with writing():
        return create_partner(actor=people.actor("supervisor"), data=data, now=START - timedelta(days=2)).id


def groups_for(recipient_class):
    """(every group that may be chosen for a class, those of cell C)."""
    found = choices_for(recipient_class)
    return [group for group, _cell, _first in found], [group for group, cell, _first in found if cell == "C"]


def consent(
    people,
    case_id,
    partner_id,
    recipient_class="L4_legal",
    *,
    groups=None,
    own=None,
    taker="worker",
    now=None,
    **changed,
):
    """A consent of the person for a partner; by default for everything the class may ever get. Its id."""
    everything, ticks = groups_for(recipient_class)
    data = {
        "scope": scope_for(recipient_class), "recipient_id": str(partner_id), "status": "given", "basis": "informed",
        "method": "signature", "language": "ps", "private": "yes", "free_to_leave": "yes", "setting": ["alone"],
        "given_on": "2026-11-16", "groups": everything if groups is None else groups,
        "own_ticks": ticks if own is None else own, "purpose": "referral", **changed,
    }  # fmt: skip
    with writing():
        return record_consent(
            actor=people.actor(taker), consent_id=uuid4(), case_id=case_id, data=data,
            now=now or START - timedelta(hours=2) + timedelta(milliseconds=next(_LATER)),
        ).id  # fmt: skip


def data_for(partner_id, recipient_class="L4_legal", **changed):
    """A complete referral form; by default everything that the class may ever get is chosen and ticked."""
    everything, ticks = groups_for(recipient_class)
    data = {
        "partner_id": str(partner_id), "services": ["legal"], "urgency": "urgent", "reason": "mandate",
        "request": "A first talk with a lawyer this week.", "appointment": "", "escort": "", "channel": "sealed_paper",
        "groups": everything, "own_ticks": ticks, "why": dict.fromkeys(ticks, "The lawyer needs it."),
        "basis": "consent", "basis_reason": "", "language": "en",
    }  # fmt: skip
    return {**data, **changed}


class Referrals:
    """Brings a referral of one case to any state, with the usual people."""

    def __init__(
        self, people, recipient_class="L4_legal", *, case_id=None, taker="worker", consented=True, **partner_doc
    ):
        self.people, self.recipient_class = people, recipient_class
        self.case_id = case_id or filled_case(people)
        self.partner_id = partner(people, recipient_class, **partner_doc)
        self.consent_id = None
        if consented:
            self.consent_id = consent(people, self.case_id, self.partner_id, recipient_class, taker=taker)

    def data(self, **changed):
        """The form of a referral to the partner."""
        return {**data_for(self.partner_id, self.recipient_class), **changed}

    def drafted(self, key="worker", *, referral_id=None, now=START, **changed) -> UUID:
        """A draft, by id."""
        with writing():
            return services.draft_referral(
                actor=self.people.actor(key), referral_id=referral_id or uuid4(), case_id=self.case_id,
                data=self.data(**changed), now=now,
            ).id  # fmt: skip

    def submitted(self, key="worker", **changed) -> UUID:
        """A referral that waits for approval."""
        made = self.drafted(key, **changed)
        with writing():
            services.submit(actor=self.people.actor(key), referral_id=made, now=START)
        return made

    def approve(self, referral_id, key="supervisor", *, now=LATER):
        """Approve what stands."""
        stored = queries.get_referral(referral_id)
        digest, rv = queries.snapshot_digest(stored), stored.rv
        with writing():
            services.approve(
                actor=self.people.actor(key), referral_id=referral_id, snapshot_digest=digest, rv=rv, now=now
            )

    def approved(self, **changed) -> UUID:
        """An approved referral, its job waiting."""
        made = self.submitted(**changed)
        self.approve(made)
        return made

    def issue(self, referral_id, *, now=ISSUED):
        """What the job does, with bytes in the place of a pressed letter."""
        with writing():
            ticket = services.prepare(referral_id=referral_id, now=now)
        if ticket is None:
            return None
        with writing():
            return services.issue(ticket=ticket, copies=fake_copies(), now=now)

    def issued(self, **changed) -> UUID:
        """An issued referral."""
        made = self.approved(**changed)
        self.issue(made)
        return made

    def record(self, referral_id, verb, key="worker", *, now=ANSWERED, **changed):
        """Record a verb."""
        with writing():
            services.record_answer(
                actor=self.people.actor(key), referral_id=referral_id, verb=verb,
                data=answer(happened_at=now, **changed), now=now,
            )  # fmt: skip

    def at(self, state) -> UUID:
        """A referral in any state that the trunk can reach."""
        line = ("acknowledge", "accept", "start_service", "deliver", "feedback", "close")
        states = ("acknowledged", "accepted", "in_service", "service_delivered", "feedback_received", "closed")
        match state:
            case "draft":
                return self.drafted()
            case "pending_approval":
                return self.submitted()
            case "approved":
                return self.approved()
            case "issued":
                return self.issued()
            case "returned" | "declined_internal":
                return self._decided(state)
            case "withdrawn" | "cancelled":
                made = self.drafted()
                self.record(made, "withdraw" if state == "withdrawn" else "cancel")
                return made
            case "refused":
                made = self.at("acknowledged")
                self.record(made, "refuse")
                return made
        made = self.issued()
        for verb in line[: states.index(state) + 1]:
            self.record(made, verb)
        return made

    def _decided(self, state):
        made = self.submitted()
        rv = queries.get_referral(made).rv
        actor = self.people.actor("supervisor")
        with writing():
            if state == "returned":
                services.return_(actor=actor, referral_id=made, rv=rv, comments={"": "Shorter, please."}, now=LATER)
            else:
                services.decline(actor=actor, referral_id=made, rv=rv, reason="Not the right partner.", now=LATER)
        return made


def answer(**changed):
    """Answers that satisfy every verb."""
    return {
        "happened_at": ANSWERED, "by_name": "Fictional Clerk", "by_post": "Manager on duty", "how": "phone",
        "reason": "capacity", "text": "A fictional remark.", "reached": "yes", "satisfied": "yes", "harm": "no",
        "told": "yes", "date": "", "other_needs": "", **changed,
    }  # fmt: skip


def fake_copies():
    """Bytes in the place of pressed letters."""
    return {"recipient": b"%PDF recipient", "person": b"%PDF person", "file": b"%PDF file"}


def records_of(case_id):
    """Every opened record of a case."""
    return {kind: data_of(case_id, kind) for kind in ("person", "screening", "identity", "safety")}
