"""The statement of consent in a letter: when, how, for what, until when; or the other basis. Never a signature."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from caseflow.core import catalogue
from caseflow.core.words import gettext as _
from caseflow.core.words import language
from caseflow.referrals.letters.values import Sources

_LOCALES = {"en": "en_GB", "ur": "ur"}


def consent_statement(sources: Sources, labels: Sequence[str]) -> str:
    """The statement for the groups told (`labels`), in the language of the moment."""
    if sources.doc["basis"] != "consent":
        basis = catalogue.load().label("consent_basis", sources.doc["basis"], language())
        return _("This is shared without consent, on another basis: %(basis)s.", basis=basis)
    if not sources.consents:
        return _("Nothing is agreed yet: without a consent or another basis this letter does not leave.")
    parts = [_one(doc) for doc in sources.consents]
    comma = "، " if language() == "ur" else ", "
    if labels:
        parts.append(_("It covers: %(groups)s.", groups=comma.join(labels)))
    parts.append(_("It may be withdrawn at any time, and no service depends on it."))
    return " ".join(parts)


def _one(doc: Mapping[str, Any]) -> str:
    code = doc.get("method") or ""
    method = catalogue.load().label("consent_method", code, language()) if code else _("way not recorded")
    told = {"day": _day(doc["given_on"]), "method": method, "until": _day(doc["valid_until"])}
    if doc.get("interpreter"):
        return _(
            "Consent for this sharing was given on %(day)s (%(method)s, through an interpreter), until %(until)s.",
            **told,
        )
    return _("Consent for this sharing was given on %(day)s (%(method)s), until %(until)s.", **told)


def _day(iso: str) -> str:
    return format_date(date.fromisoformat(iso), "d MMMM y", locale=_LOCALES[language()])
