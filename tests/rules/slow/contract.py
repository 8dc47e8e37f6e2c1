"""What is known of a contract on one day."""

from tests.rules.slow.days import ONE_DAY, Periods, Workdays, day
from tests.rules.slow.numbers import minor, rounded


class Contract:
    def __init__(self, document):
        self.document = document
        self.versions = sorted(document["terms"], key=lambda terms: terms["version"])
        self.first = self.versions[0]
        self.currency = self.first["currency"]
        self.start = self._start()
        self.periods = Periods(self.first, self.start)
        self.workdays = Workdays(document, self.first["periods"]["roll"])

    def _start(self):
        stages = self.first["stages"]
        if "trial" in stages:
            return day(stages["trial"]["from"])
        if stages["paying"]["from"] != "conversion":
            return day(stages["paying"]["from"])
        return day(self.first["effective_from"])

    def terms_on(self, when):
        chosen = self.first
        for terms in self.versions:
            if day(terms["effective_from"]) <= when:
                chosen = terms
        return chosen

    def version_of_sale(self, when, known):
        chosen = self.first
        for terms in self.versions:
            begins = day(terms.get("retroactive_from", terms["effective_from"]))
            if day(terms["effective_from"]) <= known and begins <= when:
                chosen = terms
        return chosen

    def terms_of(self, index, known):
        """Return the version in force on a period's last day, as known on a day."""
        return self.terms_on(min(self.periods.last_day(index), known))

    def money(self, text):
        return minor(text, self.currency)

    def round(self, value):
        rounding = self.first["rounding"]
        return rounded(value, rounding["mode"], rounding["unit_minor"])

    def event_day(self, kind, known):
        days = [
            day(event["date"])
            for event in self.document.get("events", [])
            if event["type"] == kind and day(event["date"]) <= known
        ]
        return min(days, default=None)

    def reports(self, known):
        """Return the highest accepted revision of each period, by period number."""
        found = {}
        for report in sorted(self.document.get("reports", []), key=lambda each: each["revision"]):
            if day(report["accepted_on"]) <= known:
                found[self.periods.numbered(report["period"])] = report
        return found

    def first_accepted(self):
        """Return the day on which each period's first report was accepted."""
        found = {}
        for report in self.document.get("reports", []):
            index = self.periods.numbered(report["period"])
            accepted = day(report["accepted_on"])
            found[index] = min(accepted, found.get(index, accepted))
        return found

    def final_days(self):
        found = self.first_accepted()
        for final in self.document.get("finals", []):
            index = self.periods.numbered(final["period"])
            if index in found:
                found[index] = day(final["date"])
        return found

    def free_until(self, known):
        """Return the last free day before any trigger is looked at, None without a trial."""
        stages = self.first["stages"]
        if "trial" not in stages:
            return self.start - ONE_DAY
        days = [day(stages["trial"]["to"])]
        begins = stages["paying"]["from"]
        converted = self.event_day("conversion", known)
        if begins != "conversion":
            days.append(day(begins) - ONE_DAY)
        elif converted is not None:
            days.append(converted - ONE_DAY)
        return min(days)
