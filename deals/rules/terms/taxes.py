"""What the terms say of tax on the royalty itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vat:
    """Value-added tax on the royalty: how it is treated, and the rate if one is charged.

    `price` tells whether the amounts of the terms hold the tax ("includes") or not ("excludes").
    """

    treatment: str
    certificate: str
    price: str
    rate: int | None

    @property
    def is_exempt(self) -> bool:
        """Tell whether no tax is charged."""
        return is_exempt(self.treatment)

    @property
    def is_included(self) -> bool:
        """Tell whether the tax lies inside the amounts of the terms."""
        return self.price == "includes"


def is_exempt(treatment: str) -> bool:
    """Tell whether a treatment, such as exempt_registered, charges no tax."""
    return treatment.partition("_")[0] == "exempt"


@dataclass(frozen=True, slots=True)
class Tax:
    """Tax on the royalty itself; `withholding` is the share of the price that is kept back."""

    vat: Vat | None
    withholding: int | None
