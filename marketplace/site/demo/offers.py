"""Invented offers: standing terms, measured benefits and maturity, drawn with a fixed seed."""

import random
from dataclasses import dataclass
from decimal import Decimal

from listings.rules.template import Offer, Tier

MILLION = 100_000_000  # one million yuan in fen

# What a family of covers measures: Chinese, English, unit, usual value, gain range in percent
# (negative: less is better).
MEASURES: dict[str, tuple[tuple[str, str, str, int, tuple[int, int]], ...]] = {
    "bars": (
        ("能量转换效率", "Energy conversion efficiency", "%", 72, (8, 24)),
        ("单位能耗", "Energy per unit", "kWh/t", 430, (-38, -12)),
    ),
    "leaves": (
        ("单位产量", "Yield per unit", "kg/亩", 480, (9, 31)),
        ("投入品用量", "Input consumption", "kg/亩", 36, (-45, -15)),
    ),
    "helix": (
        ("检出时间", "Time to result", "分钟", 95, (-80, -40)),
        ("有效成分收率", "Yield of the active component", "%", 61, (11, 35)),
    ),
    "circuit": (
        ("整机功耗", "System power", "mW", 120, (-60, -20)),
        ("处理吞吐量", "Throughput", "帧/秒", 48, (35, 150)),
    ),
    "arcs": (
        ("定位误差", "Position error", "mm", 1, (-70, -30)),
        ("有效作用距离", "Effective range", "m", 220, (20, 90)),
    ),
    "hexagons": (
        ("抗拉强度", "Tensile strength", "MPa", 540, (12, 44)),
        ("单位制造成本", "Manufacturing cost per unit", "元/kg", 86, (-41, -14)),
    ),
    "dots": (
        ("换型时间", "Change-over time", "分钟", 72, (-79, -35)),
        ("一次合格率", "First-pass yield", "%", 88, (4, 11)),
    ),
    "waves": (
        ("防护寿命", "Service life", "月", 36, (40, 160)),
        ("维护次数", "Maintenance visits", "次/年", 8, (-63, -25)),
    ),
    "streamlines": (
        ("气动阻力", "Drag", "N", 310, (-28, -9)),
        ("续航时间", "Endurance", "小时", 3, (20, 70)),
    ),
}

METHODS = (
    ("第三方检测报告", "常规工艺"),
    ("中试线连续运行 90 天", "现有产线"),
    ("对照试验，三组平行样", "市售同类产品"),
    ("用户现场实测", "进口方案"),
)

STAGES = (
    (1, 2),
    (2, 4),
    (3, 9),
    (4, 18),
    (5, 22),
    (6, 20),
    (7, 14),
    (8, 8),
    (9, 3),
)


@dataclass(frozen=True)
class Measured:
    """One invented benefit."""

    label_zh: str
    label_en: str
    unit: str
    usual: Decimal
    value: Decimal
    change: int
    method: str
    compared_with: str


def offers_of(chance: random.Random) -> tuple[tuple[str, Offer], ...]:
    """Three named standard terms: no minimum, a small minimum, a price in instalments."""
    months = chance.choice((3, 6, 6, 6, 9, 12))
    rate = chance.choice((25, 30, 35, 40, 45, 50, 60))
    cap = chance.choice((60, 80, 90, 120, 150, 180, 200, 350, 500)) * MILLION // 100
    allowance = chance.choice((0, 20, 30, 50, 50, 80)) * MILLION // 100
    bound = chance.choice((1, 2, 3)) * MILLION
    rows = (Tier(bound, _rate(rate)), Tier(None, _rate(rate - 10)))
    return (
        ("标准条款 A：无最低提成", Offer(rows, months, allowance or None, cap)),
        (
            "标准条款 B：低提成率，小额最低",
            Offer((Tier(None, _rate(max(10, rate - 15))),), months, None, cap, cap // 40),
        ),
        ("标准条款 C：固定价，按收入分期", Offer((Tier(None, _rate(60)),), months, None, cap // 2)),
    )


def benefits_of(cover: str, chance: random.Random) -> list[Measured]:
    """Two measured gains that fit the cover's family."""
    return [_measured(measure, chance) for measure in MEASURES[cover]]


def trl_of(chance: random.Random) -> int:
    """A readiness level, most often four to seven."""
    return chance.choices([level for level, _ in STAGES], [weight for _, weight in STAGES])[0]


def _measured(
    measure: tuple[str, str, str, int, tuple[int, int]], chance: random.Random
) -> Measured:
    label_zh, label_en, unit, usual, (low, high) = measure
    change = chance.randint(low, high)
    method, compared_with = chance.choice(METHODS)
    value = (Decimal(usual) * (100 + change) / 100).quantize(Decimal("0.1"))
    if unit == "%":
        value = min(value, Decimal("99.4"))
    return Measured(label_zh, label_en, unit, Decimal(usual), value, change, method, compared_with)


def _rate(per_mille: int) -> str:
    return str(Decimal(per_mille) / 1000)
