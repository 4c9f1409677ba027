"""The catalogue: every question, code list, disclosure rule and code name of CaseFlow, as data."""

from caseflow.core.catalogue.loader import RELEASE, Catalogue, UnknownKind, UnknownList, UnknownVersion, load
from caseflow.core.catalogue.model import (
    CodeList,
    DataClass,
    Field,
    FieldType,
    Kind,
    Problem,
    Row,
    Section,
    Stage,
)

__all__ = [
    "RELEASE",
    "Catalogue",
    "CodeList",
    "DataClass",
    "Field",
    "FieldType",
    "Kind",
    "Problem",
    "Row",
    "Section",
    "Stage",
    "UnknownKind",
    "UnknownList",
    "UnknownVersion",
    "load",
]
