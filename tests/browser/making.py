"""Add to a fresh demonstration what every page needs to show something; prints addresses and sessions as JSON.

Run by tests/browser/house.py in a process of its own, so that the vault of the tests stays untouched.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from caseflow.accounts.models import Organisation, Staff, StaffMembership, Team
from caseflow.accounts.queries import actor_for
from caseflow.accounts.services import invitations, pins, requests
from caseflow.accounts.services.sessions import replace_session, start_session
from caseflow.audit import queries as audit_queries
from caseflow.audit import services as audits
from caseflow.cases import services as casework
from caseflow.cases.models import Case
from caseflow.cases.queries import group_of, office_day
from caseflow.consent import services as consents
from caseflow.consent.queries import register_of
from caseflow.core import clock, vault
from caseflow.core.db import new_id, session, writing
from caseflow.core.policy import Actor, Role
from caseflow.demo import stories
from caseflow.factory import create_app
from caseflow.partners import queries as partners
from caseflow.referrals.models import Referral
from caseflow.support import services as support
from config import Config

LANGUAGES = ("en", "ur")
# One case in which everything there is to see can be seen, beside those of the demonstration.
STORY = {
    "days": 8, "who": "sana", "state": "intake",
    "screening": {
        "contact_channel": "in_person", "contact_place": "our_office", "gender": "feminine", "age_at_contact": 27,
        "citizenship": ["PK"], "primary_language": "ur", "immediate_danger": "no", "act_offer": "yes",
        "means_threat": "yes", "purpose_work": "yes", "case_type": "som", "worker_opinion": "Fictional opinion.",
    },
    "again": {"case_type": "tip_som", "means_hold": "yes"},
    "person": {"hopes": "A quiet room.", "dependants_with_person": 1, "dependants_ages": "3"},
    "identity": {"first_name": "Testname", "cnic": "35202-1234567-2", "phone_mobile": "+923001112223"},
    "safety": {
        "safe_contact_way": ["call"], "safe_phone": "+923001112223",
        "immediate_safety_alert": "Confirm the stay to no caller.", "safe_contact_hours": "Weekdays, 10:00 to 12:00",
        "phone_shared_with": "The mother-in-law", "cover_story": "The tailor, about the blue cloth",
        "code_word": "Mulberry", "never_leave_message": True, "do_not_inform_persons": "The landlord",
    },
    "assessment": {
        "risk_level": "high", "risks": [{"type": "retaliation", "likelihood": "medium", "impact": "high"}],
        "needs": [{"service": "safe_shelter", "priority": "urgent", "note": "A room where nobody asks."},
                  {"service": "legal", "priority": "routine"}],
        "safety_plan": "She calls the office from a neighbour's phone and asks for apricots.",
    },
    "trafficking": {
        "acts": ["recruitment", "harbouring"], "means": ["deception", "abuse_vulnerability"],
        "exploitation": ["domestic_servitude"], "exploitation_happened": "yes", "industry": "T",
        "recruited_how": ["sub_agent"], "wage_promised": "40,000 rupees", "wage_got": "Nothing",
    },
    "journey": {"legs": [
        {"event": "recruitment", "when": "2025-03", "country": "PK", "province": "PK-PB", "city": "Gujrat"},
        {"event": "border_crossing", "when": "2025-04", "country": "IR", "crossing": "taftan", "mode": "truck"},
        {"event": "exploitation", "when": "2025-05", "country": "TR", "note": "Kept in a house at the edge of a town."},
    ]},
    "note": [{"subject": "First talk", "text": "The text of the first note."}],
    "referral": [
        {"partner": "shelter", "services": ["safe_shelter"], "urgency": "urgent", "request": "A room.",
         "until": until} for until in ("feedback_received", "pending_approval", "accepted")
    ],
}  # fmt: skip


# A pasted list: the first two become cases.
LIST = """Mark,Sex,Age,Citizenship,Language,Child with,Talk,Record,Need
A1,m,24,Pakistan,Urdu,,yes,yes,
A2,f,31,Pakistan,Pashto,,yes,yes,injured foot
A3,m,19,Afghanistan,Pashto,,yes,yes,
A4,boy,15,Afghanistan,Pashto,alone,yes,yes,
A5,mann,22,Pakistan,Urdu,,yes,yes,
A6,f,old,Atlantis,,,yes,,
A7,f,40,PK,ur,,yes,no,
A3,m,19,Afghanistan,Pashto,,yes,yes,
"""


class Made:
    """The people, teams and partners of the demonstration, by the names the storyteller uses."""

    def __init__(self) -> None:
        self.staff = {vault.read(one)["sign_in"]: one.id for one in session().scalars(select(Staff))}
        links = session().scalars(select(StaffMembership).where(StaffMembership.staff_id == self.staff["sana"]))
        self.teams = {"chenab": next(iter(links)).team_id}
        known = {one.name: one.id for one in partners.all_active()}
        self.partners = {one.code: one.id for one in partners.all_active() if one.code}
        self.partners["shelter"] = next(known[name] for name in known if name.startswith("Sukh Chain Shelter"))

    def actor(self, sign_in: str, now: datetime):
        return actor_for(session().get_one(Staff, self.staff[sign_in]), now=now)


def make(app: Flask) -> dict:
    """Everything; what House holds (house.py)."""
    made, now = Made(), clock.now()
    ids = {"case": _case(app, made, now)}
    ids |= _referrals(ids["case"]) | _consents(made, ids["case"], now) | _offices(made)
    ids |= _tasks(made, ids["case"], now)
    ids |= _audit(app, made, ids["case"], now) | _invited(made, now) | _draft(made, now)
    ids |= {"partner": made.partners["shelter"], "sana": made.staff["sana"], "team": made.teams["chenab"]}
    tokens = {language: {one: _token(made, one, language) for one in made.staff} for language in LANGUAGES}
    tokens["dead"] = {"sana": _token(made, "sana", "en", ended=True)}
    tokens["resting"] = _resting(made, now)
    rules = [[rule.rule, rule.endpoint] for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    told = {"private": _private(ids["case"]), "rules": sorted(rules)}
    return {"ids": {name: str(one) for name, one in ids.items()}, "tokens": tokens, **told}


def _case(app: Flask, made: Made, now: datetime) -> UUID:
    stories.LINES["feedback_received"] = (*stories.LINES["service_delivered"], "feedback")
    return _teller(app, made, now).tell(STORY)


def _teller(app: Flask, made: Made, now: datetime) -> stories.Storyteller:
    return stories.Storyteller(made=made, outbox=app.extensions["caseflow"].outbox, now=now)


def _private(case_id: UUID) -> list[str]:
    """What no title and no address may say: names of the person, of staff and of partners, numbers, what was typed."""
    case = vault.read(session().get_one(Case, case_id))
    staff = [vault.read(one)["name"] for one in session().scalars(select(Staff))]
    partner = [one.doc[name] for one in partners.all_active() for name in ("name_en", "name_ur") if one.doc.get(name)]
    typed = ["Testname", "35202", "3001112223", "quiet room", "First talk"]
    return [case["code_en"], case["code_ur"], *staff, *partner, *typed]


def _referrals(case_id: UUID) -> dict[str, UUID]:
    """One referral in each state; those of the case above win."""
    every = session().scalars(select(Referral).order_by(Referral.created_at)).all()
    mine = [one for one in every if one.case_id != case_id] + [one for one in every if one.case_id == case_id]
    worker = session().get_one(Case, case_id).assignee_id
    hers = set(session().scalars(select(Case.id).where(Case.assignee_id == worker)))
    found = {one.state: one.id for one in mine if one.case_id in hers}
    # For the pictures of the README: a case and an approval of the demonstration itself.
    served = {one.case_id for one in mine if one.state == "in_service" and one.case_id in hers}
    waiting = next(one for one in mine if one.state == "pending_approval" and one.case_id in served)
    return found | {"shown_case": waiting.case_id, "shown_approval": waiting.id}


def _consents(made: Made, case_id: UUID, now: datetime) -> dict[str, UUID]:
    """One that can be withdrawn; one that was not given freely and waits to be confirmed in private."""
    police = {
        "scope": "law_enforcement", "recipient_id": str(made.partners["fia_ahtc"]), "purpose": "A complaint",
        "groups": ["case_reference_and_referral_no"], "status": "given", "basis": "informed", "assent": False,
        "method": "verbal_witness", "witness": "A colleague of the office", "language": "ur", "setting": ["officer"],
        "private": "no", "free_to_leave": "yes", "given_on": now.date().isoformat(), "told": {},
    }  # fmt: skip
    with writing():
        consents.record_consent(
            actor=made.actor("sana", now), consent_id=new_id(), case_id=case_id, data=police, now=now
        )
    given = [one for one in register_of(case_id, today=now.date()) if one.status == "given"]
    return {
        "consent": next(one.id for one in given if one.free),
        "consent_unfree": next(one.id for one in given if one.awaits_confirmation),
    }


def _offices(made: Made) -> dict[str, UUID]:
    team = session().get_one(Team, made.teams["chenab"])
    return {"office": session().get_one(Organisation, team.organisation_id).id}


def _tasks(made: Made, case_id: UUID, now: datetime) -> dict[str, UUID]:
    """One late, one for today, one for later, one of the team, and one that is done."""
    sana, ids = made.actor("sana", now), {name: new_id() for name in ("task_late", "task", "task_later", "task_done")}
    days = {
        "task_late": (-2, "document"), "task": (0, "call"), "task_later": (3, "accompany"), "task_done": (0, "visit"),
    }  # fmt: skip
    words = "Ask whether the appointment still fits, and who brings the children."
    for name, (away, kind) in days.items():
        at = now + timedelta(days=min(away, 0))
        day = office_day(sana.organisation_id, now) + timedelta(days=away)
        with writing():
            support.add_task(
                actor=sana, task_id=ids[name], case_id=case_id, kind=kind, words=words, due_on=day,
                assignee_id=None if name == "task_later" else sana.user_id, now=at,
            )  # fmt: skip
    with writing():
        support.finish_task(actor=sana, task_id=ids["task_done"], outcome="The room is quiet and safe.", now=now)
    return ids


def _audit(app: Flask, made: Made, case_id: UUID, now: datetime) -> dict[str, UUID]:
    """One audit that waits, one that runs, with a file ready."""
    auditor, protection = made.actor("nadia", now), made.actor("kamran", now)
    number, today = session().get_one(Case, case_id).number, now.date()
    ids = {"audit_asked": new_id(), "audit": new_id(), "audit_file": new_id()}
    words = {"purpose": "Quality of referrals in the last quarter", "scope": "Consent, approval and answer"}
    for name in ("audit_asked", "audit"):
        with writing():
            audits.ask_audit(
                actor=auditor, audit_id=ids[name], numbers=[number], ends_on=today + timedelta(days=14),
                today=today, now=now, **words,
            )  # fmt: skip
    with writing():
        audits.approve_audit(actor=protection, audit_id=ids["audit"], zone="Asia/Karachi", today=today, now=now)
    with writing():
        audits.ask_file(
            actor=made.actor("nadia", now), audit_id=ids["audit"], file_id=ids["audit_file"], case_id=case_id,
            what="file", today=today, now=now,
        )  # fmt: skip
    app.extensions["caseflow"].outbox.run_due(clock=clock.now)
    return ids | _samples(app, made, now)


def _samples(app: Flask, made: Made, now: datetime) -> dict[str, UUID]:
    """A sample that waits, one that was drawn (with a skeleton, a file that failed and the audit's trail), one over."""
    auditor, protection, today = made.actor("nadia", now), made.actor("kamran", now), now.date()
    names = ("audit_sample_asked", "audit_sampled", "audit_ended")
    ids = {name: new_id() for name in names}
    wanted = {
        "since": (today - timedelta(days=60)).isoformat(), "until": today.isoformat(), "happened": "worked",
        "states": [], "teams": [], "size": 4, "seed": "blue kettle 7",
    }  # fmt: skip
    for name in names:
        with writing():
            audits.ask_audit(
                actor=auditor, audit_id=ids[name], numbers=[], ends_on=today + timedelta(days=14), today=today, now=now,
                purpose="Was each letter approved before it was sent?", scope="A check each quarter", sampling=wanted,
            )  # fmt: skip
    for name in names[1:]:
        with writing():
            audits.approve_audit(actor=protection, audit_id=ids[name], zone="Asia/Karachi", today=today, now=now)
    _work_on_sample(app, made, ids["audit_sampled"], now)
    with writing():
        audits.end_audit(actor=protection, audit_id=ids["audit_ended"], now=now)
    return ids


def _work_on_sample(app: Flask, made: Made, audit_id: UUID, now: datetime) -> None:
    auditor, outbox = made.actor("nadia", now), app.extensions["caseflow"].outbox
    case_ids = audit_queries.view_of(audit_queries.get_audit(audit_id), today=now.date()).case_ids
    files = [new_id() for _one in case_ids[:2]]
    with writing():
        for file_id, case_id in zip(files, case_ids, strict=False):
            audits.ask_file(
                actor=auditor, audit_id=audit_id, file_id=file_id, case_id=case_id, what="file", today=now.date(),
                now=now,
            )  # fmt: skip
        audits.ask_trail(actor=auditor, audit_id=audit_id, file_id=new_id(), today=now.date(), now=now)
        audits.give_up(file_id=files[1], now=now)
    outbox.run_due(clock=clock.now)


def _invited(made: Made, now: datetime) -> dict[str, str]:
    """Two invitations: a password is still to choose, and a code is still to show."""
    found = {}
    for name in ("invitation", "invitation_code"):
        doc = {"sign_in": name.replace("_", "-"), "name": "Invited Fictional", "language": "en"}
        doc |= {
            "post_en": "Caseworker",
            "post_ur": "کیس ورکر",
            "phone": "+920000000000",
            "email": "invited@chenab.example",
        }
        with writing():
            staff, found[name] = invitations.invite(
                actor=made.actor("adeel", now), organisation_id=made.actor("adeel", now).organisation_id,
                team_id=made.teams["chenab"], role=Role.CASEWORKER, doc=doc, now=now,
            )  # fmt: skip
    with writing():
        invitations.choose_password(token=found["invitation_code"], password_hash="x", asks_code=True, now=now)
    return {**found, "invited": staff.id, **_requests(made, staff, now)}


def _requests(made: Made, invited: Staff, now: datetime) -> dict[str, UUID | str]:
    """A role that waits for somebody at work and for somebody invited; a link for a lost second factor."""
    admin, office = made.actor("adeel", now), made.actor("adeel", now).organisation_id
    found: dict[str, UUID | str] = {}
    for name, staff in (("request", session().get_one(Staff, made.staff["sana"])), ("request_invited", invited)):
        with writing():
            found[name] = requests.ask_role(
                actor=admin, staff=staff, organisation_id=office, team_id=made.teams["chenab"], role=Role.SUPERVISOR,
                now=now,
            ).id  # fmt: skip
    with writing():
        lost = requests.ask_factor(actor=admin, staff_id=made.staff["imran"], now=now).id
    with writing():
        found["word_link"] = requests.ask_password(actor=admin, staff_id=made.staff["zarina"], now=now)
    with writing():
        found["factor_link"] = requests.approve(actor=made.actor("kamran", now), request_id=lost, now=now)
    return found


def _draft(made: Made, now: datetime) -> dict[str, UUID]:
    """A first screening that was broken off."""
    case_id = casework.reserve(new_id(), now=now)
    with writing():
        casework.keep_draft(
            actor=made.actor("sana", now), case_id=case_id, record_id=case_id, kind="screening",
            fields={"worker_opinion": ["Half a sentence"]}, now=now,
        )  # fmt: skip
    _counts(made, now)
    return {"draft": case_id, "fresh": new_id(), "group": _group(made, now)}


def _resting(made: Made, now: datetime) -> dict[str, str]:
    """Sessions, by language, of somebody with a PIN, which have rested for six minutes. A supervisor's last longest."""
    doc = {
        "sign_in": "rested",
        "name": "Rested Fictional",
        "language": "en",
        "post_en": "Supervisor",
        "post_ur": "نگران",
    }
    doc |= {"phone": "+920000000000", "email": "rested@chenab.example"}
    office = made.actor("adeel", now).organisation_id
    with writing():
        staff, token = invitations.invite(
            actor=None, organisation_id=office, team_id=made.teams["chenab"], role=Role.SUPERVISOR, doc=doc, now=now
        )
        invitations.choose_password(token=token, password_hash="x", asks_code=False, now=now)
        pins.set_own(actor=actor_for(staff, now=now), pin_hash="x", now=now)
        seen, found = now - timedelta(minutes=6), {}
        for language in LANGUAGES:
            found[language] = start_session(staff=staff, level="full", now=seen, data={"language": language})[0]
    return found


def _group(made: Made, now: datetime) -> UUID:
    """A list of which two cases are made, with lines that are right, wrong, twice, and without a record."""
    sana, team_id, group_id = made.actor("sana", now), made.teams["chenab"], casework.reserve(new_id(), now=now)
    rows = casework.read_table(LIST).rows
    with writing():
        fields = {"contact_date": [now.date().isoformat()], "case_type": ["som"]}
        casework.keep_common(actor=sana, group_id=group_id, fields=fields, answers={}, now=now)
    for some in (rows[:2], rows[2:]):
        with writing():
            casework.add_lines(actor=sana, group_id=group_id, rows=some, paste_id=new_id(), now=now)
        if some == rows[:2]:
            _make_cases(sana, team_id, group_id, now)
    return group_id


def _make_cases(sana: Actor, team_id: UUID, group_id: UUID, now: datetime) -> None:
    group, common = group_of(sana, group_id, needed=True), {"case_type": "som"}
    lines = casework.lines_of(group, actor=sana, team_id=team_id, common=common, now=now)
    for some in casework.batches(lines, now=now):
        with writing():
            casework.make_cases(actor=sana, group_id=group_id, team_id=team_id, lines=some, size=12, now=now)


def _counts(made: Made, now: datetime) -> None:
    """Two people who were helped without a case and one who wanted no record."""
    sana, team_id = made.actor("sana", now), made.teams["chenab"]
    for given in (["food_water", "call"], ["food_water"]):
        data = {"help_given": given, "majority_status": "adult"}
        with writing():
            casework.count_helped(actor=sana, case_id=new_id(), team_id=team_id, data=data, now=now)
    with writing():
        casework.count_declined(actor=sana, case_id=new_id(), team_id=team_id, now=now)


def _token(made: Made, sign_in: str, language: str, *, ended: bool = False) -> str:
    """A session whose second factor was shown just now; or one that is over."""
    with writing():
        staff = session().get_one(Staff, made.staff[sign_in])
        now, data = datetime.now(UTC), {"language": language}
        device = {"browser": "Firefox", "platform": "Android" if language == "en" else "Windows"}
        token, started = start_session(staff=staff, level="full", now=now, confirmed=True, data=data, device=device)
        if ended:
            replace_session(session_id=started.id, now=now)
    return token


def main() -> None:
    """Open the installation that the environment names, add, print."""
    app = create_app(Config.from_environ(os.environ, demo=True))
    with app.app_context():
        json.dump(make(app), sys.stdout)


if __name__ == "__main__":
    main()
