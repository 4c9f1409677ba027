"""One case with everything in it, an audit over it, and ids for every kind of address. All fictional."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from caseflow.accounts.models import Staff, StaffMembership
from caseflow.accounts.queries import get_staff
from caseflow.accounts.services import deputies, invitations, requests
from caseflow.accounts.services.sessions import start_session
from caseflow.cases import services as casework
from caseflow.cases.models import Draft
from caseflow.cases.queries import get_case
from caseflow.core.db import session, writing
from caseflow.core.policy import Role
from tests.accounts.test_duty import planned
from tests.audit import factories as audits
from tests.cases.groups import table
from tests.referrals.emergency import making as emergency
from tests.referrals.factories import ANSWERED, START, Referrals, filled_case
from tests.tasks import factories as tasks

NOW = audits.RUNNING + timedelta(hours=1)  # the clock of these tests stands here
NOTE = {"subject": "First note", "text": "Fictional words.", "happened_at": "2026-11-16"}
INVITED = {
    "name": "Test Newcomer", "sign_in": "newcomer", "post_en": "Caseworker", "post_ur": "", "phone": "", "email": "",
    "language": "en",
}  # fmt: skip


def build(app, people):
    """Make it; returns {name: id or token as text}."""
    made = Referrals(people, case_id=filled_case(people, case_type="tip_som"))  # every kind of record is asked
    ids = {"case": made.case_id, "partner": made.partner_id, "consent": made.consent_id}
    for state in ("draft", "pending_approval", "issued", "in_service"):
        ids[f"referral_{state}"] = made.at(state)
    ids["referral_emergency"] = emergency.issued(people, case_id=made.case_id, now=NOW - timedelta(hours=2))
    ids["duty"] = planned(people, start=NOW, end=NOW + timedelta(days=30), now=START)
    worker = people.actor("worker", now=NOW)
    with writing():
        casework.add_note(actor=worker, case_id=made.case_id, record_id=uuid4(), data=NOTE, now=START)
    ids["task"] = tasks.added(people, made.case_id)
    ids["draft"], ids["group"] = _draft(worker, made.case_id), _group(worker)
    ids |= _audits(app, people, made.case_id)
    ids |= _staff(people)
    ids["number"] = get_case(made.case_id).number
    return {name: str(one) for name, one in ids.items()}


def _draft(worker, case_id):
    fields = {"subject": ["Half a note"], "text": ["Half a text."]}
    with writing():
        casework.keep_draft(
            actor=worker, case_id=case_id, kind="note", record_id=uuid4(), base_rv=0, section="", fields=fields,
            now=ANSWERED,
        )  # fmt: skip
    return session().scalars(select(Draft.id)).one()


def _group(worker):
    """A list with a line that is right and one that is not; the case of the first is not made yet."""
    group_id = casework.reserve(uuid4(), now=ANSWERED)
    with writing():
        casework.keep_common(
            actor=worker, group_id=group_id, fields={"contact_date": ["2026-11-16"]}, answers={}, now=ANSWERED
        )
    with writing():
        rows = casework.read_table(table(1, wrong=1)).rows
        casework.add_lines(actor=worker, group_id=group_id, rows=rows, paste_id=uuid4(), now=ANSWERED)
    return group_id


def _audits(app, people, case_id):
    running = audits.running(people, [case_id])
    found = {"audit": running, "audit_asked": audits.ask(people, [case_id])}
    found["file"] = audits.ask_file(people, running, case_id)
    found["audit_sampled"] = audits.sampled(people)
    found["paper"] = audits.ask_trail(people, running)
    app.extensions["caseflow"].outbox.run_due(clock=lambda: NOW)
    return found


def _session(people):
    """A session of a colleague that ended long ago: nobody's own, and no browser of these tests."""
    with writing():
        staff = session().get_one(Staff, people.staff["colleague"])
        return start_session(staff=staff, level="full", now=START, device={"browser": "Firefox"})[1].id


def _deputy(people):
    """Somebody stood in for the second supervisor, before these tests began: it gives nobody anything now."""
    with writing():
        return deputies.name_deputy(
            actor=people.actor("second_supervisor", now=START), record_id=uuid4(), role=Role.SUPERVISOR,
            deputy_id=people.staff["colleague"], first=START.date(), last=START.date(), now=START,
        ).id  # fmt: skip


def _staff(people):
    colleague, admin = people.staff["colleague"], people.actor("admin", now=NOW)
    with writing():
        invited, token = invitations.invite(
            actor=admin, staff_id=uuid4(), doc=INVITED, organisation_id=people.organisations["ours"],
            team_id=people.teams["south"], role=Role.CASEWORKER, now=NOW,
        )  # fmt: skip
        invited_id = invited.id
    with writing():
        wanted = requests.ask_role(
            actor=admin, staff=get_staff(people.staff["other_team"]), team_id=people.teams["south"], now=NOW,
            organisation_id=people.organisations["ours"], role=Role.SUPERVISOR,
        ).id  # fmt: skip
        lost = requests.ask_factor(actor=admin, staff_id=people.staff["second_supervisor"], now=NOW).id
    with writing():
        link = requests.approve(actor=people.actor("protection", now=NOW), request_id=lost, now=NOW)
        word_link = requests.ask_password(actor=admin, staff_id=people.staff["other_team"], now=NOW)
    membership = select(StaffMembership.id).where(StaffMembership.staff_id == colleague)
    return {
        "staff": colleague, "membership": session().scalars(membership).one(), "token": token,
        "invited": invited_id, "session": _session(people), "request": wanted, "link": link,
        "word_link": word_link,
        "deputy": _deputy(people),
        "organisation": people.organisations["ours"], "team": people.teams["north"],
    }  # fmt: skip
