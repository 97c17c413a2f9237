"""China's working days, from the holiday arrangements that the package `chinesecalendar` carries; no delivery is read.

Weekends can be working days and weekdays holidays: the State Council moves days every year. Nothing is guessed for a
year whose arrangement the package does not know.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version

from chinese_calendar import is_workday
from chinese_calendar.constants import holidays

SOURCE = f"chinesecalendar {version('chinesecalendar')}"


def working_days() -> Iterator[dict[str, object]]:
    """One row per day of the years the package knows, in order.

    `working_day_no` counts the working days up to and with that day, so that the working days after day a up to day b
    are the difference of their two numbers.
    """
    day, last = date(min(holidays).year, 1, 1), date(max(holidays).year, 12, 31)
    passed = 0
    while day <= last:
        works = is_workday(day)
        passed += works
        yield {"day": day, "is_working_day": works, "working_day_no": passed, "source": SOURCE}
        day += timedelta(days=1)
