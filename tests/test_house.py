"""The house as files: sizes, words, and what must never stand in it."""

import ast
import re
import subprocess
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.utils.translation.template import templatize

ROOT = settings.BASE_DIR
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
PYTHON = [path for path in TRACKED if path.suffix == ".py" and "migrations" not in path.parts]
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] != "tests"]
RULES = [path for path in PRODUCT if "rules" in path.parts or path.name == "rules.py"]
TEMPLATES = [
    path for path in TRACKED if path.suffix in {".html", ".txt"} and "templates" in path.parts
]
LONGEST = 300
# A setting is one line and the file is read from top to bottom; it stays one file by decision.
LONG_BY_DECISION = {"marketplace/settings.py"}


def relative(path: Path) -> str:
    """The path as people name it."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PRODUCT, ids=relative)
def test_no_file_of_the_product_is_longer_than_a_reader_can_hold(path):
    if relative(path) not in LONG_BY_DECISION:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", RULES, ids=relative)
def test_no_rule_reads_a_clock(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in {"now", "today", "utcnow", "monotonic"}, node.lineno


@pytest.mark.parametrize("path", [p for p in RULES if "deals" in p.parts], ids=relative)
def test_no_money_rule_holds_a_float(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "float", node.lineno


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_template_holds_what_the_content_policy_forbids(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=\"", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_no_address_of_a_registry_stands_anywhere():
    hosts = re.compile(
        r"(pypi|registry\.npmjs|deb\.debian|pythonhosted|npmmirror)[\w.-]*\.(org|com)"
    )
    offenders = [
        relative(path)
        for path in TRACKED
        if path.suffix not in {".gz", ".png", ".woff2", ".ico"}
        and path.name != "test_house.py"
        and hosts.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert offenders == []


def test_every_sentence_has_its_chinese():
    catalogue = polib.pofile(ROOT / "marketplace/locale/zh_Hans/LC_MESSAGES/django.po")
    known = {
        entry.msgid for entry in catalogue if entry.msgstr or any(entry.msgstr_plural.values())
    }
    missing = sorted(_messages() - known)
    assert missing == []


def _messages() -> set[str]:
    """Every message id of the templates and of the Python code."""
    found = set()
    for path in TEMPLATES:
        found |= _of_template(path.read_text(encoding="utf-8"))
    for path in PRODUCT:
        found |= _of_python(ast.parse(path.read_text(encoding="utf-8")))
    return found


def _of_python(tree: ast.AST) -> set[str]:
    names = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
    return {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        for argument in node.args[:1]
        if isinstance(argument, ast.Constant)
    }


def _of_template(text: str) -> set[str]:
    """Message ids as the extractor of Django itself sees them, blocks included."""
    call = r"\b(?:n?p?gettext|_)\(u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    source = templatize(text)
    return {ast.literal_eval(found) for found in re.findall(call, source)}


def test_the_template_engine_is_djangos_own():
    assert [engine.name for engine in engines.all()] == ["django"]
