"""Forms of the consent register. What an answer may be is said once, in `services.checking.SHAPES`."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from caseflow.consent import states
from caseflow.consent.services.checking import SHAPES, WITHDRAWN_BY
from caseflow.core import catalogue
from caseflow.core.catalogue.disclosure import DEFAULT, WITH_OWN_CONSENT
from caseflow.core.words import N_, gettext, language, lazy_gettext
from caseflow.web.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    HiddenField,
    LongTextField,
    TextField,
    TickField,
)
from caseflow.web.forms.carried import id_of, version_of

TOLD_WORDS = {
    "purpose": N_("what it is for"),
    "uses": N_("who will read it, and what it is used for"),
    "storage": N_("how it is kept, and for how long"),
    "see": N_("that they may see it and have it corrected"),
    "withdraw": N_("that they may take it back at any time"),
}


def _codes(of: str, only: Iterable[str] = ()) -> list[tuple[str, str]]:
    pairs = catalogue.load().list(of).choices(language())
    wanted = set(only)
    return [pair for pair in pairs if not wanted or pair[0] in wanted]


def _words(of: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, gettext(words)) for code, words in of.items()]


def _labels(groups: Iterable[str]) -> list[tuple[str, str]]:
    return [(group, catalogue.load().label("disclosure_group", group, language())) for group in groups]


class Listed(ChoiceField):
    """One code of a list of the catalogue; `only` keeps some of its codes."""

    def __init__(self, label: str = "", *, of: str, only: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(label, options=_codes(of, only), **kwargs)


class Worded(ChoiceField):
    """One of a few answers whose words are our own."""

    def __init__(self, label: str = "", *, of: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(label, options=_words(of), **kwargs)


class Present(ChoicesField):
    """Who is in the room; `alone` stands alone."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, options=_codes("person_present"), asked=SHAPES["setting"], **kwargs)


class Told(ChoicesField):
    """The five things that must be explained (HTCDS con_Consent)."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, options=_words(TOLD_WORDS), **kwargs)


class _Versioned(CaseForm):
    """What a small form carries unseen: the version it rests on."""

    rv = HiddenField()

    @property
    def version(self) -> int:
        """The version; one that was tampered with is no version, and so a stale one."""
        return version_of(self.rv.data)

    def rest_on(self, rv: int) -> None:
        """Rest on a newer version, after somebody was faster."""
        self.rv.raw_data, self.rv.data = None, str(rv)

    def answers(self) -> dict[str, Any]:
        """What was answered, without what the form carries for itself."""
        return {code: value for code, value in self.values().items() if code != "rv"}


class ConfirmForm(_Versioned):
    """Confirm in private what was not given freely."""

    on = DateField(lazy_gettext("Day you spoke"), optional=False)
    place = TextField(lazy_gettext("Where"), hint=lazy_gettext("A room or a kind of place. No address of a shelter."),
                      most=120, optional=False)  # fmt: skip
    alone = TickField(lazy_gettext("Nobody else could hear, and the person still says yes"), optional=False)


class WithdrawForm(_Versioned):
    """The person takes a consent back."""

    withdrawn_on = DateField(lazy_gettext("Day the person said so"), optional=False)
    withdrawn_by = Worded(lazy_gettext("Who told us?"), of=WITHDRAWN_BY, optional=False)
    withdrawn_how = Listed(lazy_gettext("How were you told?"), of="contact_channel", optional=False)
    reason = LongTextField(
        lazy_gettext("Why, in the person's words"),
        hint=lazy_gettext("Nobody owes us a reason."),
        asked=SHAPES["reason"],
    )


class RecipientForm(CaseForm):
    """Which partner of the directory a sharing is about; partners are few, so a list does."""

    scope = HiddenField()
    partner = ChoiceField(lazy_gettext("With whom?"), optional=False)

    @classmethod
    def among(cls, partners: Iterable[tuple[str, str]], scope: str) -> "RecipientForm":
        """The form with these partners to choose from: pairs (id, name)."""
        partner = _Select(lazy_gettext("With whom?"), options=list(partners), optional=False)
        chosen = type("Recipients", (cls,), {"partner": partner})
        return chosen(formdata=None, data={"scope": scope})


class _Select(ChoiceField):
    kind = "select"  # type: ignore[assignment]


class _Record(CaseForm):
    consent_id = HiddenField()
    scope = HiddenField()
    recipient_id = HiddenField()

    def record(self, otherwise: UUID) -> UUID:
        """The id of the new consent, `otherwise` when what was sent is none."""
        return id_of(self.consent_id.data, otherwise)

    def answers(self, **known: Any) -> dict[str, Any]:
        """The answers in the shape that the service takes; `known` says what the page is about."""
        values = {code: value for code, value in self.values().items() if code != "consent_id"}
        told = values.pop("told", None) or []
        return {**values, **known, "told": {key: key in told for key in TOLD_WORDS}}


def record_form(*, cells: Mapping[str, str] | None, child: bool, scope: str) -> type[_Record]:
    """The form for one scope. `cells` is the matrix of the recipient (None when nothing is shared)."""
    sharing = _sharing(cells) if cells is not None else {}
    fields = {**_answer(scope), **sharing, **_room(), **_how(child), **(_child() if child else {}), **_end(child)}
    layout = (
        (lazy_gettext("The answer"), "", ("status", "given_on", "valid_until")),
        (lazy_gettext("What may be shared"), "", tuple(sharing)),
        (lazy_gettext("Who was in the room"), _ROOM_HINT, tuple(_room())),
        (lazy_gettext("How it was given"), lazy_gettext("After a no, leave all of this empty."), tuple(_how(child))),
        (lazy_gettext("The child and the guardian"), "", tuple(_child()) if child else ()),
        (lazy_gettext("Anything else"), "", tuple(_end(child))),
    )
    return type("RecordForm", (_Record,), {**fields, "layout": tuple(part for part in layout if part[2])})


_ROOM_HINT = lazy_gettext("A yes before an officer, an employer or a relative is kept, and confirmed later in private.")


def _answer(scope: str) -> dict[str, Any]:
    days = (
        lazy_gettext("Empty: 90 days after it was given.")
        if scope in states.SHARING
        else lazy_gettext("Empty: twelve months after it was given.")
    )
    return {
        "status": Worded(
            lazy_gettext("What did the person say?"),
            hint=lazy_gettext("A no closes no help. After a no, only the day is needed."),
            of={"given": N_("Yes"), "refused": N_("No")},
            optional=False,
        ),
        "given_on": DateField(lazy_gettext("Day of the answer"), optional=False),
        "valid_until": DateField(lazy_gettext("Valid until"), hint=days),
    }


def _sharing(cells: Mapping[str, str]) -> dict[str, Any]:
    """The groups that may go there: by default all of Y, and each of C with a tick of its own."""
    always = set(catalogue.system_groups())
    plain = [group for group, cell in cells.items() if cell == DEFAULT and group not in always]
    own = [group for group, cell in cells.items() if cell == WITH_OWN_CONSENT]
    fields: dict[str, Any] = {
        "groups": ChoicesField(
            lazy_gettext("What such a recipient usually needs"),
            hint=lazy_gettext("Take away what the person does not want to be told. The reference, the service asked "
                              "for and the statement of consent always go."),
            options=_labels(plain), asked=SHAPES["groups"], optional=False, default=plain,
        )
    }  # fmt: skip
    if own:
        fields["own_ticks"] = ChoicesField(
            lazy_gettext("Only with its own yes"),
            hint=lazy_gettext("Ask for each one. Tick only what the person agreed to by name."),
            options=_labels(own), asked=SHAPES["own_ticks"],
        )  # fmt: skip
    return fields


def _room() -> dict[str, Any]:
    return {
        "setting": Present(lazy_gettext("Who was with the person?"), optional=False),
        "private": Listed(lazy_gettext("Did you speak in private?"), of="yes_no", optional=False),
        "free_to_leave": Listed(
            lazy_gettext("Was the person free to leave that place?"), of="free_to_leave", optional=False
        ),
    }


def _how(child: bool) -> dict[str, Any]:
    bases = states.CHILD_BASES if child else states.ADULT_BASES
    return {
        "basis": Listed(lazy_gettext("On what basis?"), of="consent_basis", only=bases, optional=False),
        "method": Listed(lazy_gettext("How?"), of="consent_method", optional=False),
        "witness": TextField(
            lazy_gettext("Witness"),
            hint=lazy_gettext("For a best-interests decision: the post of the second member of staff.")
            if child
            else lazy_gettext("Their post or relation is enough."),
            asked=SHAPES["witness"],
        ),
        "language": Listed(lazy_gettext("Language in which it was explained"), of="language", optional=False),
        "interpreter": TickField(lazy_gettext("An interpreter helped"), optional=True),
        "told": Told(lazy_gettext("The person was told"), optional=True),
    }


def _child() -> dict[str, Any]:
    return {
        "assent": TickField(lazy_gettext("The child agreed, in words the child understands"), optional=True),
        "guardian_name": TextField(lazy_gettext("Guardian"), asked=SHAPES["guardian_name"]),
        "guardian_relation": TextField(lazy_gettext("Relation to the child"), asked=SHAPES["guardian_relation"]),
        "guardian_suspect": Listed(
            lazy_gettext("May the guardian have a part in what happened?"),
            hint=lazy_gettext("A guardian who may be a suspect can consent to nothing. In doubt, say yes."),
            of="yes_no",
            optional=True,
        ),
    }


def _end(child: bool) -> dict[str, Any]:
    label = lazy_gettext("Best-interests note, or anything else") if child else lazy_gettext("Note")
    return {"reason": LongTextField(label, hint=lazy_gettext("No names of other people."), asked=SHAPES["reason"])}
