"""The frame's bytes and the draw are frozen: the known answers of docs/formats/sampling.md."""

from hashlib import sha256
from uuid import UUID

import pytest

from caseflow.core.sampling import Line, count, draw, frame_digest, read_frame, write_frame

TEAM = UUID("00000000-0000-4000-8000-0000000000aa")
IDS = [UUID(f"00000000-0000-4000-8000-00000000000{n}") for n in range(1, 9)]
LINES = [
    Line(one, "intake" if n % 2 else "closed", "2026-11" if n % 2 else "2026-10", TEAM) for n, one in enumerate(IDS)
]
# Frozen with the format. A change here is a new format, never an edit.
DIGEST = "e9fa994ccbb938f38d4e86fc70f66a10c40a00d58aa2e98c116303e0b571993f"
KNOWN = {"blue kettle 7": [3, 6, 8], "blue kettle 8": [8, 7, 3], "نیلا": [3, 4, 1]}


def test_the_frame_is_the_frozen_bytes_whatever_order_the_cases_came_in():
    text = write_frame(LINES)
    assert text.startswith(
        "caseflow/frame/1\n00000000-0000-4000-8000-000000000001 closed 2026-10 00000000-0000-4000-8000-0000000000aa\n"
    )
    assert frame_digest(text) == DIGEST == sha256(text.encode()).hexdigest()
    assert write_frame(reversed(LINES)) == write_frame([*LINES[3:], *LINES[:3]]) == text


@pytest.mark.parametrize("seed", KNOWN)
def test_the_draw_is_the_frozen_answer(seed):
    assert draw(IDS, seed=seed, size=3) == [IDS[n - 1] for n in KNOWN[seed]]
    assert draw(reversed(IDS), seed=seed, size=3) == draw(IDS, seed=seed, size=3)


def test_a_key_is_the_frozen_answer():
    key = sha256(b"blue kettle 7\0" + b"00000000-0000-4000-8000-000000000003").hexdigest()
    assert key == "01d8e62993b8d42881f2b48a1204658fd5a6449bba1e7949a7f1bd1c949bc3c3"


def test_a_larger_sample_goes_on_where_the_smaller_ended():
    assert draw(IDS, seed="x", size=5)[:2] == draw(IDS, seed="x", size=2)


def test_a_sample_larger_than_the_frame_is_all_of_it():
    assert set(draw(IDS, seed="x", size=50)) == set(IDS)


def test_every_case_has_its_turn():
    """Over many seeds each case is drawn about equally often; a biased draw would fail by far."""
    drawn = [draw(IDS, seed=str(seed), size=2) for seed in range(2000)]
    for one in IDS:
        assert 400 < sum(one in sample for sample in drawn) < 600


def test_a_frame_is_read_back_and_counted():
    assert read_frame(write_frame(LINES)) == LINES
    assert read_frame(write_frame([])) == []
    found = count(LINES)
    assert (found.states, found.months, found.teams) == (
        {"closed": 4, "intake": 4}, {"2026-10": 4, "2026-11": 4}, {TEAM: 8},
    )  # fmt: skip


def test_a_case_twice_is_no_frame():
    with pytest.raises(ValueError, match="twice"):
        write_frame([LINES[0], LINES[0]])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + "\n",
        lambda text: text.replace("frame/1", "frame/2"),
        lambda text: text.replace("closed", "Closed"),
        lambda text: text + text.split("\n")[1] + "\n",
        lambda text: text.replace("2026-10 ", "2026-10  ", 1),
    ],
)
def test_what_was_not_written_so_is_no_frame(change):
    with pytest.raises(ValueError, match="frame"):
        read_frame(change(write_frame(LINES)))
