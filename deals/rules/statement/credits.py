"""The company's credits as a record: what each was, where it was used, and what is left (S10)."""

from deals.rules.statement.book import Book
from deals.rules.statement.entries import CreditEntry
from deals.rules.statement.result import Credit, CreditUse


def credits_of(book: Book) -> tuple[Credit, ...]:
    """Return every credit in the order in which they are used; amounts are minor units."""
    uses: dict[int, list[CreditUse]] = {}
    for tally in book.tallies.values():
        for use in tally.uses:
            posting = use.posting
            found = CreditUse(posting.period, posting.day, use.amount)
            uses.setdefault(id(use.credit), []).append(found)
    queue = sorted(enumerate(book.credits), key=lambda entry: entry[1].order(entry[0]))
    return tuple(_credit(entry, uses.get(id(entry), [])) for _, entry in queue)


def _credit(entry: CreditEntry, uses: list[CreditUse]) -> Credit:
    used = sum(use.amount for use in uses)
    return Credit(
        kind=entry.kind,
        day=entry.day,
        key=entry.key,
        arose_on=entry.arose_on,
        amount=entry.balance + entry.refunded + used,
        refunded=entry.refunded,
        left=entry.balance,
        uses=tuple(sorted(uses, key=lambda use: (use.day, use.period))),
    )
