"""Every column of both databases is classified as sealed, keyed, hash or clear, with its reason (docs/columns.toml)."""

import tomllib

import pytest
from sqlalchemy import BigInteger, Column, LargeBinary, String, Text
from sqlalchemy.orm import configure_mappers

from caseflow import factory
from caseflow.core.db import Base
from caseflow.core.vault import Sealed, keystore
from tests.house.tree import TOP

TABLE = tomllib.loads((TOP / "docs" / "columns.toml").read_text(encoding="utf-8"))
CLASSES = {"sealed", "keyed", "hash", "clear"}


def columns():
    """{table.column: column} of both databases, as the mappers and the key store know them."""
    assert factory
    configure_mappers()
    tables = [*Base.metadata.sorted_tables, *keystore.metadata.sorted_tables]
    return {f"{table.name}.{column.name}": column for table in tables for column in table.columns}


def reason_for(name, column, table=TABLE):
    """The line or rule that covers a column; none for one that nobody classified."""
    return (
        table["columns"].get(name)
        or table["anywhere"].get(column.name)
        or table["rules"].get(type(column.type).__name__)
    )


def test_every_column_is_classified():
    assert [name for name, column in columns().items() if not reason_for(name, column)] == []


@pytest.mark.parametrize("kind", [String(20), Text(), LargeBinary(), BigInteger()])
def test_a_new_column_of_text_bytes_or_numbers_fails(kind):
    assert reason_for("case_file.nickname", Column("nickname", kind)) is None


def test_every_line_has_a_class_and_a_reason_and_its_column():
    lines = {**TABLE["columns"], **TABLE["anywhere"], **TABLE["rules"]}
    assert {name for name, line in lines.items() if line.partition(": ")[0] not in CLASSES} == set()
    assert {name for name, line in lines.items() if len(line.partition(": ")[2]) < 6} == set()
    assert TABLE["columns"].keys() - columns().keys() == set()
    assert TABLE["anywhere"].keys() - {column.name for column in columns().values()} == set()


def test_no_rule_covers_a_type_that_can_hold_words():
    assert TABLE["rules"].keys() == {"Uuid", "UtcDateTime", "Date", "Boolean"}


def test_what_is_called_sealed_is_sealed():
    sealed = {name for name, column in columns().items() if (reason_for(name, column) or "").startswith("sealed")}
    of_models = {
        f"{mapper.class_.__tablename__}.sealed" for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealed)
    }
    others = {"case_key.wrapped", "parked_post.sealed", "staff_session.device", "trail_entry.detail"}
    assert of_models <= sealed
    assert sealed - of_models >= others
    assert all(isinstance(columns()[name].type, LargeBinary) for name in sealed)
