"""Names of reporting periods as people say them."""

import re

from django.utils.translation import gettext as _

_NAME = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>\d)|H(?P<half>\d)|(?P<month>\d\d)))?")


def period_word(name: str) -> str:
    """`2027-Q1` as `Q1 2027` or `2027 年第 1 季度`; a period of the contract's own is numbered."""
    found = _NAME.fullmatch(name)
    if found is None:
        return _("Period %(number)s") % {"number": name.removeprefix("P")}
    said = {key: text.lstrip("0") for key, text in found.groupdict().items() if text}
    if "quarter" in said:
        return _("Q%(quarter)s %(year)s") % said
    if "half" in said:
        return _("H%(half)s %(year)s") % said
    return _("%(month)s/%(year)s") % said if "month" in said else said["year"]
