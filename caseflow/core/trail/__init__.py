"""The append-only, chained audit trail."""

from caseflow.core.trail.record import INSTALLATION, digest_row, moment_of, record
from caseflow.core.trail.tags import Tag

__all__ = ["INSTALLATION", "Tag", "digest_row", "moment_of", "record"]
