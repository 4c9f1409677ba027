"""Every act that policy knows, each with the sentence that the page of rights shows; value `resource:action`."""

from enum import StrEnum

from caseflow.core.words import N_


class ActionEnum(StrEnum):
    """An action and the sentence that explains it."""

    sentence: str

    def __new__(cls, value: str, sentence: str) -> "ActionEnum":
        action = str.__new__(cls, value)
        action._value_ = value
        action.sentence = sentence
        return action


class CaseAction(ActionEnum):
    LIST = "case:list", N_("See the list of cases of one's teams")
    SEARCH = "case:search", N_("Search among the cases one may see")
    CREATE = "case:create", N_("Screen a person and open a case")
    READ = "case:read", N_("Read a case, its names hidden")
    UPDATE = "case:update", N_("Write in the sections of a case")
    NOTE = "case:note", N_("Add a note to a case")
    REVEAL = "case:reveal", N_("Show the real name and numbers (recorded)")
    MOVE = "case:move", N_("Move a case to its next step")
    ASSIGN = "case:assign", N_("Hand a case to somebody in the team")
    APPROVE = "case:approve", N_("Approve a support plan, or send a case back to work")
    CLOSE = "case:close", N_("Close or transfer a case one does not hold")
    REOPEN = "case:reopen", N_("Open a closed case again")
    ARCHIVE = "case:archive", N_("Archive a closed case (the system)")
    ERASE = "case:erase", N_("Erase a case (two persons)")


class ContactAction(ActionEnum):
    COUNT = "contact:count", N_("Count help without a case, or a record that was refused")
    NUMBERS = "contact:numbers", N_("See how many were helped without a case or refused the record")


class ConsentAction(ActionEnum):
    READ = "consent:read", N_("Read the consent register of a case")
    RECORD = "consent:record", N_("Record a consent, or that it was refused")
    CONFIRM = "consent:confirm", N_("Confirm in private a consent that was not given freely")
    WITHDRAW = "consent:withdraw", N_("Record that the person withdrew a consent")


class PartnerAction(ActionEnum):
    READ = "partner:read", N_("Read the partner directory")
    EDIT = "partner:edit", N_("Keep the partner directory")


class ReferralAction(ActionEnum):
    LIST = "referral:list", N_("See the referrals of one's teams")
    READ = "referral:read", N_("Read a referral and its line of events")
    DRAFT = "referral:draft", N_("Write or correct a referral")
    SUBMIT = "referral:submit", N_("Send a referral to a supervisor")
    APPROVE = "referral:approve", N_("Approve a referral one neither wrote, edited nor took consent for")
    RETURN = "referral:return", N_("Return a referral with comments")
    DECLINE = "referral:decline", N_("Decide that a referral is not made")
    ISSUE = "referral:issue", N_("Issue an approved letter (the system, in the approver's name)")
    ANSWER = "referral:answer", N_("Record what the partner answered")
    SERVICE = "referral:service", N_("Record the start and the end of the service")
    FEEDBACK = "referral:feedback", N_("Record what the person says about the service")
    CLOSE = "referral:close", N_("Close a referral")
    CLOSE_HARM = "referral:close_harm", N_("Close a referral after harm was reported")
    CANCEL = "referral:cancel", N_("Cancel a referral that was not issued")
    WITHDRAW = "referral:withdraw", N_("Withdraw a referral at the person's word")
    LETTER = "referral:letter", N_("Open the issued letter (recorded)")
    EMERGENCY = "referral:emergency", N_("Issue an emergency referral alone, at any hour")
    RATIFY = "referral:ratify", N_("Ratify an emergency issue, or recall its data")
    ALERTS = "referral:alerts", N_("See the emergency issues that wait for a decision")
    LAPSE = "referral:lapse", N_("Mark a referral without answer as lapsed (the system)")


class TaskAction(ActionEnum):
    LIST = "task:list", N_("See the tasks of one's teams")
    READ = "task:read", N_("Read a task")
    ADD = "task:add", N_("Add a task to a case")
    CHANGE = "task:change", N_("Change a task, or hand it over")
    FINISH = "task:finish", N_("Record that a task is done")
    DROP = "task:drop", N_("Record that a task will not be done, and why")


class AuditAction(ActionEnum):
    LIST = "audit:list", N_("See the audits of the organisation")
    ASK = "audit:ask", N_("Ask for an audit: purpose, cases, end date")
    READ = "audit:read", N_("Read an audit and its scope")
    APPROVE = "audit:approve", N_("Approve an audit somebody else asked for")
    REFUSE = "audit:refuse", N_("Refuse an audit")
    END = "audit:end", N_("End an audit and its access")
    TRAIL = "audit:trail", N_("Make and open the trail of an audit: everything done under it")
    FILE = "audit:file", N_("Make and open the redacted file of a case in a running audit")


class PeopleAction(ActionEnum):
    LIST = "people:list", N_("See who works here")
    READ = "people:read", N_("See a member of staff")
    INVITE = "people:invite", N_("Invite a member of staff; somebody else approves the role")
    EDIT = "people:edit", N_("Correct details of staff, ask for roles, take roles away")
    DISABLE = "people:disable", N_("Close a staff account")
    ORGANISATION = "people:organisation", N_("Keep organisations and teams")


class RequestAction(ActionEnum):
    LIST = "request:list", N_("See what waits for a second person")
    READ = "request:read", N_("Read what somebody asked for: a role, or a new second factor")
    APPROVE = "request:approve", N_("Approve or refuse it as the second person")


class DutyAction(ActionEnum):
    LIST = "duty:list", N_("See who is on duty, and call them")
    PLAN = "duty:plan", N_("Plan who is on duty")
    END = "duty:end", N_("Take somebody off the duty roster")
    RIGHT = "duty:right", N_("Give a caseworker the emergency right back")


class TrailAction(ActionEnum):
    VERIFY = "trail:verify", N_("Verify that the trail is whole")


class Action:
    """The namespaces of actions: `Action.Referral.SUBMIT`."""

    Case = CaseAction
    Contact = ContactAction
    Consent = ConsentAction
    Partner = PartnerAction
    Referral = ReferralAction
    Task = TaskAction
    Audit = AuditAction
    People = PeopleAction
    Request = RequestAction
    Duty = DutyAction
    Trail = TrailAction


def all_actions() -> list[ActionEnum]:
    """Every action, in the order of the page of rights."""
    groups = (
        CaseAction, ContactAction, ConsentAction, PartnerAction, ReferralAction, TaskAction, AuditAction, PeopleAction,
        RequestAction,
        DutyAction,
        TrailAction,
    )  # fmt: skip
    return [action for group in groups for action in group]
