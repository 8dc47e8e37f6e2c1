"""Refusals: what a rule says when it declines, as a code and its context, never as prose."""


class RuleError(Exception):
    """A rule declines. The edge turns `code` into words and an HTTP status.

    `where` names the field that it is about ("" for the whole), `context` fills the words.
    """

    def __init__(self, code: str, *, where: str = "", **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.context = context


class ConflictError(RuleError):
    """The state moved on: someone else was first, or the step is not possible now (409)."""
