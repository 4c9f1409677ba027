"""Who may open a case to an auditor, for how long, and what closes it again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from caseflow.audit import queries, services
from caseflow.audit.models import AuditFile
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import Invalid, NotAllowed, NotFound, Refused, TooLate
from caseflow.core.outbox import Job
from caseflow.core.policy.models import AccessGrant
from caseflow.core.trail.verify import verify
from tests.audit import factories as audits
from tests.audit.factories import ASKED, LAST_DAY, OVER, RUNNING, ZONE
from tests.cases.factories import opened

pytestmark = pytest.mark.both_databases


@pytest.fixture
def case_id(app, people):
    return opened(people)


def open_file(people, audit_id, file_id, *, key="auditor", now=RUNNING):
    with writing():
        return services.open_file(actor=people.actor(key, now=now), audit_id=audit_id, file_id=file_id, now=now)


def test_an_auditor_asks_and_nothing_is_open_yet(people, case_id):
    audit_id = audits.ask(people, [case_id])
    view = queries.view_of(queries.get_audit(audit_id), today=ASKED.date())
    assert (view.state, view.case_ids) == ("asked", [case_id])
    assert not people.actor("auditor", now=RUNNING).grants
    with pytest.raises(Refused):
        audits.ask_file(people, audit_id, case_id)


def test_the_same_question_twice_is_one_audit(people, case_id):
    audit_id = audits.ask(people, [case_id])
    assert audits.ask(people, [case_id], audit_id=audit_id) == audit_id
    assert len(queries.list_audits(people.actor("auditor"), today=ASKED.date())) == 1
    with pytest.raises(NotFound):
        audits.ask(people, [case_id], audit_id=audit_id, key="stranger_auditor")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"purpose": "x" * 201}, "purpose"),
        ({"purpose": "a\x00b"}, "purpose"),
        ({"purpose": "two\nlines"}, "purpose"),
        ({"scope": "\ud800"}, "scope"),
        ({"numbers": []}, "case_numbers"),
        ({"numbers": ["CF-0000-0000"]}, "case_numbers"),
        ({"numbers": ["'; drop table audit; --"]}, "case_numbers"),
        ({"numbers": [f"CF-{n:04}-0000" for n in range(51)]}, "case_numbers"),
        ({"ends_on": ASKED.date() - timedelta(days=1)}, "ends_on"),
        ({"ends_on": ASKED.date() + timedelta(days=91)}, "ends_on"),
    ],
)
def test_an_ill_formed_question_is_refused_beside_its_field(people, case_id, changed, field):
    with pytest.raises(Invalid) as problem:
        audits.ask(people, [case_id], **changed)
    assert set(problem.value.problems) == {field}
    assert queries.list_audits(people.actor("auditor"), today=ASKED.date()) == []


def test_a_case_of_another_organisation_is_as_unknown_as_none(people, case_id):
    theirs = opened(people, "stranger", team="far")
    with pytest.raises(Invalid) as problem:
        audits.ask(people, [theirs])
    assert "case_numbers" in problem.value.problems


@pytest.mark.parametrize("key", ["worker", "supervisor", "protection", "admin"])
def test_only_an_auditor_asks(people, case_id, key):
    with pytest.raises(NotAllowed):
        audits.ask(people, [case_id], key=key)


def test_approval_opens_each_case_until_the_end_of_the_last_day(people, case_id):
    audit_id = audits.running(people, [case_id])
    grant = session().query(AccessGrant).one()
    assert (grant.user_id, grant.case_id, grant.source) == (people.staff["auditor"], case_id, audit_id)
    assert grant.valid_until == OVER - timedelta(seconds=1)
    assert people.actor("auditor", now=RUNNING).granted(case_id, "audit")
    assert not people.actor("auditor", now=OVER).grants


@pytest.mark.parametrize(("key", "error"), [("auditor", NotAllowed), ("worker", NotFound), ("admin", NotFound)])
def test_only_data_protection_of_the_house_approves(people, case_id, key, error):
    audit_id = audits.ask(people, [case_id])
    with pytest.raises(error):
        audits.approve(people, audit_id, key=key)
    with pytest.raises(error), writing():
        services.refuse_audit(actor=people.actor(key), audit_id=audit_id, reason="No.", now=RUNNING)


def test_nobody_approves_an_audit_they_asked_for(people, case_id):
    audit_id = audits.ask(people, [case_id])
    with writing():
        audit = queries.get_audit(audit_id)
        audit.auditor_id = people.staff["protection"]  # the rule must not rest on roles never being combined
    with pytest.raises(NotAllowed):
        audits.approve(people, audit_id)


def test_the_second_decision_comes_too_late(people, case_id):
    audit_id = audits.running(people, [case_id])
    with pytest.raises(TooLate):
        audits.approve(people, audit_id)
    actor = people.actor("protection")
    with pytest.raises(TooLate), writing():
        services.refuse_audit(actor=actor, audit_id=audit_id, reason="Changed my mind.", now=RUNNING)
    assert session().query(AccessGrant).count() == 1


def test_an_audit_whose_last_day_has_passed_is_not_approved(people, case_id):
    audit_id = audits.ask(people, [case_id])
    with pytest.raises(TooLate), writing():
        services.approve_audit(
            actor=people.actor("protection"), audit_id=audit_id, zone=ZONE, today=LAST_DAY + timedelta(days=1), now=OVER
        )


def test_a_refusal_needs_its_reason_and_shows_it(people, case_id):
    audit_id = audits.ask(people, [case_id])
    for reason in ("", "  ", "x" * 1001, "a\x00"):
        with pytest.raises(Invalid), writing():
            services.refuse_audit(actor=people.actor("protection"), audit_id=audit_id, reason=reason, now=RUNNING)
    with writing():
        services.refuse_audit(actor=people.actor("protection"), audit_id=audit_id, reason="Too wide.", now=RUNNING)
    audit = queries.get_audit(audit_id)
    assert (audit.state, vault.read(audit)["refused_because"]) == ("refused", "Too wide.")
    assert session().query(AccessGrant).count() == 0


@pytest.mark.parametrize("key", ["auditor", "protection"])
def test_ending_closes_everything_at_once(people, case_id, key):
    audit_id = audits.running(people, [case_id])
    later = RUNNING + timedelta(minutes=5)
    with writing():
        services.end_audit(actor=people.actor(key), audit_id=audit_id, now=later)
    assert not people.actor("auditor", now=later).grants
    with pytest.raises(Refused):
        audits.ask_file(people, audit_id, case_id, now=later)
    with pytest.raises(TooLate), writing():
        services.end_audit(actor=people.actor(key), audit_id=audit_id, now=later)


def test_a_file_is_asked_for_once(people, case_id):
    audit_id, file_id = audits.running(people, [case_id]), uuid4()
    for _again in range(2):
        assert audits.ask_file(people, audit_id, case_id, file_id=file_id) == file_id
    assert session().query(AuditFile).count() == 1
    assert session().query(Job).count() == 1
    with pytest.raises(NotFound):
        audits.ask_file(people, audit_id, case_id, file_id=file_id, what="trail")


def test_an_unknown_kind_of_file_is_refused(people, case_id):
    audit_id = audits.running(people, [case_id])
    with pytest.raises(Invalid):
        audits.ask_file(people, audit_id, case_id, what="everything")


def test_a_case_outside_the_scope_stays_closed(people, case_id):
    audit_id, other = audits.running(people, [case_id]), opened(people)
    with pytest.raises(NotFound):
        audits.ask_file(people, audit_id, other)
    with pytest.raises(NotFound):
        audits.ask_file(people, audit_id, uuid4())


@pytest.mark.parametrize(
    ("key", "error"),
    [("protection", NotAllowed), ("stranger_auditor", NotFound), ("worker", NotFound), ("supervisor", NotFound)],
)
def test_nobody_but_its_auditor_asks_for_files(people, case_id, key, error):
    audit_id = audits.running(people, [case_id])
    with pytest.raises(error):
        audits.ask_file(people, audit_id, case_id, key=key)


def test_the_last_day_closes_by_itself(people, case_id):
    audit_id = audits.running(people, [case_id])
    audit = queries.get_audit(audit_id)
    assert queries.state_on(audit, LAST_DAY) == "running"
    assert queries.state_on(audit, LAST_DAY + timedelta(days=1)) == "ended"
    with pytest.raises(Refused):
        audits.ask_file(people, audit_id, case_id, now=OVER)


def test_a_file_not_made_yet_cannot_be_opened(people, case_id):
    audit_id = audits.running(people, [case_id])
    file_id = audits.ask_file(people, audit_id, case_id)
    with pytest.raises(NotFound):
        open_file(people, audit_id, file_id)
    with pytest.raises(NotFound):
        open_file(people, audit_id, uuid4())


def test_lists_show_what_the_rule_lets_see(people, case_id):
    ours = audits.ask(people, [case_id])
    theirs = audits.ask(people, [opened(people, "stranger", team="far")], key="stranger_auditor")

    def seen(key):
        return [view.audit.id for view in queries.list_audits(people.actor(key), today=ASKED.date())]

    assert (seen("auditor"), seen("protection"), seen("stranger_auditor")) == ([ours], [ours], [theirs])
    assert seen("worker") == seen("admin") == []


def test_an_audit_that_does_not_open_stays_in_the_list(people, case_id):
    audit_id = audits.ask(people, [case_id])
    with writing():
        audit = queries.get_audit(audit_id)
        audit.sealed = bytes(audit.sealed)[:-1] + b"\x00"
    (view,) = queries.list_audits(people.actor("auditor"), today=ASKED.date())
    assert view.broken and view.audit.number and view.case_ids == []


def test_the_trail_of_an_audit_verifies(people, case_id):
    audit_id = audits.running(people, [case_id])
    audits.ask_file(people, audit_id, case_id)
    with writing():
        services.end_audit(actor=people.actor("auditor"), audit_id=audit_id, now=RUNNING)
    assert verify().findings == []


def test_a_verification_is_recorded_with_what_it_found(people, case_id):
    with writing():
        services.verify_trail(actor=people.actor("admin"), report=verify(), now=RUNNING)
    last = queries.last_verification()
    assert last.detail["findings"] == 0 and last.detail["entries"] > 0
    with pytest.raises(NotAllowed), writing():
        services.verify_trail(actor=people.actor("worker"), report=verify(), now=RUNNING)
