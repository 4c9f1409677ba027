"""The forms of tasks: what is to be done, how it went, why it is not done."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from caseflow.core import catalogue
from caseflow.core.words import language, lazy_gettext
from caseflow.web.forms import CaseForm, ChoiceField, DateField, HiddenField, LongTextField
from caseflow.web.forms.carried import id_of, version_of

_ = lazy_gettext
WORDS = 500
TEAM = "team"  # nobody in particular


class TaskForm(CaseForm):
    """What is to be done, by when, by whom; `task_form` adds the lists."""

    @property
    def version(self) -> int:
        """The version the form rests on."""
        return version_of(self["rv"].data)

    def record(self, otherwise: UUID) -> UUID:
        """The id of a new task, `otherwise` when what was sent is none."""
        return id_of(self["task_id"].data, otherwise)

    def answers(self) -> dict[str, Any]:
        """What the services take."""
        values = self.values()
        chosen = values.get("assignee_id", TEAM)
        return {
            "kind": values.get("kind", ""),
            "words": values.get("words", ""),
            "due_on": date.fromisoformat(values["due_on"]),
            "assignee_id": None if chosen == TEAM else UUID(chosen),
        }


def task_form(staff: Sequence[tuple[str, str]], data: Mapping[str, str]) -> TaskForm:
    """The form of a new task or of a stored one. staff: (id, name) of those who can be given it."""
    people = [*staff, (TEAM, _("Nobody in particular: the team"))]
    kinds = catalogue.load().list("task_kind").choices(language())
    questions = {
        "task_id": HiddenField(),
        "rv": HiddenField(),
        "kind": ChoiceField(_("What is to be done?"), options=kinds, needed=_("Say what is to be done.")),
        "words": LongTextField(
            _("What exactly?"), hint=_("Only what somebody needs in order to do it. Write no names."), most=WORDS
        ),
        "due_on": DateField(_("By which day?"), needed=_("Give the day by which it is to be done.")),
        "assignee_id": ChoiceField(_("Who does it?"), options=people, needed=_("Say who does it.")),
    }
    made: TaskForm = type("NewTaskForm", (TaskForm,), questions)(data=dict(data))
    return made


class FinishForm(CaseForm):
    """How it went; a tap without words is enough."""

    outcome = LongTextField(_("How did it go?"), hint=_("One line is enough. Write no names."), most=WORDS)


class DropForm(CaseForm):
    """Why it is not done."""

    reason = LongTextField(_("Why is it not done?"), hint=_("Write no names."), most=WORDS, needed=_("Give a reason."))
