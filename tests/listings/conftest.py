"""What the tests of the catalogue share."""

import io

import pytest
from django.core.management import call_command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(cast, folder):
    """Import a text or bytes as a file of this name; answers what the command says."""

    def imported(content, *options, name="list.csv"):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        call_command("import_listings", str(path), *options, stdout=out)
        return out.getvalue()

    return imported
