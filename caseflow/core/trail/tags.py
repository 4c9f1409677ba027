"""Event tags `source:subject:action`, each with the `audit_event` code under which it is exported.

Each tag names the detail fields it may carry: names of fields, codes and counts; never a value of a person.
"""

from enum import StrEnum


class Tag(StrEnum):
    """What happened. `event` is the code of the list `audit_event`; `fields` the detail keys it may carry."""

    event: str
    fields: frozenset[str]

    def __new__(cls, value: str, event: str, fields: str = "") -> "Tag":
        tag = str.__new__(cls, value)
        tag._value_ = value
        tag.event = event
        tag.fields = frozenset(fields.split())
        return tag

    # People
    SIGN_IN = "accounts:session:start", "login", "device"
    SIGN_IN_FAILED = "accounts:session:fail", "login_failed", "count"
    SIGN_OUT = "accounts:session:end", "logout", "reason"
    STEP_UP = "accounts:session:step_up", "login"
    REOPENED = "accounts:session:reopen", "login"
    SESSIONS_ENDED = "accounts:session:end_all", "logout", "count"
    RECOVERY_MADE = "accounts:recovery:make", "mfa_change", "count"
    RECOVERY_USED = "accounts:recovery:use", "mfa_change", "left"
    FACTOR_CHANGED = "accounts:factor:change", "mfa_change"
    PIN_CHANGED = "accounts:pin:change", "mfa_change"
    INVITED = "accounts:person:invite", "role_change", "roles"
    JOINED = "accounts:person:join", "mfa_change"
    PERSON_CHANGED = "accounts:person:update", "role_change", "changed"
    PERSON_DISABLED = "accounts:person:disable", "role_change"
    ROLE_ASKED = "accounts:request:role", "role_change", "role"
    FACTOR_ASKED = "accounts:request:factor", "mfa_change"
    PASSWORD_ASKED = "accounts:request:password", "mfa_change"
    PASSWORD_RESET = "accounts:password:reset", "mfa_change"
    REQUEST_DECIDED = "accounts:request:decide", "role_change", "kind role state"
    DEPUTY_NAMED = "accounts:deputy:name", "access_grant", "role from until"
    DEPUTY_ENDED = "accounts:deputy:end", "access_revoke", "role"
    ROLE_GRANTED = "accounts:membership:grant", "role_change", "role"
    ROLE_REVOKED = "accounts:membership:revoke", "role_change", "role"
    ORGANISATION_CREATED = "accounts:organisation:create", "role_change"
    ORGANISATION_CHANGED = "accounts:organisation:update", "role_change", "changed"
    TEAM_CREATED = "accounts:team:create", "role_change"
    DUTY_PLANNED = "accounts:duty:plan", "role_change", "role"
    DUTY_ENDED = "accounts:duty:end", "role_change", "role"
    EMERGENCY_RIGHT_TAKEN = "accounts:emergency:suspend", "access_revoke"
    EMERGENCY_RIGHT_GIVEN = "accounts:emergency:restore", "access_grant"
    # Cases
    CASE_LISTED = "cases:list:read", "case_view", "count"
    CASE_OPENED = "cases:case:create", "case_create", "kinds"
    RECORD_DECLINED = "cases:record:decline", "case_update"  # a count by day and office: nothing of the person
    DECLINE_TAKEN_BACK = "cases:record:agree", "case_update"  # the tick had been forgotten: the count goes back
    HELPED_ONCE = "cases:contact:help", "case_update"  # a count too
    GROUP_MADE = "cases:group:make", "case_create", "count"
    CASE_READ = "cases:case:read", "case_view"
    CASE_MOVED = "cases:case:move", "transition", "verb from to"
    CASE_ASSIGNED = "cases:case:assign", "case_update"
    RECORD_READ = "cases:record:read", "case_view", "kind"
    RECORD_WRITTEN = "cases:record:write", "case_update", "kind changed"
    NAMES_REVEALED = "cases:identity:reveal", "sensitive_reveal", "reason scope"
    NOTE_ADDED = "cases:note:create", "case_update"
    DRAFT_KEPT = "cases:draft:keep", "case_update", "kind"
    DRAFT_DISCARDED = "cases:draft:discard", "case_update", "kind"
    SEARCHED = "cases:search:run", "case_search", "count fields"
    # Partners
    PARTNER_CREATED = "partners:partner:create", "case_update"
    PARTNER_CHANGED = "partners:partner:update", "case_update", "changed"
    # Consent
    CONSENT_RECORDED = "consent:consent:record", "consent_given", "scope status basis method"
    CONSENT_CONFIRMED = "consent:consent:confirm", "consent_given", "scope"
    CONSENT_WITHDRAWN = "consent:consent:withdraw", "consent_withdrawn", "scope"
    # Referrals
    REFERRAL_DRAFTED = "referrals:referral:draft", "referral_transition", "changed"
    REFERRAL_MOVED = "referrals:referral:move", "referral_transition", "verb from to reason"
    REFERRAL_APPROVED = "referrals:referral:approve", "approval", "snapshot checks"
    REFERRAL_READ = "referrals:referral:read", "case_view"
    LETTER_RESERVED = "referrals:letter:reserve", "letter_generated", "register"
    CONSENT_GONE = "referrals:consent:gone", "consent_withdrawn", "state"
    LETTER_MADE = "referrals:letter:make", "letter_generated", "snapshot sha256 groups"
    LETTER_ISSUED = "referrals:letter:issue", "letter_issued", "register"
    DISCLOSED = "referrals:data:disclose", "disclosure", "groups class basis consents"
    LETTER_READ = "referrals:letter:read", "attachment_view", "sha256"
    APPROVAL_MADE = "referrals:approval:make", "letter_generated", "snapshot sha256"
    EMERGENCY_CALLED = "referrals:emergency:call", "referral_transition"
    EMERGENCY_RATIFIED = "referrals:emergency:ratify", "approval", "snapshot overdue"
    EMERGENCY_RECALLED = "referrals:emergency:recall", "breach", "verb from to overdue"  # the incident of it
    EMERGENCY_ESCALATED = "referrals:emergency:escalate", "referral_transition"
    # Support
    TASK_ADDED = "support:task:add", "case_update"
    TASK_READ = "support:task:read", "case_view"
    TASK_CHANGED = "support:task:change", "case_update", "verb changed"
    TASK_ENDED = "support:task:end", "case_update", "verb"
    # Audit
    AUDIT_ASKED = "audit:audit:ask", "access_grant", "cases"
    AUDIT_APPROVED = "audit:audit:approve", "access_grant", "cases until frame sha256"
    AUDIT_REFUSED = "audit:audit:refuse", "access_revoke"
    AUDIT_ENDED = "audit:audit:end", "access_revoke"
    FRAME_READ = "audit:frame:read", "audit_read", "sha256"
    ACCESS_GRANTED = "policy:access:grant", "access_grant", "reason until"
    FILE_ASKED = "audit:file:ask", "export"
    FILE_MADE = "audit:file:make", "export", "sha256 level"
    FILE_READ = "audit:file:read", "audit_read", "sha256 level"
    TRAIL_READ = "audit:trail:read", "audit_read", "count"
    TRAIL_VERIFIED = "audit:trail:verify", "audit_read", "entries streams rows findings where"
    # Ground
    REFUSED = "policy:access:refuse", "case_view", "action status"
    SEAL_BROKEN = "vault:seal:broken", "breach", "table record"
    KEYRING_MADE = "vault:keyring:create", "key_rotation", "generation"
    KEYS_ROLLED = "vault:keyring:roll", "key_rotation", "epoch resumed wrapped broken destroyed"
    EPOCHS_DESTROYED = "vault:epoch:destroy", "key_rotation", "epochs"
    ROOT_CHANGED = "vault:root:change", "key_rotation"
    ROOT_OPENED = "vault:root:open", "key_rotation", "wrong sealed"
    ROOT_RECOVERED = "vault:root:recover", "key_rotation"
    KIT_REHEARSED = "vault:kit:rehearse", "key_rotation"
    CASE_KEY_BUMPED = "vault:case_key:bump", "key_rotation", "version"
    CASE_RESEALED = "vault:case:reseal", "key_rotation", "records"
    JOB_FAILED = "outbox:job:fail", "case_update", "job error"
