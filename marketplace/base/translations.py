"""Compiles the catalogues without gettext's programs and derives Traditional Chinese.

`python -m marketplace.base.translations` needs no settings: set-up runs it before Django can start,
and a bare Debian has no msgfmt.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import opencc
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"
WRITTEN = "zh_Hans"
DERIVED = "zh_Hant"


def compile_translations(locale: Path = LOCALE) -> list[Path]:
    """Write what is older than its source below `locale`; returns the files written.

    Each hand-written `.po` gives its `.mo` and the derived language's `.po` and `.mo`.
    """
    written: list[Path] = []
    for source in sorted(locale.glob(f"{WRITTEN}/LC_MESSAGES/*.po")):
        derived = locale / DERIVED / "LC_MESSAGES" / source.name
        targets = [source.with_suffix(".mo"), derived, derived.with_suffix(".mo")]
        if all(_is_current(target, source) for target in targets):
            continue
        catalogue = _read(source)
        _write_mo(catalogue, targets[0])
        _convert(catalogue)
        _write_po(catalogue, targets[1])
        _write_mo(catalogue, targets[2])
        written += targets
    return written


def _is_current(target: Path, source: Path) -> bool:
    newest = max(source.stat().st_mtime_ns, Path(__file__).stat().st_mtime_ns)
    return target.exists() and target.stat().st_mtime_ns >= newest


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=WRITTEN, abort_invalid=True)


def _convert(catalogue: Catalog) -> None:
    to_traditional = opencc.OpenCC("s2hk").convert
    catalogue.locale = DERIVED
    for message in catalogue:
        if not message.id or not message.string:
            continue
        if isinstance(message.string, str):
            message.string = to_traditional(message.string)
        else:
            message.string = tuple(to_traditional(form) for form in message.string)


def _write_mo(catalogue: Catalog, target: Path) -> None:
    with _replacing(target) as file:
        write_mo(file, catalogue)


def _write_po(catalogue: Catalog, target: Path) -> None:
    with _replacing(target) as file:
        write_po(file, catalogue, width=98)


@contextmanager
def _replacing(target: Path) -> Iterator[IO[bytes]]:
    """Write beside the target and move over it, so that a reader never sees half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with part.open("wb") as file:
        yield file
    part.replace(target)


if __name__ == "__main__":
    compile_translations()
