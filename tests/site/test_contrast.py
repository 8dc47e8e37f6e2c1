"""Colours keep the contrast that readers need, in both themes (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    pairs = [digit * 2 for digit in digits] if len(digits) == 3 else re.findall("..", digits)
    parts = [int(pair, 16) / 255 for pair in pairs]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _tokens(theme: str) -> dict[str, str]:
    sheet = (STATIC / "site.css").read_text()
    light, dark = re.findall(r"color-scheme: (?:light|dark);(.*?)}", sheet, re.DOTALL)[:2]
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", light))
    if theme == "dark":
        tokens |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", dark))
    return tokens


GROUNDS = ("bg", "surface", "raised")
SOFT = ("brand", "ok", "warn", "danger", "info", "accent")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink2", "ink3", *SOFT])
def test_text_can_be_read_on_every_ground(theme: str, ink: str) -> None:
    tokens = _tokens(theme)
    assert min(_contrast(tokens[ink], tokens[ground]) for ground in GROUNDS) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", SOFT)
def test_a_tag_can_be_read_on_its_own_soft_ground(theme: str, name: str) -> None:
    tokens = _tokens(theme)
    ink = "brand-strong" if name == "brand" else name
    assert _contrast(tokens[ink], tokens[f"{name}-soft"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_buttons_labels_and_control_borders_stand_out(theme: str) -> None:
    tokens = _tokens(theme)
    assert _contrast(tokens["on-brand"], tokens["brand"]) >= 4.5
    assert _contrast(tokens["on-accent"], tokens["accent"]) >= 4.5
    assert _contrast(tokens["tag-ink"], tokens["tag"]) >= 4.5
    assert min(_contrast(tokens["control"], tokens[ground]) for ground in GROUNDS) >= 3
