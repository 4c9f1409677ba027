"""Wrong passphrases wait longer and longer, and are remembered until the trail has them."""

from datetime import UTC, datetime, timedelta

import pytest

from caseflow.operations.tries import Busy, Tries

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def tries(tmp_path):
    return Tries(tmp_path / "unlock-tries")


def wrong(tries, times, *, until=NOW):
    for _ in range(times):
        tries.note("wrong", until)


@pytest.mark.parametrize(("times", "seconds"), [(0, 0), (1, 0), (2, 2), (3, 4), (5, 16), (12, 300), (40, 300)])
def test_each_wrong_try_makes_the_next_one_wait_longer(tries, times, seconds):
    wrong(tries, times)
    assert tries.wait(NOW) == seconds
    assert tries.wait(NOW + timedelta(seconds=seconds)) == 0


def test_an_hour_without_a_wrong_try_starts_anew(tries):
    wrong(tries, 9)
    assert tries.wait(NOW + timedelta(hours=1)) == 0


def test_a_clock_set_back_costs_no_more_than_the_longest_wait(tries):
    wrong(tries, 3)
    assert tries.wait(NOW - timedelta(days=2)) == 300


def test_they_outlive_a_restart_and_a_line_cut_short(tries):
    wrong(tries, 2)
    with tries.path.open("a") as file:
        file.write('["wro')
    assert [what for what, _moment in Tries(tries.path).read()] == ["wrong", "wrong"]


def test_only_one_tries_at_a_time(tries):
    with tries.alone(), pytest.raises(Busy), Tries(tries.path).alone():
        pass
    with tries.alone():
        pass


def test_what_the_trail_has_is_forgotten(tries):
    wrong(tries, 3)
    tries.forget()
    tries.forget()
    assert tries.read() == [] and tries.wait(NOW) == 0
