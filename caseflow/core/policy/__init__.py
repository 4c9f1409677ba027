"""Who may do what: actions, predicates, rules, permits and access grants. An unknown action is refused."""

from caseflow.core.policy.actions import Action, ActionEnum, all_actions
from caseflow.core.policy.actor import Actor, Membership, Role
from caseflow.core.policy.permits import allowed_as, permits, require

__all__ = ["Action", "ActionEnum", "Actor", "Membership", "Role", "all_actions", "allowed_as", "permits", "require"]
