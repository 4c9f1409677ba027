"""What the tests of the homes need: cases, referrals and audits in certain states, and broken seals."""

from datetime import timedelta

from sqlalchemy import select, update

from caseflow.audit import services as audits
from caseflow.cases.models import Case
from caseflow.core import vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.trail.models import TrailEntry
from caseflow.partners.queries import get_partner
from caseflow.partners.services import update_partner
from tests.cases import factories as cases
from tests.referrals.factories import LATER, PERSON, START

DAY = timedelta(days=1)


def spoil(office, *models):
    """Break the seal of every record of these tables."""
    with office.inside():
        for model in models:
            session().execute(update(model).values(sealed=b"spoilt"))
        session().commit()


def broken_seals(office):
    """How many broken seals were recorded."""
    with office.inside():
        found = session().scalars(select(TrailEntry.tag).where(TrailEntry.tag == "vault:seal:broken"))
        return len(found.all())


def case_with(office, *, key="worker", due=None, child=False, risk=None):
    """A case of a team, its review due `due` days from today (None: no review); by id."""
    with office.inside():
        team = "south" if key == "other_team" else "north"
        found = cases.opened(office.people, key, team=team, now=START - 40 * DAY, contact_date="2026-10-01")
        if risk:
            looked = {"assessed_on": "2026-10-10", "risk_level": risk}
            cases.saved(office.people, found, "assessment", looked, key=key, now=START - 38 * DAY)
        if child:
            cases.saved(office.people, found, "person", {**PERSON, **CHILD}, key=key, now=START - 39 * DAY)
        with writing():
            case = session().get_one(Case, found)
            case.due_on = START.date() + due * DAY if due is not None else None
        return found


CHILD = {"majority_status": "minor", "age_at_contact": 15, "age_band": "9_17"}


def code_of(office, case_id):
    """The code name of a case."""
    with office.inside():
        return vault.read(session().get_one(Case, case_id))["code_en"]


def sent_again(office, made, **changed):
    """A referral that was returned, corrected and sent a second time."""
    referral_id = office.at(made, "returned")
    worker = office.as_("worker")
    worker.get(f"/referrals/{referral_id}/edit")
    worker.submit({"request": "Canary other words.", **changed}, has="request")
    worker.get(f"/referrals/{referral_id}")
    worker.submit(action="/submit")
    return referral_id


def later(office, days):
    """Another day: the sessions of today are over."""
    office.now = START + days * DAY
    office.browsers.clear()


def reclassed(people, partner_id):
    """Change what kind of recipient a partner is."""
    stored = get_partner(partner_id)
    doc = {**vault.read(stored), "recipient_class": "L4_health", "organisation_type": "health"}
    with writing():
        update_partner(actor=people.actor("supervisor"), partner_id=partner_id, data=doc, rv=stored.rv, now=LATER)


def asked(office, case_id, days=14):
    """An audit of one case that waits for approval; by id."""
    with office.inside():
        number, audit_id = session().get_one(Case, case_id).number, new_id()
        with writing():
            audits.ask_audit(
                actor=office.people.actor("auditor"), audit_id=audit_id, numbers=[number], purpose="Canary purpose",
                scope="Everything", ends_on=START.date() + days * DAY, today=START.date(), now=START,
            )  # fmt: skip
    return audit_id


def running(office, case_id, days):
    """The same, approved."""
    audit_id = asked(office, case_id, days)
    with office.inside(), writing():
        audits.approve_audit(
            actor=office.people.actor("protection"), audit_id=audit_id, zone="Asia/Karachi", today=START.date(),
            now=START,
        )  # fmt: skip
    return audit_id
