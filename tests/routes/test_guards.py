"""Every endpoint says who may use it; few are open, and those say why."""

from caseflow.core.policy.rules import RULES
from caseflow.web.guards import guard_of

# Whoever adds one here says why it must work for somebody who is not signed in.
OPEN = {
    "accounts.factor", "accounts.health", "accounts.join", "accounts.join_code", "accounts.language", "accounts.leave",
    "accounts.lock", "accounts.new_password", "accounts.sign_in", "accounts.sign_in_code", "accounts.sign_in_recovery",
    "accounts.unavailable", "accounts.unlock",
}  # fmt: skip
# For everybody who is signed in, whatever their role.
OF_ALL_STAFF = {
    "accounts.account", "accounts.account_language", "accounts.account_password", "accounts.deputies",
    "accounts.end_deputy", "accounts.end_other_sessions", "accounts.end_session", "accounts.give_up_kept",
    "accounts.kept", "accounts.new_recovery_codes", "accounts.own_factor", "accounts.own_pin", "accounts.own_sessions",
    "accounts.remove_pin", "accounts.show_rights", "desk.home",
}  # fmt: skip
STEP_UP = {
    "accounts.approve_request", "accounts.ask_factor", "accounts.ask_role", "accounts.deputies", "accounts.disable",
    "accounts.invite", "accounts.new_link", "accounts.new_recovery_codes", "accounts.own_factor", "accounts.own_pin",
    "accounts.remove_pin", "accounts.reset_password", "accounts.revoke_role", "audit.decide", "audit.make",
    "audit.make_trail", "referrals.record_decision", "referrals.record_ratification",
}  # fmt: skip


def guards(app):
    return {name: guard_of(view) for name, view in app.view_functions.items() if name != "static"}


def test_every_endpoint_declares_its_guard(bare_app):
    undeclared = sorted(name for name, guard in guards(bare_app).items() if guard is None)
    assert undeclared == []


def test_every_rule_has_a_view_and_every_view_a_rule(bare_app):
    assert {rule.endpoint for rule in bare_app.url_map.iter_rules()} == set(bare_app.view_functions)


def test_the_open_ones_are_a_short_list(bare_app):
    found = guards(bare_app)
    assert {name for name, guard in found.items() if guard.open_reason} == OPEN
    assert {name for name, guard in found.items() if guard.anyone_signed_in} == OF_ALL_STAFF


def test_every_other_one_asks_for_an_action_that_has_a_rule(bare_app):
    for name, guard in guards(bare_app).items():
        asks = [bool(guard.open_reason), guard.anyone_signed_in, guard.action is not None]
        assert asks.count(True) == 1, name
        assert guard.action is None or guard.action in RULES, name


def test_what_has_an_id_loads_it_before_it_asks(bare_app):
    for rule in bare_app.url_map.iter_rules():
        if rule.endpoint != "static":
            guard = guard_of(bare_app.view_functions[rule.endpoint])
            assert ("<uuid:id>" in rule.rule) == (guard.load is not None), rule.rule


def test_the_second_factor_is_asked_again_where_it_is_said(bare_app):
    assert {name for name, guard in guards(bare_app).items() if guard.step_up} == STEP_UP


def test_an_endpoint_without_a_guard_is_closed(bare_app, browser_of):
    bare_app.add_url_rule("/forgotten", "forgotten", lambda: "open to the world")
    for key in (None, "worker", "admin"):
        answer = browser_of(key).get("/forgotten")
        assert answer.status_code == 403 and "open to the world" not in answer.text
