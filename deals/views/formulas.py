"""The formula of a step, so that a pocket calculator comes to its amount.

Nothing is worked out here: a formula is made of the inputs of the calculation's own lines.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.base.formats import MINUS

Said = Mapping[str, str]


@dataclass(frozen=True)
class Spoken:
    """A line's code and amount in minor units, with its inputs as they came and as people read."""

    code: str
    amount: int
    raw: Said
    said: Said


def own_formula(line: Spoken) -> str | None:
    """The formula of a line whose form depends on its inputs, None for every other one."""
    whole, family = _FORMULAS.get(line.code), line.code.partition(".")[0]
    made = whole or (None if line.code == "deduction.refused" else _FORMULAS.get(family))
    return made(line) if made else None


def tier_formulas(lines: Iterable[Spoken]) -> dict[str, str]:
    """By stream: `2,000,000.00 × 4% + 380,000.00 × 3%`, from where the window stood."""
    rows: dict[str, list[str]] = {}
    losses: dict[str, str] = {}
    seen: set[str] = set()
    for line in lines:
        stream = line.raw.get("stream", "")
        if line.code == "base" and "opening" in line.said:
            losses.setdefault(stream, line.said["opening"])
        if line.code == "earned.tier":
            step = line.raw["line"].rpartition("/")[0]
            rows.setdefault(stream, []).append(_tier(line, is_first=step not in seen))
            seen.add(step)
    found = {stream: " + ".join(parts) for stream, parts in rows.items()}
    for stream, loss in losses.items():
        words = _("%(formula)s; %(loss)s was brought forward")
        found[stream] = (words % {"formula": found.get(stream, ""), "loss": loss}).lstrip("; ；")
    return found


def _tier(line: Spoken, *, is_first: bool) -> str:
    said = line.said
    if "charged" in said:
        kept = _more(said.get("kept", ""))
        return f"{said['charged']} × {said['rate']}{_more(said.get('flat', ''))}{kept}" + _less(
            said["before"]
        )
    base = said["taxable"]
    is_falling = base.startswith(MINUS)
    if is_falling or (is_first and not _is_zero(line.raw["start"])):
        base = f"({said['to']} − {said['start']})"
    factor = f" × {said['factor']}" if "factor" in said else ""
    return f"{base} × {said['rate']}{factor}{_more(said.get('flat', ''))}"


def _more(text: str) -> str:
    """` + 7.00`, ` − 7.00` for a negative one, nothing for nothing."""
    if not text or _is_zero(text):
        return ""
    return f" − {text.removeprefix(MINUS)}" if text.startswith(MINUS) else f" + {text}"


def _less(text: str) -> str:
    if not text or _is_zero(text):
        return ""
    return f" + {text.removeprefix(MINUS)}" if text.startswith(MINUS) else f" − {text}"


def _is_zero(text: str) -> bool:
    return not text.strip("-0.")


def _vat(line: Spoken) -> str:
    return "{gross} × {rate} ÷ (1 + {rate})".format(**line.said)


def _tax(line: Spoken) -> str:
    """Tax inside the amount asked for, or on top of it."""
    inside = "{asked} × {rate} ÷ (1 + {rate})" if line.raw["price_is"] == "includes" else None
    return (inside or "{asked} × {rate}").format(**line.said)


def _price(line: Spoken) -> str:
    return "{asked} − {vat}".format(**line.said) if "vat" in line.raw else ""


def _deduction(line: Spoken) -> str:
    """Claims as far as the ceilings let them through: the type's own, then that of all types."""
    said = line.said
    if "room" not in said:
        return _("As you reported, within the contract's limits")
    if "ceiling" not in said:
        own = said["claimed"]
    elif line.raw["claimed"] == line.raw["claimed_in_all"]:
        own = "{cap_of_gross} × {room}".format(**said)
    else:
        own = "{claimed} ÷ {claimed_in_all} × {cap_of_gross} × {room}".format(**said)
    if "all_types" not in said:
        return own
    return own + " × {all_cap_of_gross} × {room} ÷ {all_types}".format(**said)


def _allowance(line: Spoken) -> str:
    raw, said = line.raw, line.said
    if raw["taken"] == raw["allowance"]:
        return _("The first %(allowance)s stay free of royalty") % said
    if raw["taken"] == raw["quantity"]:
        return _("All of %(quantity)s lies within the free %(allowance)s") % said
    return f"{said['allowance']}{_less(said['used'])}"


def _base(line: Spoken) -> str:
    charged = f"{line.said['quantity']} − {line.said['allowance']}"
    if line.raw["combined"] == line.raw["quantity"]:
        return charged
    return f"({charged}) × {line.said['combined']} ÷ {line.said['quantity']}"


def _top_up(line: Spoken) -> str:
    raw, said = line.raw, line.said
    is_prorated = raw["days"] != raw["of_days"] and not _is_zero(raw["minimum"])
    minimum = "{agreed} × {days} ÷ {of_days}".format(**said) if is_prorated else said["minimum"]
    if not line.amount and "excess" not in said:
        words = _("At least %(minimum)s; %(earned)s was earned")
        return words % {"minimum": minimum, "earned": said["earned"]}
    return f"{minimum}{_less(said['earned'])}{_less(said.get('excess', ''))}"


def _cap(line: Spoken) -> str:
    if "over" in line.said:
        return _("There is room again for %(over)s that was cut before") % line.said
    offered = f"{line.said['before']}{_more(line.said['offered'])}"
    if line.amount:
        return f"{offered} − {line.said['cap']}"
    return _("%(offered)s, cap %(cap)s") % {"offered": offered, "cap": line.said["cap"]}


_FORMULAS: Mapping[str, Callable[[Spoken], str]] = {
    "vat": _vat,
    "tax.vat": _tax,
    "tax.price": _price,
    "deduction": _deduction,
    "allowance": _allowance,
    "base": _base,
    "minimum.top_up": _top_up,
    "cap": _cap,
}
