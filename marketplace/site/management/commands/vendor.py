"""Fetch the vendored files anew: htmx, the icons cut into one sprite, the font of PDF files.

Needs npm, which only this command does: the results are committed, with their hashes.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

HTMX, ICONS, FONT = "htmx.org@2", "@tabler/icons@3", "@fontsource/noto-sans-sc@5"
# Simplified Chinese, Latin and the slices with signs (≤ ≥ ℃ →), as text and as headings.
FACES = tuple(
    f"noto-sans-sc-{letters}-{weight}-normal.woff2"
    for letters in ("chinese-simplified", "latin", "100", "102", "107", "109")
    for weight in (400, 700)
)
STATIC = Path(settings.BASE_DIR) / "static"
OWN_SYMBOLS = tuple(f"trl-{level}" for level in range(1, 10))


class Command(BaseCommand):
    """Refresh static/vendor and static/icons.svg."""

    help = "Fetch htmx, the icon sprite and the PDF font anew (needs npm); --add names more icons."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names of further outline icons."""
        parser.add_argument("--add", nargs="*", default=[], metavar="ICON")

    def handle(self, *args: object, **options: Any) -> None:
        """Fetch the packages and write the files and their record."""
        sprite = STATIC / "icons.svg"
        names = set(re.findall(r'<symbol id="([^"]+)"', sprite.read_text())) - set(OWN_SYMBOLS)
        with tempfile.TemporaryDirectory() as folder:
            htmx, icons, font = (fetch(name, Path(folder)) for name in (HTMX, ICONS, FONT))
            script = STATIC / "vendor" / "htmx.min.js"
            script.write_text(without_source_map((htmx / "dist" / "htmx.min.js").read_text()))
            sprite.write_text(sprite_of(icons / "icons" / "outline", names | set(options["add"])))
            record = [
                entry(htmx, "static/vendor/htmx.min.js"),
                entry(icons, "static/icons.svg"),
                entry(font, *copied(font)),
            ]
        (STATIC / "vendor" / "VENDOR.json").write_text(json.dumps(record, indent=2) + "\n")
        self.stdout.write(f"{len(names | set(options['add']))} icons, htmx and the font written")


def fetch(package: str, folder: Path) -> Path:
    """Download and unpack one package; answers the folder of its files."""
    npm = shutil.which("npm")
    if npm is None:
        raise CommandError("npm is needed to fetch front-end packages, and only for that.")
    asked = [npm, "pack", "--silent", package]
    done = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603
    archive = folder / done.stdout.strip().splitlines()[-1]
    target = archive.with_suffix("")
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target / "package"


def without_source_map(script: str) -> str:
    """A script without the comment that names a map we do not ship."""
    return re.sub(r"^//# sourceMappingURL=.*\n?", "", script, flags=re.MULTILINE)


def sprite_of(folder: Path, names: set[str]) -> str:
    """One SVG of symbols: the named outline icons and our own readiness bars."""
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        "<!-- Tabler Icons (outline), MIT licence: see static/vendor/VENDOR.json."
        " The symbols trl-1 to trl-9 are our own. -->"
    )
    symbols = [icon_symbol(folder / f"{name}.svg", name) for name in sorted(names)]
    bars = [readiness_symbol(level) for level in range(1, 10)]
    return "\n".join([head, *symbols, *bars, "</svg>"]) + "\n"


def icon_symbol(file: Path, name: str) -> str:
    """One icon with our stroke; raises CommandError for a name that the set does not have."""
    if not file.exists():
        raise CommandError(f"There is no outline icon named {name}.")
    shapes = re.findall(r"<(?:path|circle|rect|line|polyline)[^>]*/>", file.read_text())
    drawn = [re.sub(r"\s+", " ", shape).replace(" />", "/>") for shape in shapes]
    inner = "".join(shape for shape in drawn if 'd="M0 0h24v24H0z"' not in shape)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        f' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
    )


def readiness_symbol(level: int) -> str:
    """Nine bars: those reached, the present one, those still ahead."""
    tones = ["var(--brand)"] * (level - 1) + ["var(--accent)"] + ["var(--line)"] * (9 - level)
    bars = "".join(
        f'<rect x="{place * 10}" width="7" height="14" rx="2" fill="{tone}"/>'
        for place, tone in enumerate(tones)
    )
    return f'<symbol id="trl-{level}" viewBox="0 0 87 14">{bars}</symbol>'


def copied(font: Path) -> list[str]:
    """Keep the faces that PDF files use; answers their names."""
    folder = STATIC / "vendor" / "fonts"
    folder.mkdir(exist_ok=True)
    for face in FACES:
        shutil.copyfile(font / "files" / face, folder / face)
    return [f"static/vendor/fonts/{face}" for face in FACES]


def entry(package: Path, *names: str) -> dict[str, Any]:
    """What VENDOR.json says about a package's files; its licence text is kept beside them."""
    about = json.loads((package / "package.json").read_text())
    kept = STATIC / "vendor" / "licences" / f"{about['name'].strip('@').replace('/', '-')}.txt"
    kept.parent.mkdir(exist_ok=True)
    shutil.copyfile(package / "LICENSE", kept)
    root = STATIC.parent
    digests = {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in names}
    return {
        "name": about["name"],
        "version": about["version"],
        "licence": about["license"],
        "files": digests,
    }
