"""The forms of cases: those of the catalogue with the record and version they rest on, and a few small ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from caseflow.core import catalogue
from caseflow.core.catalogue import Section
from caseflow.core.words import language, lazy_gettext
from caseflow.web.forms import (
    CaseForm,
    ChoiceField,
    CnicField,
    HiddenField,
    LongTextField,
    NumberField,
    PhoneField,
    TextField,
    form_for,
)
from caseflow.web.forms.carried import id_of, version_of

# What a page posts beside its answers; a draft keeps none of the first two.
UNKEPT = ("csrf_token", "then")
# For a form that is drawn in answer to the post of another one.
NOTHING_SENT: "MultiDict[str, str]" = MultiDict()


class RecordForm(CaseForm):
    """What every form of the catalogue carries unseen: the record it writes and the version it rests on."""

    record_id = HiddenField()
    rv = HiddenField()

    def answers(self) -> dict[str, Any]:
        """What was answered, without what the form carries for itself."""
        own = {name for name, field in self._fields.items() if field.kind == "hidden" or name == "team_id"}
        return {name: value for name, value in self.values().items() if name not in own}

    @property
    def version(self) -> int:
        """The version the form rests on; one that was tampered with is no version, and so a stale one."""
        return version_of(self.rv.data)

    def record(self, otherwise: UUID) -> UUID:
        """The id of the record, `otherwise` when what was sent is none."""
        return id_of(self.record_id.data, otherwise)


class LookForm(CaseForm):
    """Look before you create. Nothing of it is kept, and nothing of it stands in an address."""

    cnic = CnicField(lazy_gettext("CNIC number"), hint=lazy_gettext("13 digits, with or without hyphens."))
    phone = PhoneField(lazy_gettext("Telephone number"), hint=lazy_gettext("For example 0300 1234567."))
    name = TextField(
        lazy_gettext("Name"), hint=lazy_gettext("Any part of the name, in Latin letters or Urdu."), most=100
    )


class _RevealReason(ChoiceField):
    """A code, because the answer goes into the trail, where nobody's words may stand."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, options=catalogue.load().list("reveal_reason").choices(language()), **kwargs)


class RevealForm(CaseForm):
    """Why somebody opens the real name and numbers."""

    reason = _RevealReason(lazy_gettext("Why do you need them now?"), needed=lazy_gettext("Choose from the list."))


class _ContactResult(ChoiceField):
    """What came of the call: each answer is a button."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, options=catalogue.load().list("contact_result").choices(language()), **kwargs)


class ContactForm(CaseForm):
    """What came of a try to reach the person: one tap, and words only if there is something to say."""

    record_id = HiddenField()
    words = TextField(lazy_gettext("Anything to add"), hint=lazy_gettext("What was said, not who said it."))
    result = _ContactResult(lazy_gettext("What came of the call?"), needed=lazy_gettext("Say what came of the call."))

    def record(self, otherwise: UUID) -> UUID:
        """The id of the note, `otherwise` when what was sent is none."""
        return id_of(self.record_id.data, otherwise)


class UnsafeForm(CaseForm):
    """The version of the safety record that somebody saw when they wrote that contact is not safe any more."""

    rv = HiddenField()

    @property
    def version(self) -> int:
        """The version; one that was tampered with is no version, and so a stale one."""
        return version_of(self.rv.data)


class _PasteField(LongTextField):
    """A piece of a spreadsheet. It is taken as it comes: each cell is judged for itself, and the rest is not lost."""

    def take(self, sent: list[Any]) -> str | None:
        return str(sent[0]) if str(sent[0]).strip() else None


class LinesForm(CaseForm):
    """Lines for a group list: pasted, or as many empty ones as somebody wants to fill in."""

    paste = _PasteField(lazy_gettext("Lines from a spreadsheet"), optional=False)
    empty = NumberField(lazy_gettext("Or how many empty lines?"), optional=False, least=1, greatest=60)
    paste_id = HiddenField()


def shared_sections() -> tuple[Section, ...]:
    """What all of a group share: questions of the screening, asked once, how many they are, and their route."""
    screening, group = catalogue.load().kind("screening"), catalogue.load().kind("group")
    contact, room = (screening.section(code) for code in ("contact", "room"))
    smuggling = catalogue.load().kind("smuggling")
    route = replace(smuggling.field("route"), condition=smuggling.condition)
    asked = (screening.field(code) for code in ("primary_language", "case_type"))
    together = (group.field("group_size"), *asked, route)
    return contact, room, replace(group.section("group"), fields=together)


def counting_form(teams: Sequence[tuple[str, str]]) -> CaseForm:
    """In which team somebody is counted who wants no record. teams: (id, name) of those the worker works in."""
    question = ChoiceField(
        lazy_gettext("Which of your teams counts it?"), options=teams, needed=lazy_gettext("Choose the team.")
    )
    made: CaseForm = type("CountingForm", (CaseForm,), {"team_id": question})(formdata=None)
    return made


def assign_form(members: Sequence[tuple[str, str]], *, now_with: str) -> CaseForm:
    """Who works the case from now on. members: (id, name) of the team; now_with: who has it."""
    question = ChoiceField(
        lazy_gettext("Who works this case from now on?"),
        options=members,
        needed=lazy_gettext("Choose somebody of the team."),
    )
    made: CaseForm = type("AssignForm", (CaseForm,), {"assignee_id": question})(data={"assignee_id": now_with})
    return made


def record_form(
    kind: str,
    data: Mapping[str, Any],
    *,
    sections: Iterable[Section] | None = None,
    sent: Any = None,
    teams: Sequence[tuple[str, str]] = (),
    own: Mapping[str, str] | None = None,
) -> RecordForm:
    """The form of a kind of record, or of some of its sections.

    data: the stored answers and outside facts. sent: what was typed (a draft's, or the request's own when None).
    teams: the choice of team of a new case. own: `record_id` and `rv`, for a form drawn for the first time.
    """
    chosen = tuple(sections or catalogue.load().kind(kind).sections)
    asked = form_for(chosen, language=language(), data=data)
    more: dict[str, Any] = {"layout": asked.layout}
    if len(teams) > 1:
        label, needed = lazy_gettext("Which team is this case for?"), lazy_gettext("Choose the team.")
        more["team_id"] = ChoiceField(label, options=teams, needed=needed)
        more["layout"] = (("", "", ("team_id",)), *asked.layout)
    made = type("CaseRecordForm", (asked, RecordForm), more)
    given = {"formdata": sent or None} if sent is not None else {}
    return made(data={**data, **(own or {})}, **given)


def draft_fields(sent: "MultiDict[str, str]") -> dict[str, list[str]]:
    """What was typed, as it was posted: a draft checks nothing and loses nothing."""
    return {name: sent.getlist(name) for name in sent if name not in UNKEPT}


def of_draft(fields: Mapping[str, list[str]]) -> "MultiDict[str, str]":
    """A draft's fields, as a form reads them."""
    return MultiDict((name, value) for name, values in fields.items() for value in values)
