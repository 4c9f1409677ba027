"""The catalogue: every question, code list, disclosure rule and code name of CaseFlow, as data."""

from caseflow.core.catalogue.checking import (
    applies,
    check,
    complete_count,
    is_asked,
    messages_by_field,
    missing,
    rests_outside,
)
from caseflow.core.catalogue.code_names import code_words, draw_code_name
from caseflow.core.catalogue.disclosure import DisclosureMatrix, groups_of, matrix, system_groups
from caseflow.core.catalogue.loader import (
    RELEASE,
    Catalogue,
    UnknownKind,
    UnknownList,
    UnknownVersion,
    load,
)
from caseflow.core.catalogue.messages import MESSAGES
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
    Value,
)
from caseflow.core.catalogue.reading import describe, diff, in_words, item_in_words, name_of_item
from caseflow.core.catalogue.upcasting import MOVED, upcast

__all__ = [
    "MESSAGES",
    "MOVED",
    "RELEASE",
    "Catalogue",
    "CodeList",
    "DataClass",
    "DisclosureMatrix",
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
    "Value",
    "applies",
    "check",
    "code_words",
    "complete_count",
    "describe",
    "diff",
    "draw_code_name",
    "groups_of",
    "in_words",
    "is_asked",
    "item_in_words",
    "load",
    "matrix",
    "messages_by_field",
    "missing",
    "name_of_item",
    "rests_outside",
    "system_groups",
    "upcast",
]
