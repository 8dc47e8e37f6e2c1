"""Covers drawn from a shelf code: nine families of pattern, the same picture for ever.

Whole numbers in, SVG shapes with presentation attributes out (no style attribute, no id, no
script), so a cover may stand inline in any page under the strict content policy, and on paper.
The canvas is 320 by 120; what a family is known by stands where the square view looks.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache

HEIGHT = 120
CARD_WIDTH, BANNER_WIDTH = 320, 560
SQUARE_VIEW = "130 0 120 120"

Numbers = Iterator[int]


def view_of(shape: str) -> str:
    """The part of the canvas that a shape shows: "", "wide", "square" or "tiny"."""
    if shape in ("square", "tiny"):
        return SQUARE_VIEW
    return f"0 0 {_width_of(shape)} {HEIGHT}"


@lru_cache(maxsize=4096)
def draw(family: str, code: str, shape: str = "") -> str:
    """The shapes of a cover; an unknown family is drawn as dots."""
    ground, painter = FAMILIES.get(family, FAMILIES["dots"])
    width = _width_of(shape)
    drawing = painter(_numbers(f"{family}:{code}"), width)
    return f'<rect width="{width}" height="{HEIGHT}" fill="{ground}"/>{drawing}'


def _width_of(shape: str) -> int:
    return BANNER_WIDTH if shape == "wide" else CARD_WIDTH


def _numbers(seed: str) -> Numbers:
    """An endless stream of bytes that depends on the seed alone."""
    block = seed.encode()
    while True:
        block = hashlib.sha256(block).digest()
        yield from block


def _between(numbers: Numbers, low: int, high: int) -> int:
    return low + next(numbers) * (high - low + 1) // 256


def _bars(numbers: Numbers, width: int) -> str:
    shapes = []
    for x in range(4, width, 35):
        top = _between(numbers, 28, 100)
        tone = _between(numbers, 14, 40)
        shapes.append(
            f'<rect x="{x}" y="{top}" width="28" height="{HEIGHT - top + 6}" rx="5"'
            f' fill="#fff" opacity=".{tone}"/>'
        )
    x = width * 5 // 8 - 24 + _between(numbers, 0, 30)
    bolt = f'<path d="M{x + 14} 18l-24 36h15l-6 32l28-42h-16l11-26z" fill="#f4be4f"/>'
    return "".join(shapes) + bolt


def _leaves(numbers: Numbers, width: int) -> str:
    shapes = []
    for x in range(8, width, 30):
        tall = _between(numbers, 46, 100)
        lean = _between(numbers, 6, 30)
        fill = ("#a8c686", "#c6d78d", "#6f9142", "#cdb955")[next(numbers) % 4]
        shapes.append(
            f'<path d="M{x} 122c-6-{tall // 2} {lean}-{tall} {lean + 12}-{tall}'
            f'c8 {tall // 3} 2 {tall - 18} -{lean} {tall}z" fill="{fill}" opacity=".85"/>'
        )
    return "".join(shapes)


def _streamlines(numbers: Numbers, width: int) -> str:
    drop = _between(numbers, 8, 22)
    lines = "".join(
        f"M-4 {y}c80-{drop} 110 {drop + 6} 170 {drop // 2}s100-{drop} 160 2s120 {drop} 240 0"
        for y in range(4, HEIGHT + 20, 13)
    )
    x, y = width * 5 // 8 - 20 + _between(numbers, 0, 30), _between(numbers, 38, 56)
    return (
        f'<path d="{lines}" fill="none" stroke="#8ccbee" stroke-width="1.6" opacity=".75"/>'
        f'<circle cx="{x}" cy="{y}" r="15" fill="#f7e3a1"/>'
    )


def _waves(numbers: Numbers, width: int) -> str:
    bright = _between(numbers, 2, 6)
    shift = _between(numbers, 0, 40)
    swings = "t40 0" * (width // 40)
    shapes = []
    for row in range(9):
        stroke = "#f1d9b5" if row == bright else "#7cc3d8"
        shapes.append(
            f'<path d="M-{shift} {row * 15 + 4}q20-14 40 0{swings}"'
            f' fill="none" stroke="{stroke}" stroke-width="2.4"'
            f' opacity=".{_between(numbers, 40, 85)}"/>'
        )
    return "".join(shapes)


def _hexagons(numbers: Numbers, width: int) -> str:
    fills = ("#8f5a1c", "#a9763a", "#c4652c", "#b58a52")
    paths = dict.fromkeys(fills, "")
    for row in range(5):
        for x in range(-16 + 17 * (row % 2), width + 16, 34):
            fill = fills[next(numbers) % 4]
            paths[fill] += f"M{x} {row * 29 - 2}l15-8 15 8v18l-15 8-15-8z"
    return "".join(f'<path d="{path}" fill="{fill}"/>' for fill, path in paths.items())


def _helix(numbers: Numbers, width: int) -> str:
    offsets = (0, 16, 28, 33, 28, 16)
    start = next(numbers) % 12
    rungs, light, dark = "", "", ""
    for step, x in enumerate(range(6, width, 13), start):
        swing = offsets[step % 6] * (1 if step % 12 < 6 else -1)
        rungs += f"M{x} {60 - swing}V{60 + swing}"
        light += f"M{x} {60 - swing}h0"
        dark += f"M{x} {60 + swing}h0"
    return (
        f'<path d="{rungs}" stroke="#fff" stroke-width="1.5" opacity=".45"/>'
        f'<path d="{dark}" stroke="#f0a3b9" stroke-width="9" stroke-linecap="round"/>'
        f'<path d="{light}" stroke="#fbe9dc" stroke-width="9" stroke-linecap="round"/>'
    )


def _circuit(numbers: Numbers, width: int) -> str:
    traces = {"#7fdacb": "", "#8fa6ee": ""}
    chip = width * 5 // 8 - 33
    for y in range(10, HEIGHT, 14):
        x = next(numbers) % 30
        while x < width:
            long = _between(numbers, 6, 26)
            if not (x + long > chip - 8 and x < chip + 60 and 20 < y < 100):
                traces["#7fdacb" if next(numbers) % 4 == 0 else "#8fa6ee"] += f"M{x} {y}h{long}"
            x += long + _between(numbers, 16, 44)
    lines = "".join(
        f'<path d="{path}" stroke="{stroke}" stroke-width="3" stroke-linecap="round"/>'
        for stroke, path in traces.items()
    )
    return (
        f'{lines}<rect x="{chip}" y="34" width="52" height="52" rx="8" fill="none"'
        f' stroke="#7fdacb" stroke-width="3"/><rect x="{chip + 14}" y="48" width="24" height="24"'
        ' rx="3" fill="#7fdacb"/>'
    )


def _arcs(numbers: Numbers, width: int) -> str:
    x = width * 5 // 8 - 50 + _between(numbers, 0, 30)
    rings = "".join(
        f'<circle cx="{x}" cy="126" r="{radius}" opacity=".{90 - radius // 2}"/>'
        for radius in range(12, 150, 18)
    )
    rise = _between(numbers, 12, 30)
    return (
        f'<g fill="none" stroke="#a893d8" stroke-width="5">{rings}</g>'
        f'<path d="M{x} 126V62l48-{rise} 24 {rise // 2}" fill="none" stroke="#f0a05a"'
        ' stroke-width="8" stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _dots(numbers: Numbers, width: int) -> str:
    sizes: dict[tuple[int, str], str] = {}
    for y in range(8, HEIGHT, 15):
        for x in range(8, width, 15):
            key = (_between(numbers, 2, 9), "#6fc3b2" if next(numbers) % 7 == 0 else "#9fb0ba")
            sizes[key] = sizes.get(key, "") + f"M{x} {y}h0"
    return "".join(
        f'<path d="{path}" stroke="{fill}" stroke-width="{size}" stroke-linecap="round"/>'
        for (size, fill), path in sorted(sizes.items())
    )


FAMILIES: dict[str, tuple[str, Callable[[Numbers, int], str]]] = {
    "bars": ("#0b6a61", _bars),
    "helix": ("#8e2c50", _helix),
    "circuit": ("#27408f", _circuit),
    "arcs": ("#4c3a82", _arcs),
    "hexagons": ("#7a4a12", _hexagons),
    "leaves": ("#40671f", _leaves),
    "dots": ("#22303b", _dots),
    "waves": ("#0f4a68", _waves),
    "streamlines": ("#1b5f93", _streamlines),
}
