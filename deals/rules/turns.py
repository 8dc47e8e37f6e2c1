"""Whose turn it is: which sides a deal waits for in each of its states."""

from collections.abc import Collection

from deals.rules.states import DealState, Side

_S = DealState
_PARTIES = (Side.LICENSOR, Side.LICENSEE)
_ALWAYS: dict[str, tuple[Side, ...]] = {
    _S.REQUESTED: (Side.LICENSOR,),
    _S.AWAITING_UNIVERSITY: (Side.LICENSOR,),
    _S.AWAITING_PLATFORM: (Side.PLATFORM,),
    _S.AWAITING_DECISION: (Side.LICENSEE,),
}


def waiting_for(state: str, *, on_the_table: bool, done: Collection[Side]) -> tuple[Side, ...]:
    """The sides that must act before the deal can go on; none while it runs or is over.

    `on_the_table` says whether a proposal waits for acceptance, `done` which parties have
    accepted it (in talks) or signed (ready to sign). Without a proposal the licensor must make one.
    """
    if state == _S.IN_TALKS and not on_the_table:
        return (Side.LICENSOR,)
    if state in (_S.IN_TALKS, _S.READY_TO_SIGN):
        return tuple(side for side in _PARTIES if side not in done)
    return _ALWAYS.get(state, ())
