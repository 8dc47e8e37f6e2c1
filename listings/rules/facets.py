"""What a reader of the catalogue asked for, as plain values."""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrow the catalogue; every field's default means "any".

    `rate` is in parts per ten thousand and holds for the highest tier, `cap` in fen; both and
    `trial_months` are limits that still belong. `ip` is "invention" or "other".
    """

    industries: tuple[str, ...] = ()
    trl_min: int | None = None
    trl_max: int | None = None
    guaranteed: bool = False
    trial_months: int | None = None
    rate: int | None = None
    cap: int | None = None
    no_minimum: bool = False
    cities: tuple[str, ...] = ()
    university: str = ""
    ip: str = ""

    def without(self, *names: str) -> "Filters":
        """The same filters with these fields back at "any"."""
        return replace(self, **{name: getattr(NOTHING, name) for name in names})

    def active(self) -> tuple[str, ...]:
        """The names of the fields that narrow something, in the order of the page."""
        return tuple(
            field.name
            for field in fields(self)
            if getattr(self, field.name) != getattr(NOTHING, field.name)
        )


NOTHING = Filters()

# Fields that count as one filter: dropping the readiness range drops both of its ends.
TOGETHER = (("trl_min", "trl_max"),)
TERMS = ("guaranteed", "trial_months", "rate", "cap", "no_minimum")


def groups(filters: Filters) -> list[tuple[str, ...]]:
    """The active filters, each as the fields that belong to it."""
    found: list[tuple[str, ...]] = []
    for name in filters.active():
        group = next((names for names in TOGETHER if name in names), (name,))
        if group not in found:
            found.append(group)
    return found
