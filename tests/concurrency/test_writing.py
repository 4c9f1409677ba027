"""The last line of defence, where no lock stood before a write: the second writer is refused in words, never with a
500, and a key that was fetched is used though the cache was emptied meanwhile."""

from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from caseflow.accounts.models import Team
from caseflow.cases.queries import data_of
from caseflow.core import vault
from caseflow.core.db import session, writing
from caseflow.core.errors import StaleVersion
from caseflow.partners.models import Partner
from caseflow.partners.services import create_partner
from tests.cases.factories import opened
from tests.concurrency.together import kinds, together
from tests.support.scenario import SHELTER

NOW = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)


def add_team(its_id, *, organisation_id):
    with writing():
        made = Team(id=its_id, organisation_id=organisation_id, created_at=NOW)
        vault.write(made, {"name_en": "Twin", "name_ur": ""}, rv=0)
        session().add(made)


@pytest.mark.both_databases
def test_a_row_that_somebody_changed_since_it_was_read_is_a_stale_version(app, people):
    with writing():
        partner_id = create_partner(actor=people.actor("supervisor"), data=SHELTER, now=NOW).id

    def write():
        with writing():
            read, table = session().get_one(Partner, partner_id), Partner.__table__
            session().execute(table.update().where(table.c.id == partner_id).values(rv=read.rv + 1))
            vault.write(read, vault.read(read), rv=read.rv)

    with pytest.raises(StaleVersion):
        write()


@pytest.mark.both_databases
def test_an_id_that_is_taken_is_too_late(bare_app, people):
    insert = partial(add_team, uuid4(), organisation_id=people.organisations["ours"])
    assert kinds(together(bare_app, insert, insert, insert)) == ["TooLate", "TooLate", "ok"]


@pytest.mark.both_databases
def test_another_broken_rule_of_the_database_stays_an_accident(app, people):
    with pytest.raises(IntegrityError):
        add_team(uuid4(), organisation_id=uuid4())


@pytest.fixture
def emptied(app, people, monkeypatch):
    """A case, and a key store in which a key is destroyed each time that keys are read."""
    case_id, held = opened(people), vault.current()
    fetch, busy = held.store.keys, []

    def keys(case_ids):
        found = fetch(case_ids)
        if not busy:
            busy.append(True)
            other = uuid4()
            vault.new_case_key(other, now=NOW)
            vault.destroy_case_key(other, now=NOW)
            busy.clear()
        return found

    with held._lock:
        held._keys.clear()
    monkeypatch.setattr(held.store, "keys", keys)
    return case_id


def test_a_key_destroyed_elsewhere_makes_no_other_record_look_broken(emptied):
    assert data_of(emptied, "person")


def test_a_key_fetched_while_keys_were_destroyed_is_not_kept(emptied):
    vault.load_keys([emptied])
    assert emptied not in vault.current()._keys
