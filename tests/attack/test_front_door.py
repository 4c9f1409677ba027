"""Every sealed row, attacked behind the application's back, seen through the front door.

A second connection flips, cuts, swaps, moves, relabels and ages ciphertexts. The page must say that the record cannot
be opened (never an empty place, never a trace), and the trail must hold `vault:seal:broken`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, func, select

from caseflow.accounts.models import Organisation
from caseflow.cases import services as casework
from caseflow.cases.models import Case, CaseRecord, CaseSummary, Document
from caseflow.cases.queries import data_of, office_day, record_of, records_of
from caseflow.consent.models import Consent
from caseflow.core import vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from caseflow.partners.models import Partner
from caseflow.referrals.models import Referral, ReferralEvent, Snapshot
from caseflow.support.models import Task
from caseflow.support.services import add_task
from tests.attack.mutations import BROKEN, EXPECTED, MUTATIONS
from tests.attack.stage import hand_of
from tests.support.scenario import STORY, teller

pytestmark = pytest.mark.both_databases
CANNOT = "cannot be opened"


@dataclass(frozen=True)
class Target:
    """A sealed row, the page that shows it, and who looks."""

    name: str
    model: type
    row_id: object
    url: str
    who: str = "worker"


@pytest.fixture
def scene(bare_app, people):
    """Two whole cases: one is attacked, the other lends its ciphertexts."""
    with bare_app.app_context():
        tell = teller(bare_app, people)
        pending = {**STORY["referral"][0], "until": "pending_approval"}
        case_id = tell.tell({**STORY, "referral": [*STORY["referral"], pending]})
        other_id = tell.tell(STORY)
        for one in (case_id, other_id):
            add_call(people, one)
    return bare_app, case_id, other_id


def add_call(people, case_id):
    """A task of the worker, due today."""
    now, worker = datetime.now(UTC), people.actor("worker")
    with writing():
        add_task(
            actor=worker, task_id=new_id(), case_id=case_id, kind="call", words="Fictional words",
            due_on=office_day(worker.organisation_id, now), assignee_id=worker.user_id, now=now,
        )  # fmt: skip


def targets(case_id):
    """What is attacked, with the page on which it must show."""
    case, current = f"/cases/{case_id}", session()
    issued, pending = current.scalars(
        select(Referral).where(Referral.case_id == case_id).order_by(Referral.state)
    ).all()
    event = current.scalars(select(ReferralEvent).where(ReferralEvent.referral_id == issued.id)).first()
    shared = current.scalars(select(Consent).where(Consent.case_id == case_id)).first()
    task_id = current.scalars(select(Task.id).where(Task.case_id == case_id)).one()
    return [
        Target("person", CaseRecord, record_of(case_id, "person").id, f"{case}/person"),
        Target("identity", CaseRecord, record_of(case_id, "identity").id, f"{case}/identity"),
        Target("safety", CaseRecord, record_of(case_id, "safety").id, f"{case}/safety"),
        Target("screening", CaseRecord, record_of(case_id, "screening").id, f"{case}/screening"),
        Target("note", CaseRecord, records_of(case_id, "note")[0].id, f"{case}/notes"),
        Target("summary in the list", CaseSummary, case_id, "/cases/"),
        Target("summary on the case page", CaseSummary, case_id, case),
        Target("case", Case, case_id, case),
        Target("consent", Consent, shared.id, f"{case}/consent"),
        Target("referral", Referral, issued.id, f"/referrals/{issued.id}"),
        Target("referral in the list", Referral, issued.id, "/referrals/?queue=mine"),
        Target("referral on the case page", Referral, issued.id, case),
        Target("event", ReferralEvent, event.id, f"/referrals/{issued.id}"),
        Target("snapshot", Snapshot, pending.snapshot_id, f"/referrals/{pending.id}/decide", "supervisor"),
        Target("letter", Document, issued.document_id, f"/referrals/{issued.id}/letter?copy=recipient"),
        Target("task", Task, task_id, f"/tasks/{task_id}"),
        Target("task in the list", Task, task_id, "/tasks/"),
        Target("task on the case page", Task, task_id, case),
        Target("task on the home page", Task, task_id, "/"),
        Target("partner", Partner, current.scalars(select(Partner.id)).first(), "/partners/?page=all"),
    ]


REFUSED = [name for name, (opens, _found) in EXPECTED.items() if opens == BROKEN]


def stranger(model):
    """Another sealed table."""
    return Organisation if model is not Organisation else Partner


def broken_entries(engine):
    with engine.connect() as connection:
        tag = TrailEntry.__table__.c.tag
        return connection.execute(select(func.count()).where(tag == str(Tag.SEAL_BROKEN))).scalar_one()


def twin_of(target, other_id):
    """A row of the same table in the other case (or another row, where rows belong to no case)."""
    table = target.model.__table__
    if target.model in (Case, CaseSummary):
        return select(table).where(table.c.id == other_id)
    if "case_id" in table.c:
        return select(table).where(table.c.case_id == other_id)
    return select(table).where(table.c.id != target.row_id)


def test_no_attack_on_a_ciphertext_goes_unseen(scene, installation, browser_of):
    app, case_id, other_id = scene
    engine = create_engine(installation[0].database_url)
    browsers = {key: browser_of(key) for key in ("worker", "supervisor")}
    with app.app_context():
        attacked = targets(case_id)
    unseen = []
    for target in attacked:
        table = target.model.__table__
        with engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.id == target.row_id)).one()
            twin = connection.execute(twin_of(target, other_id)).first()
            foreign = connection.execute(select(stranger(target.model).__table__.c.sealed)).scalars().first()
        with app.app_context():
            hand = hand_of(target.model, row, twin, bytes(foreign))
        if target.name == "identity":
            reveal(app, browsers["worker"], target.url)
        for name in REFUSED:
            with engine.begin() as connection:
                connection.execute(table.update().where(table.c.id == row.id).values(**MUTATIONS[name](hand)))
            before = broken_entries(engine)
            answer = browsers[target.who].get(target.url, follow_redirects=True)
            text = answer.get_data(as_text=True)
            if answer.status_code >= 500 or CANNOT not in text.lower() or "Traceback" in text:
                unseen.append((target.name, name, answer.status_code))
            elif broken_entries(engine) == before:
                unseen.append((target.name, name, "not recorded"))
            with engine.begin() as connection:
                connection.execute(table.update().where(table.c.id == row.id).values(sealed=row.sealed, rv=row.rv))
    engine.dispose()
    assert not unseen, "\n".join(map(str, unseen))


def reveal(app, browser, url):
    """Open the identity as its worker may, so that the page would show it."""
    from tests.support.http import post

    post(browser, url.replace("/identity", "/reveal"), {"reason": "correction"}, page=url)


def test_an_older_ciphertext_under_the_new_version_is_refused(scene, people, browser_of):
    app, case_id, _other = scene
    with app.app_context():
        record = record_of(case_id, "person")
        old, record_id, rv = bytes(record.sealed), record.id, record.rv
        answers = {**data_of(case_id, "person"), "hopes": "Something newer."}
        with writing():
            casework.save_record(
                actor=people.actor("worker"), case_id=case_id, kind="person", record_id=record_id, data=answers,
                rv=rv, now=datetime.now(UTC),
            )  # fmt: skip
        put(record_id, sealed=old)
    assert CANNOT in seen(browser_of, f"/cases/{case_id}/person")


def test_a_relabelled_record_never_looks_empty(scene, browser_of):
    app, case_id, _other = scene
    with app.app_context():
        put(record_of(case_id, "person").id, kind_token=vault.kind_token(case_id, "safety"))
    assert CANNOT in seen(browser_of, f"/cases/{case_id}/person")


def test_a_record_moved_to_another_case_opens_in_neither(scene, browser_of):
    app, case_id, other_id = scene
    with app.app_context():
        put(record_of(case_id, "person").id, case_id=other_id, kind_token=vault.kind_token(other_id, "person"))
    for one in (case_id, other_id):
        assert CANNOT in seen(browser_of, f"/cases/{one}/person")


def test_a_deleted_record_never_looks_empty(scene, browser_of):
    app, case_id, _other = scene
    with app.app_context(), writing():
        record_id = record_of(case_id, "person").id
        session().execute(CaseRecord.__table__.delete().where(CaseRecord.id == record_id))
    assert CANNOT in seen(browser_of, f"/cases/{case_id}/person")


def test_an_organisation_that_does_not_open_breaks_no_page(scene, browser_of):
    app, _case_id, _other = scene
    with app.app_context(), writing():
        office = session().scalars(select(Organisation)).first()
        cut_short = Organisation.__table__.update().where(Organisation.id == office.id)
        session().execute(cut_short.values(sealed=bytes(office.sealed)[:-1]))
    assert browser_of("worker").get("/cases/").status_code == 200


def put(record_id, **values):
    """Change a case record behind the application's back."""
    with writing():
        session().execute(CaseRecord.__table__.update().where(CaseRecord.id == record_id).values(**values))


def seen(browser_of, url):
    """The words of a page, as the caseworker sees them."""
    answer = browser_of("worker").get(url)
    assert answer.status_code < 500
    return answer.get_data(as_text=True).lower()
