"""Write `domain/calendar/days.toml` from the `chinesecalendar` package.

    pip install 'hotline-12345[calendar]' && python ops/seed_calendar.py > domain/calendar/days.toml

The product runs without that package: the table is data and may be edited by hand when the State
Council's next notice appears before a new version of the package.
"""

import sys
from datetime import date, timedelta

import chinese_calendar

FIRST_YEAR = 2004  # the first year the package knows
SATURDAY = 5


def main() -> None:
    """Print the table."""
    last = max(day.year for day in chinese_calendar.holidays)
    out = sys.stdout.write
    out("# Working days by the State Council's notices (国务院办公厅节假日安排通知).\n")
    out("# off: weekdays that are off. work: weekend days that are worked (调休).\n")
    out("# Seeded by ops/seed_calendar.py; add a year and change the version at a notice.\n")
    out(f'version = "state-council-{last}"\n')
    for year in range(FIRST_YEAR, last + 1):
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
        days = [day for day in days if day.year == year]
        odd = [d for d in days if chinese_calendar.is_workday(d) != (d.weekday() < SATURDAY)]
        out(f"\n[years.{year}]\n")
        for name, weekend in (("off", False), ("work", True)):
            out(f"{name} = [\n")
            for day in odd:
                if (day.weekday() >= SATURDAY) == weekend:
                    out(f'  "{day}",\n')
            out("]\n")


if __name__ == "__main__":
    main()
