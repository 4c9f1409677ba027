"""Compose the trail of one case: who did what and when, with names of fields and never a value."""

from datetime import UTC, time, timedelta
from typing import cast

from caseflow.audit.letters.access import reason_in_words
from caseflow.audit.letters.composing import chain_of, cover_of, sealed
from caseflow.audit.letters.sources import EntryView, Sources, unopened
from caseflow.audit.letters.tag_words import tag_in_words
from caseflow.core.press.case_file import Entry, TrailFile

# Details whose content is itself a name (of a field, a record, a group of data) or a step, and never an answer.
NAMES = ("changed", "groups", "fields")
STEPS = ("verb", "from", "to", "kind")
_ID_DIGITS = 8
# What was written down within a minute has one date; anything later shows both.
_APART = timedelta(minutes=1)
_NO_HOUR = time(12)


def compose_trail(sources: Sources) -> TrailFile:
    """The trail of one case, oldest entry first; its cover carries the SHA-256 of all the rest."""
    content = {
        "cover": cover_of(sources),
        "entries": [_entry(sources, one) for one in sources.entries],
        "chain": chain_of(sources),
    }
    return cast(TrailFile, sealed(content))


def _entry(sources: Sources, one: EntryView) -> Entry:
    return {
        "seq": one.seq,
        "at": one.recorded_at,
        "happened": happened_in_words(one),
        "tag": f"{tag_in_words(one.tag)}\n{one.tag}",
        "actor": sources.who(one.actor_id, one.role),
        "object": f"{one.object_type} {one.object_id.hex[:_ID_DIGITS]}",
        "fields": field_names(one),
        "reason": unopened() if one.error else reason_in_words(one),
        "digest": one.digest,
    }


def happened_in_words(one: EntryView) -> str:
    """When it took place, if that was not when it was recorded. Noon stands for a day of which no hour is known."""
    moment = one.happened_at.astimezone(UTC)
    if one.recorded_at - moment < _APART:
        return ""
    return moment.strftime("%Y-%m-%d") if moment.time() == _NO_HOUR else moment.strftime("%Y-%m-%d %H:%M")


def field_names(one: EntryView) -> list[str]:
    """Names of fields and of steps in an entry's detail; other details by their name alone."""
    shown: list[str] = []
    for name, content in one.detail.items():
        if name in NAMES:
            shown += [str(part) for part in content]
        elif name in STEPS:
            shown.append(f"{name}={content}")
        elif name != "reason":
            shown.append(name)
    return shown
