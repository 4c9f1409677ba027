"""Every rule of the application as an address that exists in the scene."""

import re
from dataclasses import dataclass
from uuid import UUID

from caseflow.web.guards import guard_of

# The one thing an `<uuid:id>` stands for, by the beginning of its rule.
OBJECTS = (
    ("/duty/right/", "staff"), ("/duty/", "duty"),
    ("/people/organisation/", "organisation"), ("/people/", "staff"), ("/cases/", "case"), ("/partners/", "partner"),
    ("/requests/", "request"), ("/factor/", "factor"), ("/password/", "password"),
    ("/audits/", "audit"), ("/tasks/", "task"),
    ("/referrals/", "referral_issued"),
)  # fmt: skip
# Where only one state makes sense.
BETTER = {
    "referrals.decide": "referral_pending_approval", "referrals.record_decision": "referral_pending_approval",
    "referrals.edit": "referral_draft", "referrals.save": "referral_draft", "referrals.submit": "referral_draft",
    "audit.decide": "audit_asked", "audit.sample": "audit_sampled", "audit.frame_text": "audit_sampled",
    "referrals.emergency_issued": "referral_emergency",
    "referrals.called": "referral_emergency", "referrals.ratify": "referral_emergency",
    "referrals.record_ratification": "referral_emergency",
}  # fmt: skip
FRESH = "7f3c2a10-0000-4000-8000-00000000c0de"  # an id that nothing has yet
KINDS = re.compile(r"<any\(([^)]+)\):kind>")
PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One method of one rule. `shape` is the rule for people to read, `url` an address of the scene."""

    method: str
    shape: str
    endpoint: str
    url: str
    of: str  # the name of the object in the scene, or ""

    @property
    def row(self):
        return f"{self.method} {self.shape}"


def every_address(app, ids):
    """All of them, in order, without static files."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for shape in _kinds(rule.rule):
            of = BETTER.get(rule.endpoint) or next((name for start, name in OBJECTS if rule.rule.startswith(start)), "")
            url = PART.sub(lambda part, of=of: _value(part.group(1), of, ids), shape)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                found.append(Address(method, shape, rule.endpoint, url, of if "<uuid:id>" in shape else ""))
    return sorted(found, key=lambda one: (one.shape, one.method))


def object_of(app, address, ids):
    """(the guard, whether it loads an object, that object) of an address, inside a context."""
    guard = guard_of(app.view_functions[address.endpoint])
    if guard is None or guard.load is None:
        return guard, False, None
    load = getattr(guard.load, "plain", guard.load)
    return guard, True, load(UUID(ids[address.of]))


def _kinds(rule):
    listed = KINDS.search(rule)
    if not listed:
        return [rule]
    return [rule.replace(listed.group(), kind.strip()) for kind in listed.group(1).split(",")]


def _value(name, of, ids):
    named = {
        "consent_id": "consent", "group_id": "group", "file_id": "file",
        "draft_id": "draft", "membership_id": "membership",
        "token": {"factor": "link", "password": "word_link"}.get(of, "token"),
        "session_id": "session", "deputy_id": "deputy",
        "paper_id": "paper",
    }  # fmt: skip
    if name == "id":
        return ids[of]
    return FRESH if name == "case_id" else ids[named[name]]
