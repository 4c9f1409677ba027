"""The words that are read to the person, and the sentence that a letter prints about its basis."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from caseflow.consent.queries.faults import day_in_words
from caseflow.core import catalogue
from caseflow.core.words import gettext as _
from caseflow.core.words import language

_FOLDER = Path(__file__).resolve().parent.parent / "statements"
CURRENT = "1"


@dataclass(frozen=True)
class Statement:
    """One version of the statement of consent; `sha256` is that of its file, so that nobody can change it unseen."""

    version: str
    sha256: str
    words: Mapping[str, Mapping[str, list[str]]]

    def paragraphs(self, scope: str, lang: str) -> list[str]:
        """What to say for a scope, in a language: the opening, the scope's own words, the rights."""
        texts = self.words[lang]
        return [*texts["opening"], *texts.get(scope, ()), *texts["rights"]]


@lru_cache
def statement(version: str = CURRENT) -> Statement:
    """The statement of a version; KeyError for one that this installation does not have."""
    source = _FOLDER / f"{version}.toml"
    if not version.isdigit() or not source.exists():
        raise KeyError(version)
    content = source.read_bytes()
    return Statement(version, hashlib.sha256(content).hexdigest(), tomllib.loads(content.decode()))


def statement_in_words(said: Mapping[str, Any]) -> str:
    """What the letter says of its basis, in the language of the moment; `said` is `GateResult.statement`."""
    if said["basis"] != "consent":
        basis = catalogue.load().label("consent_basis", said["basis"], language())
        return _("The data are shared without consent, on this basis: %(basis)s. Reason: %(reason)s",
                 basis=basis, reason=said["reason"])  # fmt: skip
    return " ".join(_one_consent(one) for one in said["consents"])


def _one_consent(one: Mapping[str, Any]) -> str:
    lists, lang = catalogue.load(), language()
    comma = "، " if lang == "ur" else ", "
    groups = comma.join(lists.label("disclosure_group", group, lang) for group in one["groups"])
    method = lists.label("consent_method", one["method"], lang) if one["method"] else _("not recorded")
    text = _("Consent for this sharing was given on %(day)s (%(method)s), for: %(groups)s.",
             day=day_in_words(one["given_on"]), method=method, groups=groups)  # fmt: skip
    if one.get("confirmed_on"):
        text += " " + _("It was confirmed in private on %(day)s.", day=day_in_words(one["confirmed_on"]))
    return text
