"""Forms of the directory. What an answer may be is said once, in `services.checking.SHAPES`."""

from typing import Any
from uuid import UUID

from caseflow.core import catalogue
from caseflow.core.words import gettext, language, lazy_gettext
from caseflow.partners.queries import PartnerView
from caseflow.partners.services.checking import LEVELS, SERVES, SHAPES, clean_phone
from caseflow.web.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    EmailField,
    HiddenField,
    LongTextField,
    PhoneField,
    TextField,
    TickField,
)
from caseflow.web.forms.carried import id_of, version_of


class SelectField(ChoiceField):
    """One code of a list as a drop-down, short lists too: filters stand close together."""

    kind = "select"  # type: ignore[assignment]

    def __init__(self, label: str = "", *, of: str, **kwargs: Any) -> None:
        super().__init__(label, options=_codes(of), **kwargs)


class FocalPhoneField(PhoneField):
    """A telephone, or a public help line of three to five digits."""

    def take(self, sent: list[Any]) -> str | None:
        return clean_phone(sent[0])


class FilterForm(CaseForm):
    """What narrows the list; it stands in the address, so it asks nothing about a person."""

    q = TextField(lazy_gettext("Name or words"), most=100, optional=False)
    service = SelectField(lazy_gettext("Service"), of="service_type", optional=False)
    recipient_class = SelectField(lazy_gettext("Class"), of="recipient_class", name="class", optional=False)
    province = SelectField(lazy_gettext("Province"), of="province", optional=False)

    def wanted(self) -> dict[str, str]:
        """Arguments for `queries.directory`; an ill-formed one narrows nothing and says so beside its field."""
        answers = {name: field.data for name, field in self._fields.items() if field.data and not field.errors}
        return {"text" if name == "q" else name: value for name, value in answers.items()}


def _codes(of: str) -> list[tuple[str, str]]:
    return catalogue.load().list(of).choices(language())


def _words(of: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, gettext(words)) for code, words in of.items()]


class ListedField(ChoiceField):
    """One code of a list of the catalogue."""

    def __init__(self, label: str = "", *, of: str, **kwargs: Any) -> None:
        super().__init__(label, options=_codes(of), **kwargs)


class ListedManyField(ChoicesField):
    """Several codes of a list of the catalogue."""

    def __init__(self, label: str = "", *, of: str, **kwargs: Any) -> None:
        super().__init__(label, options=_codes(of), **kwargs)


class LevelField(ChoiceField):
    """How far an organisation reaches."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, options=_words(LEVELS), **kwargs)


class ServesField(ChoicesField):
    """Whom a partner serves."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, options=_words(SERVES), **kwargs)


class PartnerForm(CaseForm):
    """An entry of the directory. It is about an organisation: no member of its staff is named."""

    partner_id = HiddenField()
    rv = HiddenField()
    name_en = TextField(lazy_gettext("Name in English"), asked=SHAPES["name_en"], optional=False)
    name_ur = TextField(lazy_gettext("Name in Urdu"), asked=SHAPES["name_ur"])
    organisation_type = ListedField(lazy_gettext("Kind of organisation"), of="organisation_type", optional=False)
    recipient_class = ListedField(
        lazy_gettext("Class"),
        hint=lazy_gettext("It decides which data may go there. Statistics: figures only, never a referral."),
        of="recipient_class",
        optional=False,
    )
    level = LevelField(lazy_gettext("Level"))
    role_note = LongTextField(
        lazy_gettext("What they do, in a line"), hint=lazy_gettext("No names of people."), asked=SHAPES["role_note"]
    )
    services = ListedManyField(lazy_gettext("Services"), of="service_type")
    serves = ServesField(lazy_gettext("Whom they serve"), hint=lazy_gettext("Leave empty what you do not know."))
    province = ListedField(
        lazy_gettext("Province"), hint=lazy_gettext("Leave empty for the whole country."), of="province"
    )
    districts = ListedManyField(lazy_gettext("Districts"), of="district")
    channels = ListedManyField(lazy_gettext("How referrals reach them"), of="referral_channel")
    post_en = TextField(
        lazy_gettext("Post to write to, in English"),
        hint=lazy_gettext("A post, such as “Focal person for referrals”. Never a person's name."),
        asked=SHAPES["post_en"],
    )
    post_ur = TextField(lazy_gettext("Post to write to, in Urdu"), asked=SHAPES["post_ur"])
    phone = FocalPhoneField(
        lazy_gettext("Official telephone"), hint=lazy_gettext("An office or a public help line, such as 1099.")
    )
    email = EmailField(lazy_gettext("Official e-mail"), asked=SHAPES["email"])
    address = LongTextField(
        lazy_gettext("Postal address"),
        hint=lazy_gettext("Never for a shelter: leave it empty."),
        asked=SHAPES["address"],
    )
    hours = TextField(lazy_gettext("Hours"), asked=SHAPES["hours"])
    open_24h = TickField(lazy_gettext("Open day and night"), optional=True)
    languages = ListedManyField(lazy_gettext("Languages spoken there"), of="language")
    agreement_since = DateField(lazy_gettext("Data-sharing agreement since"))
    agreement_until = DateField(lazy_gettext("Agreement until"), hint=lazy_gettext("Leave empty when no end is set."))
    verified_on = DateField(lazy_gettext("Last checked on"), hint=lazy_gettext("When somebody last asked them."))

    layout = (
        (lazy_gettext("The organisation"), "",
         ("name_en", "name_ur", "organisation_type", "recipient_class", "level", "role_note")),
        (lazy_gettext("What they offer"), "", ("services", "serves", "province", "districts", "languages")),
        (lazy_gettext("How to reach them"), "",
         ("channels", "post_en", "post_ur", "phone", "email", "address", "hours", "open_24h")),
        (lazy_gettext("Agreement"), lazy_gettext("Without an agreement in force a referral is warned about."),
         ("agreement_since", "agreement_until", "verified_on")),
    )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """The entry, without what the form carries for itself."""
        return {code: value for code, value in self.values().items() if code not in ("partner_id", "rv")}

    @property
    def version(self) -> int:
        """The version the edit rests on; one that was tampered with is no version, and so a stale one."""
        return version_of(self.rv.data)

    def record(self, otherwise: UUID) -> UUID:
        """The id the new entry gets, `otherwise` when what was sent is none."""
        return id_of(self.partner_id.data, otherwise)

    def take_stored(self, codes: list[str], stored: PartnerView) -> None:
        """Where the writer keeps what is stored, put it in place of what was written."""
        for code in codes:
            if code in self._fields and code in stored.doc:
                self._fields[code].forget()
                self._fields[code].data = stored.doc[code]

    def compared(self, stored: PartnerView) -> list[dict[str, str]]:
        """For the conflict page: each answer that differs from what is stored now, both in words."""
        return [
            {"code": name, "label": str(field.label.text), "mine": mine, "theirs": theirs}
            for name, field in self._fields.items()
            if name in stored.doc
            for mine, theirs in [(in_words(field, field.data), in_words(field, stored.doc[name]))]
            if mine != theirs
        ]


def in_words(field: Any, value: Any) -> str:
    """An answer as text: codes by their labels, a tick as yes or no."""
    if isinstance(value, bool) or field.kind == "tick":
        return gettext("Yes") if value else gettext("No")
    labels = dict(getattr(field, "options", ()))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(labels.get(one, one)) for one in values if one)
