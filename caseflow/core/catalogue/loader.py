"""Reads a release of the catalogue from its data files, once a process."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale

from caseflow.core.catalogue.model import CodeList, DataClass, Field, FieldType, Kind, Row, Section, Stage
from caseflow.core.errors import CaseFlowError
from caseflow.core.words import LANGUAGES, N_

_FOLDER = Path(__file__).resolve().parent
_MATRIX = "disclosure_matrix"
_LABELS = tuple(f"label_{language}" for language in LANGUAGES)
# Regions of CLDR that are nobody's citizenship: unions, groupings and pseudo regions.
_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_LENGTHS = {FieldType.TEXT: 200, FieldType.LONGTEXT: 4000, FieldType.EMAIL: 254}
_SHORT = 40

_NAMES = tomllib.loads((_FOLDER / "release.toml").read_text("utf-8"))
RELEASE: str = _NAMES["release"]
# Approved letters rest on the matrix: it keeps its version as long as no cell of it changes.
MATRIX: str = _NAMES["matrix"]


class UnknownVersion(CaseFlowError):
    """A document or caller names a version of the catalogue that this installation does not have."""

    message = N_("This record was written with a newer catalogue of questions. Update CaseFlow to open it.")


class UnknownKind(CaseFlowError):
    """No kind of record has this code."""

    message = N_("There is no such kind of record.")


class UnknownList(CaseFlowError):
    """No code list has this name."""

    message = N_("There is no such list.")


@dataclass(frozen=True)
class Catalogue:
    """One immutable version of every kind and every code list."""

    version: str
    kinds: Mapping[str, Kind]
    lists: Mapping[str, CodeList]

    def kind(self, code: str) -> Kind:
        """The kind with this code; raises UnknownKind."""
        if code not in self.kinds:
            raise UnknownKind
        return self.kinds[code]

    def list(self, name: str) -> CodeList:
        """The code list with this name; raises UnknownList."""
        if name not in self.lists:
            raise UnknownList
        return self.lists[name]

    def label(self, list: str, code: str, language: str) -> str:  # noqa: A002  the catalogue's own word
        """The label of a code in a list; raises UnknownList."""
        return self.list(list).label(code, language)


@lru_cache
def load(version: str = RELEASE) -> Catalogue:
    """The catalogue of one version; raises UnknownVersion."""
    if version != RELEASE:
        raise UnknownVersion
    files = [path for path in sorted((_FOLDER / "lists").glob("*.csv")) if path.stem != _MATRIX]
    lists = {path.stem: _code_list(path) for path in files}
    kinds = {path.stem: _kind(path, lists) for path in sorted((_FOLDER / "kinds").glob("*.toml"))}
    return Catalogue(version, MappingProxyType(kinds), MappingProxyType(lists))


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a data file, by column name."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def matrix_rows() -> list[dict[str, str]]:
    """The rows of the disclosure matrix, by column name."""
    return read_csv(_FOLDER / "lists" / f"{_MATRIX}.csv")


def _code_list(path: Path) -> CodeList:
    rows = tuple(_row(row) for row in read_csv(path))
    from_babel = {"country": _countries, "language": _languages}.get(path.stem)
    if from_babel is None:
        return CodeList(path.stem, rows)
    known = {row.code for row in rows}
    further = tuple(row for row in from_babel() if row.code not in known)
    return CodeList(path.stem, rows + further, pinned=len(rows))


def _row(row: dict[str, str]) -> Row:
    extra = {key: value for key, value in row.items() if key not in ("code", *_LABELS)}
    return Row(row["code"], _texts(row, "label"), MappingProxyType(extra))


def _texts(source: Mapping[str, Any], what: str) -> Mapping[str, str]:
    return MappingProxyType({language: source.get(f"{what}_{language}", "") for language in LANGUAGES})


def _countries() -> Iterator[Row]:
    """Countries and territories of ISO 3166-1 (and Kosovo), named by CLDR."""
    names = {language: Locale(language).territories for language in LANGUAGES}
    for code in sorted(names["en"]):
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY:
            yield _babel_row(code, names)


def _languages() -> Iterator[Row]:
    """Languages of ISO 639-1 that CLDR names in each interface language: as many as a phone can show."""
    names = {language: Locale(language).languages for language in LANGUAGES}
    for code in sorted(set.intersection(*(set(named) for named in names.values()))):
        if len(code) == 2:
            yield _babel_row(code, names)


def _babel_row(code: str, names: Mapping[str, Mapping[str, str]]) -> Row:
    labels = {language: named[code] for language, named in names.items()}
    return Row(code, MappingProxyType(labels), MappingProxyType({"htcds_name": "", "source": "CLDR"}))


def _kind(path: Path, lists: Mapping[str, CodeList]) -> Kind:
    data = tomllib.loads(path.read_text("utf-8"))
    sections = tuple(_section(section, lists) for section in data["section"])
    return Kind(data["code"], _texts(data, "label"), sections, DataClass(data["ceiling"]), data.get("condition"))


def _section(data: Mapping[str, Any], lists: Mapping[str, CodeList]) -> Section:
    fields = tuple(_field(field, lists) for field in data["field"])
    return Section(data["code"], _texts(data, "label"), fields, _texts(data, "hint"))


def _field(data: Mapping[str, Any], lists: Mapping[str, CodeList]) -> Field:
    kind_of = FieldType(data["type"])
    return Field(
        code=data["code"],
        type=kind_of,
        label=_texts(data, "label"),
        hint=_texts(data, "hint"),
        options=lists[data["list"]] if "list" in data else None,
        klass=DataClass(data["class"]),
        required_at=Stage(data["required_at"]) if "required_at" in data else None,
        condition=data.get("condition"),
        max_length=data.get("max_length", _LENGTHS.get(kind_of, _SHORT)),
        htcds=data.get("htcds", ""),
        group=data.get("group"),
        minimum=data.get("minimum", 0),
        maximum=data.get("maximum", 0),
        past=data.get("past", False),
        items=tuple(_field(item, lists) for item in data.get("item", ())),
        item_label=_texts(data, "item"),
    )
