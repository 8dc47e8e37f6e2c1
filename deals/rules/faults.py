"""What is wrong with an input, said with a code, a place and a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason for a refusal; `where` is a path such as `terms[0].streams[0].tiers.mode`."""

    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a reader should look at, although the calculation goes on."""

    code: str
    where: str


class Refused(Exception):  # noqa: N818 - a contract file is refused, nothing went wrong in the code
    """An input was refused; `faults` holds every reason that was found, never an empty tuple."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.code}" for fault in faults))
        self.faults = faults
