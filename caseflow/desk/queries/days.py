"""Due days as a chart shows them: the next seven working days, and the late ones on the first of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

REST_DAY = 6  # Sunday: what is due on it is to be done before
LENGTH = 7


@dataclass(frozen=True)
class Day:
    """One working day: how many are due, `late` of them already before today."""

    day: date
    count: int
    late: int = 0


def working_days(today: date) -> list[date]:
    """The next seven working days, today first when it is one."""
    days = [today + timedelta(days=away) for away in range(LENGTH + 2)]
    return [day for day in days if day.weekday() != REST_DAY][:LENGTH]


def chart_days(due: Counter[date], today: date) -> list[Day]:
    """`due` (day -> number) on the working days from today on; what is late stands on the first."""
    days = working_days(today)
    counted: Counter[date] = Counter()
    for day, count in due.items():
        if day <= days[-1]:
            counted[max((one for one in days if one <= day), default=days[0])] += count
    late = sum(count for day, count in due.items() if day < today)
    return [Day(day, counted[day], late if day == days[0] else 0) for day in days]
