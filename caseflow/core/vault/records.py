"""The shape of a sealed record: client-made id, hand-set version, ciphertext. Not a column type, which cannot know
its row and so could not bind the ciphertext to it."""

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Integer, LargeBinary, Uuid
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from caseflow.core.db import NO_CASE, new_id
from caseflow.core.vault.seal import PAD


class Sealed:
    """Mixin of every table with a sealed document.

    `SLOT` says what the document is; `PAD` is the padding block in bytes. The mapper refuses an UPDATE whose stored
    version is not the one that was read (StaleDataError): versions are set by hand, because they are authenticated.
    """

    SLOT: ClassVar[str] = "doc"
    PAD: ClassVar[int] = PAD

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    rv: Mapped[int] = mapped_column(Integer, nullable=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.rv, "version_id_generator": False}  # type: ignore[attr-defined]

    @property
    def slot(self) -> str:
        """What the document is; part of the associated data."""
        return self.SLOT

    @property
    def key_case_id(self) -> uuid.UUID:
        """The case whose key seals the record; 16 zero bytes mean the organisation key."""
        return getattr(self, "case_id", None) or NO_CASE


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A sealed record read without its mapped object, where many are opened and none is changed."""

    table: str
    id: uuid.UUID
    key_case_id: uuid.UUID
    slot: str
    rv: int
    sealed: bytes
