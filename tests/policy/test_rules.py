"""The rules: every action has one or is named as nobody's, and the table of role x action x place is as written."""

from pathlib import Path

import pytest

from caseflow.core.policy import Action, all_actions, permits
from caseflow.core.policy.rules import NO_SCREEN_YET, RULES, SYSTEM_ONLY

TABLE = Path(__file__).with_name("rights.txt")


class Thing:
    """Something of a team with an assigned caseworker; `involved` wrote it."""

    def __init__(self, people, place):
        organisation, team, holder = {
            "own": ("ours", "north", "worker"),
            "team": ("ours", "north", "colleague"),
            "other_team": ("ours", "south", "other_team"),
            "other_organisation": ("theirs", "far", "stranger"),
        }[place]
        self.organisation_id, self.team_id = people.organisations[organisation], people.teams[team]
        self.case_id = self.id = people.teams[team]
        self.assignee_id = people.staff[holder]
        self.auditor_id = people.staff["auditor" if organisation == "ours" else "stranger_auditor"]
        self.asked_by, self.staff_id = people.staff["admin"], people.staff[holder]
        self.case = self
        self.involved = frozenset({people.staff[holder]})
        self.emergency = True


PERSONS = ("worker", "supervisor", "protection", "auditor", "admin")
PLACES = ("own", "team", "other_team", "other_organisation")


def table(people):
    """One line an action: who may do it, where."""
    lines = []
    for action in all_actions():
        allowed = []
        for key in PERSONS:
            actor = people.actor(key)
            where = [place for place in PLACES if permits(actor, action, Thing(people, place))]
            if where:
                allowed.append(f"{key}({','.join(where)})")
        lines.append(f"{action}: {' '.join(allowed) or 'nobody'}")
    return "\n".join(lines) + "\n"


def test_every_action_has_a_rule_or_is_named_as_nobodys():
    assert set(RULES) | SYSTEM_ONLY | NO_SCREEN_YET == set(all_actions())
    assert not set(RULES) & (SYSTEM_ONLY | NO_SCREEN_YET)


def test_every_action_has_a_sentence():
    for action in all_actions():
        assert action.sentence
        assert str(action).count(":") == 1


def test_the_table_of_rights_is_as_written(app, people):
    """A change of rights is a change of rights.txt, read by a person. Write it anew with CASEFLOW_WRITE_RIGHTS=1."""
    import os

    found = table(people)
    if os.environ.get("CASEFLOW_WRITE_RIGHTS") == "1":
        TABLE.write_text(found)
    assert TABLE.read_text() == found


@pytest.mark.parametrize("key", ["admin", "auditor", "protection"])
def test_who_works_no_cases_reads_none(app, people, key):
    actor = people.actor(key)
    for place in PLACES:
        for action in (*Action.Case, *Action.Consent, *Action.Referral, *Action.Task):
            if key == "protection" and action in (Action.Referral.RATIFY, Action.Referral.ALERTS):
                continue
            assert not permits(actor, action, Thing(people, place)), (key, action, place)


def test_data_protection_ratifies_emergencies_of_its_own_organisation_and_nothing_else(app, people):
    actor = people.actor("protection")
    for place in PLACES:
        thing = Thing(people, place)
        assert permits(actor, Action.Referral.RATIFY, thing) == (place != "other_organisation"), place
        thing.emergency = False
        assert not permits(actor, Action.Referral.RATIFY, thing), place


def test_nobody_of_another_organisation_may_do_anything_with_a_case(app, people):
    for key in ("stranger", "stranger_supervisor", "stranger_auditor"):
        actor = people.actor(key)
        for action in (*Action.Case, *Action.Consent, *Action.Referral, *Action.Task, *Action.Audit):
            if action in (Action.Case.LIST, Action.Case.SEARCH, Action.Case.CREATE, Action.Referral.LIST):
                continue
            if action in (Action.Audit.LIST, Action.Audit.ASK, Action.Task.LIST, Action.Referral.EMERGENCY):
                continue
            if action is Action.Referral.ALERTS:
                continue
            assert not permits(actor, action, Thing(people, "own")), (key, action)


def test_an_unknown_action_is_refused(people, app):
    assert not permits(people.actor("admin"), "case:everything")
