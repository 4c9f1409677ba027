"""Every sealed table has a page on which a record that does not open is seen, recorded, and never looks empty.

The records of a case and its referrals are in test_front_door.py; what is left is here. A table in neither fails.
"""

import pytest
from sqlalchemy import create_engine, func, select

from caseflow.core import clock
from caseflow.core.trail import Tag
from caseflow.core.trail.models import TrailEntry
from tests.attack.behind import Thief, sealed_models
from tests.attack.mutations import BROKEN, EXPECTED, MUTATIONS
from tests.attack.stage import build, hand_of
from tests.routes.scene import NOW

pytestmark = pytest.mark.both_databases
CANNOT = "cannot be opened"
IN_FRONT = {
    "case_file", "case_record", "case_summary", "consent", "document", "partner", "referral", "referral_event",
    "referral_snapshot", "task",
}  # fmt: skip

# table -> (who looks, the page, the id in the scene of the row that is attacked, or none for the first row)
SHOWN = {
    "audit": ("auditor", "/audits/", "audit"),
    "audit_frame": ("auditor", "/audits/{audit_sampled}/frame", "audit_sampled"),
    "contact_count": ("supervisor", "/cases/contacts", None),
    "draft": ("worker", "/drafts", "draft"),
    "duty": ("supervisor", "/duty", "duty"),
    "organisation": ("admin", "/people/organisation/{organisation}", "organisation"),
    "staff": ("admin", "/people/", "staff"),
}
# Names that stand beside other things on every page: a sign takes their place, and the trail finds the row.
SIGNED = {"team": ("supervisor", "/account", "team", "North")}
REFUSED = [mutation for mutation, (opens, _found) in EXPECTED.items() if opens == BROKEN]


def test_every_sealed_table_is_shown_on_a_page():
    assert IN_FRONT | SHOWN.keys() | SIGNED.keys() == sealed_models().keys()
    assert not IN_FRONT & SHOWN.keys()


@pytest.fixture
def stage(bare_app, people, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with bare_app.app_context():
        return build(bare_app, people)


def broken(engine):
    with engine.connect() as connection:
        tag = TrailEntry.__table__.c.tag
        return connection.execute(select(func.count()).where(tag == str(Tag.SEAL_BROKEN))).scalar_one()


def hand_for(app, thief, table, row):
    """The attack on this row; another row of its table and a row of a stranger lend their ciphertexts."""
    models = sealed_models()
    twin = next((one for one in thief.rows(models[table].__table__) if one.id != row.id), None)
    stranger = thief.rows(models["task" if table != "task" else "team"].__table__)[0]
    with app.app_context():
        return hand_of(models[table], row, twin, bytes(stranger.sealed))


def test_a_row_that_does_not_open_shows_on_its_page_and_in_the_trail(bare_app, stage, people, installation):
    engine, thief = create_engine(installation[0].database_url), Thief(installation[0].database_url)
    unseen = []
    for table, (who, page, name) in SHOWN.items():
        client = bare_app.test_client()
        with bare_app.app_context():
            client.set_cookie("cf", people.token(who, now=NOW))
        rows = thief.rows(sealed_models()[table].__table__)
        row = next(one for one in rows if name is None or str(one.id) == stage[name])
        url = page.format(**stage)
        assert CANNOT not in client.get(url).text.lower(), (table, url)
        hand = hand_for(bare_app, thief, table, row)
        for mutation in REFUSED:
            thief.change(sealed_models()[table].__table__, row, **MUTATIONS[mutation](hand))
            before, answer = broken(engine), client.get(url)
            if answer.status_code >= 500 or CANNOT not in answer.text.lower():
                unseen.append((table, mutation, url, answer.status_code))
            elif broken(engine) == before:
                unseen.append((table, mutation, "not recorded"))
            thief.restore(sealed_models()[table].__table__, row)
    engine.dispose()
    thief.close()
    assert not unseen, "\n".join(map(str, unseen))


def test_a_name_that_does_not_open_gives_way_to_a_sign(bare_app, stage, people, installation):
    thief = Thief(installation[0].database_url)
    for table, (who, page, name, word) in SIGNED.items():
        client = bare_app.test_client()
        with bare_app.app_context():
            client.set_cookie("cf", people.token(who, now=NOW))
        model = sealed_models()[table].__table__
        row = next(one for one in thief.rows(model) if str(one.id) == stage[name])
        assert word in client.get(page).text
        hand = hand_for(bare_app, thief, table, row)
        for mutation in REFUSED:
            thief.change(model, row, **MUTATIONS[mutation](hand))
            answer = client.get(page)
            assert answer.status_code == 200 and word not in answer.text and "?" in answer.text
            thief.restore(model, row)
    thief.close()
