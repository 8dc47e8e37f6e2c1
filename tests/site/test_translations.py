"""Catalogues compile without gettext's programs, and Traditional Chinese follows by itself."""

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.base.translations import LOCALE, compile_translations

WRITTEN = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Shelf code"
msgstr "货架码"

msgid "%(count)s listing"
msgid_plural "%(count)s listings"
msgstr[0] "%(count)s 项成果"

#, fuzzy
msgid "Licence"
msgstr "执照"
"""


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    source = tmp_path / "zh_Hans/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(WRITTEN)
    compile_translations(tmp_path)
    return tmp_path


def catalogue(locale: Path, language: str) -> gettext.NullTranslations:
    return gettext.translation("django", locale, [language])


def test_simplified_is_as_written(locale: Path) -> None:
    assert catalogue(locale, "zh_Hans").gettext("Shelf code") == "货架码"


def test_traditional_is_derived(locale: Path) -> None:
    assert catalogue(locale, "zh_Hant").gettext("Shelf code") == "貨架碼"


def test_plurals_and_their_numbers_survive(locale: Path) -> None:
    words = catalogue(locale, "zh_Hant").ngettext("%(count)s listing", "%(count)s listings", 2)
    assert words % {"count": 2} == "2 項成果"


def test_a_guess_that_nobody_confirmed_is_not_shown(locale: Path) -> None:
    assert catalogue(locale, "zh_Hans").gettext("Licence") == "Licence"


def test_what_is_current_is_not_written_again(locale: Path) -> None:
    assert compile_translations(locale) == []


def test_a_changed_source_is_compiled_again(locale: Path) -> None:
    source = locale / "zh_Hans/LC_MESSAGES/django.po"
    source.write_text(WRITTEN.replace("货架码", "货架编号"))
    later = source.stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(later, later))
    compile_translations(locale)
    assert catalogue(locale, "zh_Hant").gettext("Shelf code") == "貨架編號"


def test_set_up_compiles_without_settings_or_programs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "marketplace.base.translations"],
        cwd=LOCALE.parent.parent,
        env={"PATH": "/nowhere"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
