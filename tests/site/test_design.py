"""The design system holds together: the style guide, the budgets, the sprite, vendored files."""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from marketplace.base import covers, tones
from marketplace.site import gallery

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))


@dataclass(frozen=True)
class Reader:
    """Whoever looks at the page."""

    permissions: frozenset[str]
    is_signed_in: bool = True

    def may(self, permission: str) -> bool:
        return permission in self.permissions


def _guide(language: str) -> str:
    request = RequestFactory().get("/styleguide/")
    with translation.override(language):
        return "".join(
            render_to_string(f"styleguide/_{part}.html", gallery.samples(), request)
            for part in ("basics", "shelf", "forms", "progress", "people", "states")
        )


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_component_renders_under_the_strict_policy(language: str) -> None:
    page = _guide(language)
    assert not re.search(r'\sstyle="|<style|<script|\son[a-z]+="|javascript:', page)


def test_no_identifier_stands_twice_in_the_style_guide() -> None:
    identifiers = re.findall(r'\sid="([^"]*)"', _guide("en"))
    assert len(identifiers) == len(set(identifiers))


def test_every_word_of_the_style_guide_is_translated() -> None:
    text = re.sub(r"<[^>]+>|&[a-z]+;", " ", _guide("zh-hans"))
    known = {*covers.FAMILIES, *tones.TONE_OF, *gallery.COLOURS.split(), *gallery.TONES}
    known |= {"English", "neutral", "TRL", "Q15", "Q3", "Q4"}
    words = set(re.findall(r"(?<![\w/-])[A-Za-z][a-z_]{2,}(?![\w-])", text)) - known
    assert words == set()


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    named = set()
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        named |= set(re.findall(r'{% icon "([a-z0-9-]+)"', text))
        named |= set(re.findall(r'{% nav_link "\w+" \S.*? "([a-z0-9-]+)" %}', text))
        named |= set(re.findall(r'{% rail_link "\w+" "([a-z0-9-]+)"', text))
        named |= set(re.findall(r'icon_name="([a-z0-9-]+)"', text))
    named |= {tones.icon(state) for state in tones.TONE_OF} | {tones.icon("unheard of")}
    assert named
    assert named <= SPRITE


def test_the_style_sheet_stays_within_its_budget() -> None:
    assert len(gzip.compress((STATIC / "site.css").read_bytes(), 9)) <= 12 * 1024


def test_the_scripts_of_every_page_stay_within_their_budget() -> None:
    scripts = [STATIC / "vendor" / "htmx.min.js", STATIC / "site.js"]
    assert sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts) <= 25 * 1024


def test_vendored_files_are_the_ones_that_were_looked_at() -> None:
    for package in json.loads((STATIC / "vendor" / "VENDOR.json").read_text()):
        assert package["licence"]
        for name, digest in package["files"].items():
            content = (Path(settings.BASE_DIR) / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
            assert b"sourceMappingURL" not in content


def test_both_dark_rules_name_the_same_colours() -> None:
    rules = re.findall(r"color-scheme: dark;(.*?)}", (STATIC / "site.css").read_text(), re.DOTALL)
    assert len(rules) == 2
    assert rules[0].split() == rules[1].split()


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_pages_for_a_broken_site_need_no_request(name: str) -> None:
    with translation.override("en"):
        page = render_to_string(name)
    assert '<html lang="en" data-theme="auto">' in page
    assert "<script" not in page


def test_a_link_of_the_frame_to_a_missing_page_is_left_out() -> None:
    template = Template('{% load ui %}{% nav_link "no_such_page" "Words" %}')
    assert template.render(Context()) == ""


def test_a_link_to_a_page_that_the_reader_may_not_open_is_left_out() -> None:
    template = Template('{% load ui %}{% nav_link "verification_queue" "Words" %}')
    assert template.render(Context({"actor": Reader(permissions=frozenset())})) == ""
    officer = Reader(permissions=frozenset({"organisation.verify"}))
    assert "Words" in template.render(Context({"actor": officer}))


def test_a_stranger_keeps_the_links_that_lead_through_sign_in() -> None:
    template = Template('{% load ui %}{% nav_link "profile" "Words" %}')
    stranger = Reader(permissions=frozenset(), is_signed_in=False)
    assert "Words" in template.render(Context({"actor": stranger}))
