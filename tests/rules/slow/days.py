"""Civil days, reporting periods, windows and working days."""

import calendar
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
LETTERS = {"quarter": "-Q", "half_year": "-H"}


def day(text):
    return date.fromisoformat(text)


def add_months(start, months):
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


class Periods:
    """The reporting periods of one contract, numbered in order of time."""

    def __init__(self, terms, start):
        self.kind = terms["periods"]["kind"]
        self.by_contract = terms["periods"]["anchor"] == "contract"
        self.months = MONTHS[self.kind]
        self.start = start
        self.paying_to = day(terms["stages"]["paying"]["to"])

    def first_day(self, index):
        if self.by_contract:
            return add_months(self.start, index * self.months)
        return add_months(date(1, 1, 1), index * self.months - 12)

    def last_day(self, index):
        return self.first_day(index + 1) - ONE_DAY

    def index(self, when):
        if not self.by_contract:
            return (when.year * 12 + when.month - 1) // self.months
        index = 0
        while self.first_day(index + 1) <= when:
            index += 1
        return index

    def name(self, index):
        if self.by_contract:
            return f"P{index + 1}"
        first = self.first_day(index)
        if self.kind == "year":
            return f"{first.year}"
        if self.kind == "month":
            return f"{first.year}-{first.month:02}"
        return f"{first.year}{LETTERS[self.kind]}{(first.month - 1) // self.months + 1}"

    def numbered(self, name):
        """Return the number of a named period."""
        if self.by_contract:
            return int(name[1:]) - 1
        year, _, part = name.partition("-")
        within = int(part.lstrip("QH") or "1") - 1
        return (int(year) * 12 + within * self.months) // self.months

    def anchor_day(self, index):
        """Return the day that decides to which window a period belongs."""
        if self.first_day(index) <= self.paying_to <= self.last_day(index):
            return self.paying_to
        return self.last_day(index)

    def window_on(self, scope, when):
        if scope == "lifetime":
            return 0
        if scope == "calendar_year":
            return when.year
        if scope == "quarter" and not self.by_contract:
            return when.year * 4 + (when.month - 1) // 3
        length = 3 if scope == "quarter" else 12
        year = 0
        while add_months(self.start, length * (year + 1)) <= when:
            year += 1
        return year

    def window(self, scope, index):
        if scope == "period":
            return index
        return self.window_on(scope, self.anchor_day(index))

    def window_days(self, scope, window):
        """Return the first and the last day of a year or a quarter."""
        if scope == "calendar_year":
            return date(window, 1, 1), date(window, 12, 31)
        if scope == "quarter" and not self.by_contract:
            first = date(window // 4, window % 4 * 3 + 1, 1)
            return first, add_months(first, 3) - ONE_DAY
        length = 3 if scope == "quarter" else 12
        following = add_months(self.start, length * (window + 1))
        return add_months(self.start, length * window), following - ONE_DAY


class Workdays:
    def __init__(self, document, roll):
        self.holidays = {day(text) for text in document.get("holidays", [])}
        self.workdays = {day(text) for text in document.get("workdays", [])}
        self.step = {"none": None, "following": ONE_DAY, "preceding": -ONE_DAY}[roll]

    def works(self, when):
        if when in self.workdays:
            return True
        return when not in self.holidays and when.weekday() < 5

    def roll(self, when):
        while self.step is not None and not self.works(when):
            when += self.step
        return when
