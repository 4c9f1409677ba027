"""The rules: an action is allowed when every predicate of one of its lines holds. What is not here is refused."""

from caseflow.core.policy import predicates as p
from caseflow.core.policy.actions import Action, ActionEnum

Line = tuple[p.Predicate, ...]

_READ_CASE: tuple[Line, ...] = ((p.works_in_team,), (p.stands_in,))
_WORK_CASE: tuple[Line, ...] = ((p.holds_case,), (p.supervises_team,), (p.stands_in,))
_WORK_TASK: tuple[Line, ...] = ((p.holds_case_of,), (p.supervises_team,), (p.stands_in,))
_DECIDE: tuple[Line, ...] = ((p.supervises_team, p.not_involved),)

RULES: dict[ActionEnum, tuple[Line, ...]] = {
    Action.Case.LIST: ((p.is_caseworker,), (p.is_supervisor,)),
    Action.Case.SEARCH: ((p.is_caseworker,), (p.is_supervisor,)),
    Action.Case.CREATE: ((p.is_caseworker,), (p.is_supervisor,)),
    Action.Case.READ: _READ_CASE,
    Action.Case.UPDATE: _WORK_CASE,
    Action.Case.NOTE: _WORK_CASE,
    Action.Case.REVEAL: _WORK_CASE,
    Action.Case.MOVE: _WORK_CASE,
    Action.Case.ASSIGN: ((p.holds_case,), (p.supervises_team,)),
    Action.Contact.COUNT: ((p.is_caseworker,), (p.is_supervisor,)),
    Action.Contact.NUMBERS: ((p.is_supervisor,), (p.is_data_protection,)),
    Action.Consent.READ: _READ_CASE,
    Action.Consent.RECORD: _WORK_CASE,
    Action.Consent.CONFIRM: _WORK_CASE,
    Action.Consent.WITHDRAW: _WORK_CASE,
    Action.Partner.READ: ((p.is_caseworker,), (p.is_supervisor,), (p.is_data_protection,)),
    Action.Partner.EDIT: ((p.is_supervisor,), (p.is_data_protection,)),
    Action.Referral.LIST: ((p.is_caseworker,), (p.is_supervisor,)),
    Action.Referral.READ: _READ_CASE,
    Action.Referral.DRAFT: _WORK_CASE,
    Action.Referral.SUBMIT: _WORK_CASE,
    Action.Referral.APPROVE: _DECIDE,
    Action.Referral.RETURN: _DECIDE,
    Action.Referral.DECLINE: _DECIDE,
    Action.Referral.ANSWER: _WORK_CASE,
    Action.Referral.SERVICE: _WORK_CASE,
    Action.Referral.FEEDBACK: _WORK_CASE,
    Action.Referral.CLOSE: _WORK_CASE,
    Action.Referral.CLOSE_HARM: ((p.supervises_team,),),
    Action.Referral.CANCEL: _WORK_CASE,
    Action.Referral.WITHDRAW: _WORK_CASE,
    Action.Referral.LETTER: _WORK_CASE,
    Action.Referral.EMERGENCY: ((p.is_caseworker, p.has_emergency_right),),
    Action.Referral.RATIFY: (
        (p.supervises_team, p.is_emergency, p.not_involved),
        (p.is_supervisor, p.is_called, p.same_organisation, p.is_emergency, p.not_involved),
        (p.is_data_protection, p.same_organisation, p.is_emergency, p.not_involved),
    ),
    Action.Referral.ALERTS: ((p.is_supervisor,), (p.is_data_protection,)),
    Action.Task.LIST: ((p.is_caseworker,), (p.is_supervisor,)),
    Action.Task.READ: _READ_CASE,
    Action.Task.ADD: _WORK_CASE,
    Action.Task.CHANGE: _WORK_TASK,
    Action.Task.FINISH: (*_WORK_TASK, (p.is_assigned,)),
    Action.Task.DROP: _WORK_TASK,
    Action.Audit.LIST: ((p.is_auditor,), (p.is_data_protection,)),
    Action.Audit.ASK: ((p.is_auditor,),),
    Action.Audit.READ: ((p.is_auditor, p.asked_it), (p.is_data_protection, p.same_organisation)),
    Action.Audit.APPROVE: ((p.is_data_protection, p.same_organisation, p.did_not_ask),),
    Action.Audit.REFUSE: ((p.is_data_protection, p.same_organisation, p.did_not_ask),),
    Action.Audit.END: ((p.is_auditor, p.asked_it), (p.is_data_protection, p.same_organisation)),
    Action.Audit.TRAIL: ((p.is_auditor, p.asked_it), (p.is_data_protection, p.same_organisation)),
    Action.Audit.FILE: ((p.is_auditor, p.asked_it),),
    Action.People.LIST: ((p.is_administrator,),),
    Action.People.READ: ((p.is_administrator,),),
    Action.People.INVITE: ((p.is_administrator,),),
    Action.People.EDIT: ((p.is_administrator,),),
    Action.People.DISABLE: ((p.is_administrator,),),
    Action.People.ORGANISATION: ((p.is_administrator,),),
    Action.Request.LIST: ((p.is_administrator,), (p.is_data_protection,)),
    Action.Request.READ: ((p.is_administrator,), (p.is_data_protection, p.same_organisation)),
    Action.Request.APPROVE: (
        (p.is_administrator, p.is_second_person),
        (p.is_data_protection, p.same_organisation, p.is_second_person),
    ),
    Action.Duty.LIST: ((p.is_caseworker,), (p.is_supervisor,), (p.is_data_protection,)),
    Action.Duty.PLAN: ((p.is_supervisor,), (p.is_data_protection,)),
    Action.Duty.END: ((p.is_supervisor, p.same_organisation), (p.is_data_protection, p.same_organisation)),
    Action.Duty.RIGHT: ((p.is_supervisor, p.same_organisation),),
    Action.Trail.VERIFY: ((p.is_auditor,), (p.is_data_protection,), (p.is_administrator,)),
}

# Nobody signed in may do these: the worker does them, or their screen comes with a later issue.
SYSTEM_ONLY: frozenset[ActionEnum] = frozenset({Action.Case.ARCHIVE, Action.Referral.ISSUE, Action.Referral.LAPSE})
NO_SCREEN_YET: frozenset[ActionEnum] = frozenset(
    {
        Action.Case.APPROVE,
        Action.Case.CLOSE,
        Action.Case.REOPEN,
        Action.Case.ERASE,
    }
)
