"""How values look: dates in the office's zone, spans of time, isolated text."""

from datetime import UTC, date, datetime, timedelta

import pytest

from caseflow.core.words import speaking
from caseflow.web import filters

NOW = datetime(2026, 11, 17, 9, 5, tzinfo=UTC)


class TestDates:
    def test_are_shown_day_month_year_on_the_offices_wall_clock(self):
        late = datetime(2026, 11, 16, 20, 30, tzinfo=UTC)
        assert filters.show_date(late) == "17 November 2026"
        assert filters.show_datetime(late) == "17 November 2026, 01:30"
        assert filters.show_weekday(late) == "Tuesday 17 November 2026"

    def test_follow_the_language_with_western_digits(self):
        with speaking("ur"):
            assert filters.show_date(NOW) == "17 نومبر 2026"

    def test_without_a_zone_are_refused(self):
        with pytest.raises(ValueError, match="without a zone"):
            filters.show_time(datetime(2026, 11, 17))  # noqa: DTZ001  the naive value is the point

    @pytest.mark.parametrize(
        ("value", "shown"),
        [("1998", "1998"), ("1998-04", "April 1998"), ("1998-04-30", "30 April 1998"), ("", ""), (None, "")],
    )
    def test_keep_the_precision_that_is_known(self, value, shown):
        assert filters.show_date(value) == shown

    @pytest.mark.parametrize(
        ("days", "shown"), [(0, "Today"), (-1, "Yesterday"), (1, "Tomorrow"), (3, "20 November 2026")]
    )
    def test_near_today_use_its_word(self, days, shown):
        assert filters.show_day_or_today(date(2026, 11, 17) + timedelta(days=days), NOW) == shown


class TestSpans:
    @pytest.mark.parametrize(
        ("length", "shown"),
        [
            (timedelta(minutes=1), "1 minute"),
            (timedelta(minutes=119), "119 minutes"),
            (timedelta(hours=2), "2 hours"),
            (timedelta(hours=47), "47 hours"),
            (timedelta(days=2), "2 days"),
        ],
    )
    def test_use_the_largest_whole_unit(self, length, shown):
        assert filters.span(length) == shown

    def test_before_and_after_a_limit(self):
        assert filters.left(NOW + timedelta(minutes=35), NOW) == "35 minutes left"
        assert filters.left(NOW - timedelta(hours=4), NOW) == "4 hours late"
        assert filters.ago(NOW, NOW) == "just now"
        assert filters.ago(NOW - timedelta(hours=3), NOW) == "3 hours ago"


class TestText:
    def test_typed_text_is_isolated_escaped_and_its_direction_controls_become_marks(self):
        shown = filters.typed("<b>\u202eevil\u2069\nسطر")
        assert shown.startswith('<bdi class="typed" dir="auto">&lt;b&gt;<span class="odd"')
        assert "\u202e" not in shown
        assert "\u2069" not in shown
        assert "\nسطر" in shown

    @pytest.mark.parametrize(
        ("value", "shown"), [("+923001234567", "+92 300 1234567"), ("1099", "1099"), ("<x>", "&lt;x&gt;"), (None, "")]
    )
    def test_phones_read_as_people_say_them(self, value, shown):
        assert shown in filters.phone(value)

    def test_code_label_follows_the_language(self):
        english = filters.code_label("high", "risk_level")
        with speaking("ur"):
            assert filters.code_label("high", "risk_level") != english
        assert filters.code_label("of-an-older-list", "risk_level") == "of-an-older-list"
