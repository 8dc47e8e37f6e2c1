"""How the home university shares what it receives, and invented samples of published rates."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from deals.services import policies, rates
from deals.services.policies import PolicyDraft
from deals.services.rates import Quote
from marketplace.accounts.actors import actor_for
from marketplace.site.demo.organisations import World

SINCE = timedelta(days=5 * 365)
STEPS: tuple[dict[str, object], ...] = (
    {"take": "costs", "to": "costs", "limit": "5000.00"},
    {
        "take": "bands",
        "window": "lifetime",
        "mode": "marginal",
        "bound": "inclusive_upper",
        "rows": [
            {"up_to": "500000.00", "shares": {"inventors": "0.7", "department": "0.15"}},
            {"up_to": None, "shares": {"inventors": "0.6", "department": "0.2"}},
        ],
    },
    {"take": "rest", "weights": {"university": 1}},
)
SOURCE = "演示设定：科技成果转化收益分配办法"
RATES_SOURCE = "演示样例，不是公布值"


def make_finance(world: World) -> None:
    """A policy of the home university, older than its deals, and a rate of each series."""
    finance = actor_for(world.people["finance@university.example"])
    head = actor_for(world.people["head@university.example"])
    at = world.at - SINCE
    draft = PolicyDraft(STEPS, at.date(), SOURCE)
    policies.confirm_policy(policies.propose_policy(draft, by=finance, at=at), by=head, at=at)
    _publish(world, at)


def _publish(world: World, at: datetime) -> None:
    platform = actor_for(world.people["finance@platform.example"])
    begins, today = at.date(), world.at.date()
    samples = (("LPR1Y", begins, "0.0345"), ("LPR1Y", _midway(begins, today), "0.031"),
               ("USD/CNY", _midway(begins, today), "7.15"))  # fmt: skip
    quotes = [Quote(series, day, Decimal(value)) for series, day, value in samples]
    rates.record_rates(quotes, source=RATES_SOURCE, by=platform, at=world.at)


def _midway(begins: date, today: date) -> date:
    return begins + (today - begins) / 2
