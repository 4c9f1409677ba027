"""Every page, whose it is and where; a page of the application without an entry here fails a test."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One look at one page: `who` (empty: nobody is signed in) opens `path`. `name` is also the picture's name."""

    name: str
    endpoint: str
    who: str
    path: str


CASE, REFERRAL = "/cases/{case}", "/referrals"
RECORDS = {
    "accept": "acknowledged", "acknowledge": "issued", "cancel": "returned", "close": "feedback_received",
    "deliver": "in_service", "feedback": "service_delivered", "no_show": "accepted", "refuse": "acknowledged",
    "start_service": "accepted", "withdraw": "accepted",
}  # fmt: skip

PAGES = (
    Page("sign-in", "accounts.sign_in", "", "/sign-in"),
    Page("unavailable", "accounts.unavailable", "", "/unavailable"),
    Page("join", "accounts.join", "", "/join/{invitation}"),
    Page("join-code", "accounts.join_code", "", "/join/{invitation_code}/code"),
    Page("home-caseworker", "desk.home", "sana", "/"),
    Page("home-supervisor", "desk.home", "imran", "/"),
    Page("home-auditor", "desk.home", "nadia", "/"),
    Page("home-protection", "desk.home", "kamran", "/"),
    Page("home-administrator", "desk.home", "adeel", "/"),
    Page("home-second-office", "desk.home", "zarina", "/"),
    Page("home-after-emergency", "desk.home", "farzana", "/"),
    Page("duty", "accounts.duty", "imran", "/duty"),
    Page("duty-caseworker", "accounts.duty", "sana", "/duty"),
    Page("emergency", "referrals.emergency", "sana", "/emergency"),
    Page("emergency-known", "referrals.emergency", "sana", "/emergency?case={case}"),
    Page("emergency-issued", "referrals.emergency_issued", "sana", "/referrals/{issued_emergency}/emergency"),
    Page("emergency-recalled", "referrals.emergency_issued", "sana", "/referrals/{recalled}/emergency"),
    Page("referral-emergency", "referrals.show", "sana", "/referrals/{issued_emergency}"),
    Page("ratify", "referrals.ratify", "imran", "/referrals/{issued_emergency}/ratify"),
    Page("ratify-protection", "referrals.ratify", "kamran", "/referrals/{issued_emergency}/ratify"),
    Page("account", "accounts.account", "sana", "/account"),
    Page("own-sessions", "accounts.own_sessions", "sana", "/account/sessions"),
    Page("deputies", "accounts.deputies", "imran", "/account/deputies"),
    Page("deputies-none", "accounts.deputies", "adeel", "/account/deputies"),
    Page("own-pin", "accounts.own_pin", "sana", "/account/pin"),
    Page("rights", "accounts.show_rights", "kamran", "/rights"),
    Page("people", "accounts.people", "adeel", "/people/"),
    Page("person-of-staff", "accounts.person", "adeel", "/people/{sana}"),
    Page("invited-person", "accounts.person", "adeel", "/people/{invited}"),
    Page("edit-person", "accounts.edit_person", "adeel", "/people/{sana}/edit"),
    Page("requests", "accounts.requests", "kamran", "/requests/"),
    Page("requests-administrator", "accounts.requests", "adeel", "/requests/"),
    Page("request", "accounts.request_of", "kamran", "/requests/{request}"),
    Page("request-of-invited", "accounts.request_of", "kamran", "/requests/{request_invited}"),
    Page("request-asked", "accounts.request_of", "adeel", "/requests/{request}"),
    Page("factor", "accounts.factor", "", "/factor/{factor_link}"),
    Page("invite", "accounts.invite", "adeel", "/people/invite"),
    Page("offices", "accounts.offices", "adeel", "/people/organisation"),
    Page("office", "accounts.office", "adeel", "/people/organisation/{office}"),
    Page("new-office", "accounts.new_office", "adeel", "/people/organisation/new"),
    Page("cases", "cases.cases", "sana", "/cases/"),
    Page("cases-supervisor", "cases.cases", "imran", "/cases/"),
    Page("look", "cases.look", "sana", "/cases/new"),
    Page("first-screening", "cases.new_screening", "sana", "/cases/new/{fresh}/screening"),
    Page("first-screening-draft", "cases.new_screening", "sana", "/cases/new/{draft}/screening"),
    Page("helped-once", "cases.helped", "sana", "/cases/new/{fresh}/helped"),
    Page("contacts", "cases.contacts", "imran", "/cases/contacts"),
    Page("drafts", "cases.drafts", "sana", "/drafts"),
    Page("drafts-none", "cases.drafts", "zarina", "/drafts"),
    Page("search", "desk.search", "sana", "/search"),
    Page("case", "desk.case", "sana", CASE),
    Page("case-supervisor", "desk.case", "imran", CASE),
    Page("screenings", "cases.screenings", "sana", CASE + "/screening"),
    Page("screen-again", "cases.screen_again", "sana", CASE + "/screening/new"),
    Page("person", "cases.record", "sana", CASE + "/person"),
    Page("identity", "cases.record", "sana", CASE + "/identity"),
    Page("safety", "cases.record", "sana", CASE + "/safety"),
    Page("call", "cases.call", "sana", CASE + "/call"),
    Page("trafficking", "cases.record", "sana", CASE + "/trafficking"),
    Page("smuggling", "cases.record", "sana", CASE + "/smuggling"),
    Page("journey", "cases.record", "sana", CASE + "/journey"),
    Page("assessments", "cases.assessments", "sana", CASE + "/assessment"),
    Page("assess", "cases.assess", "sana", CASE + "/assessment/new"),
    Page("notes", "cases.notes", "sana", CASE + "/notes"),
    Page("tasks", "support.tasks", "sana", "/tasks/"),
    Page("tasks-team", "support.tasks", "imran", "/tasks/?show=team"),
    Page("task-new", "support.new", "sana", CASE + "/tasks/new"),
    Page("task", "support.task", "sana", "/tasks/{task}"),
    Page("task-done", "support.task", "sana", "/tasks/{task_done}"),
    Page("task-change", "support.ask_change", "sana", "/tasks/{task}/change"),
    Page("task-drop", "support.ask_drop", "sana", "/tasks/{task}/drop"),
    Page("assign", "cases.assign", "imran", CASE + "/assign"),
    Page("consents", "consent.register", "sana", CASE + "/consent"),
    Page("consent-scope", "consent.new", "sana", CASE + "/consent/new"),
    Page("consent-recipient", "consent.new", "sana", CASE + "/consent/new?scope=share_referral"),
    Page("consent-services", "consent.new", "sana", CASE + "/consent/new?scope=services"),
    Page("consent-sharing", "consent.new", "sana", CASE + "/consent/new?scope=share_referral&partner={partner}"),
    Page("consent-confirm", "consent.confirm", "sana", CASE + "/consent/{consent_unfree}/confirm"),
    Page("consent-withdraw", "consent.withdraw", "sana", CASE + "/consent/{consent}/withdraw"),
    Page("partners", "partners.listing", "sana", "/partners/"),
    Page("partner", "partners.show", "sana", "/partners/{partner}"),
    Page("partner-keeper", "partners.show", "imran", "/partners/{partner}"),
    Page("new-partner", "partners.new", "imran", "/partners/new"),
    Page("edit-partner", "partners.edit", "imran", "/partners/{partner}/edit"),
    Page("referrals", "referrals.index", "sana", "/referrals/"),
    Page("referrals-waiting", "referrals.index", "imran", "/referrals/?queue=waiting"),
    Page("referral-partner", "referrals.new", "sana", CASE + "/referrals/new"),
    Page("referral-form", "referrals.new", "sana", CASE + "/referrals/new?partner={partner}"),
    Page("referral", "referrals.show", "sana", REFERRAL + "/{feedback_received}"),
    Page("referral-returned", "referrals.show", "sana", REFERRAL + "/{returned}"),
    Page("referral-issued", "referrals.show", "sana", REFERRAL + "/{issued}"),
    Page("referral-edit", "referrals.edit", "sana", REFERRAL + "/{returned}/edit"),
    Page("approval", "referrals.decide", "imran", REFERRAL + "/{pending_approval}/decide"),
    Page("preview", "referrals.preview", "imran", REFERRAL + "/{pending_approval}/preview"),
    Page("letter-register", "referrals.register", "imran", "/referrals/register"),
    *(
        Page(f"record-{verb}", f"referrals.record_{verb}", "sana", f"{REFERRAL}/{{{state}}}/record/{verb}")
        for verb, state in RECORDS.items()
    ),
    Page("audits", "audit.audits", "nadia", "/audits/"),
    Page("audits-protection", "audit.audits", "kamran", "/audits/"),
    Page("audit", "audit.show", "nadia", "/audits/{audit}"),
    Page("audit-to-decide", "audit.show", "kamran", "/audits/{audit_asked}"),
    Page("audit-ask", "audit.ask", "nadia", "/audits/new"),
    Page("trail", "audit.trail", "kamran", "/trail"),
)

# GET rules that are no page, or one that only a moment shows: why, and where it is looked at instead.
ELSEWHERE = {
    "static": "files",
    "accounts.health": "JSON for watchdogs",
    "audit.download": "a PDF; the journey opens one",
    "referrals.letter": "a PDF; the journey opens one",
    "accounts.sign_in_code": "between password and code; scenes.py shows it",
    "accounts.sign_in_recovery": "between password and code; scenes.py shows it",
    "accounts.unlock": "when a session rested; scenes.py shows it",
    "accounts.kept": "after a session ended under one's hands; scenes.py shows it",
}
