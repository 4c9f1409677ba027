"""The page of rights, read from the rules themselves, so that it cannot say anything else than what is enforced."""

from dataclasses import dataclass

from caseflow.core.policy import ActionEnum, Role, all_actions
from caseflow.core.policy import predicates as p
from caseflow.core.policy.rules import RULES
from caseflow.core.words import N_, gettext

_TEAM = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
_ALL = frozenset(Role)

# What each predicate means: the roles that can fulfil it, and the words for its condition.
MEANING: dict[p.Predicate, tuple[frozenset[Role], str]] = {
    p.is_caseworker: (frozenset({Role.CASEWORKER}), ""),
    p.is_supervisor: (frozenset({Role.SUPERVISOR}), ""),
    p.is_data_protection: (frozenset({Role.DATA_PROTECTION}), ""),
    p.is_auditor: (frozenset({Role.AUDITOR}), ""),
    p.is_administrator: (frozenset({Role.ADMINISTRATOR}), ""),
    p.works_in_team: (_TEAM, N_("in their own team")),
    p.supervises_team: (frozenset({Role.SUPERVISOR}), N_("in their own team")),
    p.holds_case: (_TEAM, N_("for a case assigned to them")),
    p.holds_case_of: (_TEAM, N_("in a case assigned to them")),
    p.is_assigned: (_TEAM, N_("when it was given to them")),
    p.stands_in: (_TEAM, N_("as deputy, for a while")),
    p.not_involved: (_ALL, N_("when they wrote none of it")),
    p.is_emergency: (_ALL, N_("for an emergency issue")),
    p.is_called: (_ALL, N_("when on duty or called in")),
    p.has_emergency_right: (_ALL, N_("unless it was suspended")),
    p.same_organisation: (_ALL, N_("in their own organisation")),
    p.asked_it: (_ALL, N_("for an audit they asked for")),
    p.is_second_person: (_ALL, N_("when they neither asked for it nor gain by it")),
    p.did_not_ask: (_ALL, N_("for an audit somebody else asked for")),
}


@dataclass(frozen=True)
class Right:
    """One action: its sentence, and for each role the conditions under which it may (none: it may not)."""

    action: ActionEnum
    cells: dict[Role, tuple[str, ...]]

    @property
    def sentence(self) -> str:
        """What the action is, in the language of the context."""
        return gettext(self.action.sentence)


def rights() -> dict[str, list[Right]]:
    """Every action that somebody may do, by its resource (case, consent and so on). A cell `("",)` means: always."""
    found: dict[str, list[Right]] = {}
    for action in (one for one in all_actions() if one in RULES):
        cells = {role: _conditions(action, role) for role in Role}
        found.setdefault(action.split(":")[0], []).append(Right(action, cells))
    return found


def _conditions(action: ActionEnum, role: Role) -> tuple[str, ...]:
    lines = [line for line in RULES.get(action, ()) if all(role in MEANING[holds][0] for holds in line)]
    words = [gettext(", ").join(gettext(MEANING[h][1]) for h in line if MEANING[h][1]) for line in lines]
    return tuple(dict.fromkeys(words))
