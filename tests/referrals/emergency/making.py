"""Emergency issues for tests: a fictional woman with two children, at two in the morning."""

from uuid import UUID, uuid4

from caseflow.cases import services as casework
from caseflow.core.db import writing
from caseflow.referrals import queries, services
from tests.referrals.factories import START, partner

WHO = {
    "majority_status": "adult", "gender": "feminine", "primary_language": "ps", "interpreter_needed": "yes",
    "dependants_with_person": 2, "dependants_ages": "4 and 7", "safe_contact_way": ["call"],
    "safe_phone": "+923219876543",
}  # fmt: skip
NEED = {
    "services": ["safe_shelter"], "reason": "no_safe_place", "request": "A room for tonight for three.",
    "ground": "vital_interest", "private": "", "language": "en",
}  # fmt: skip


def shelter(people, **changed) -> UUID:
    """A shelter that can be told."""
    data = {
        "organisation_type": "shelter", "services": ["safe_shelter"], "serves": ["women", "girls"],
        "phone": "+924200000001", "open_24h": True, **changed,
    }  # fmt: skip
    return partner(people, "L4_shelter", **data)


def issued(people, *, key="worker", now=START, referral_id=None, case_id=None, partner_id=None, **changed) -> UUID:
    """An emergency issue, by id; without `case_id` of a new person."""
    data = {**NEED, **({} if case_id else WHO), "partner_id": str(partner_id or shelter(people)), **changed}
    reserved = case_id or casework.reserve(uuid4(), now=now)
    with writing():
        return services.issue_emergency(
            actor=people.actor(key, now=now), referral_id=referral_id or uuid4(), case_id=reserved,
            team_id=people.teams["north"], data=data, now=now,
        ).id  # fmt: skip


def decide(people, referral_id, what, key="supervisor", *, now, text="Fictional reason.", suspend=False):
    """Ratify or recall what stands."""
    digest = queries.snapshot_digest(queries.get_referral(referral_id))
    actor = people.actor(key, now=now)
    with writing():
        if what == "ratify":
            services.ratify(actor=actor, referral_id=referral_id, snapshot_digest=digest, text=text, now=now)
        else:
            services.recall(
                actor=actor, referral_id=referral_id, snapshot_digest=digest, text=text, suspend=suspend, now=now
            )
