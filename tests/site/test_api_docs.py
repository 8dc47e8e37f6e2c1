"""The page that explains the API speaks the reader's language."""

import polib
import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

CATALOGUE = settings.BASE_DIR / "marketplace/locale/zh_Hans/LC_MESSAGES/django.po"


def _descriptions() -> list[str]:
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    return [operation["description"] for path in paths.values() for operation in path.values()]


def test_every_operation_has_its_chinese():
    known = {entry.msgid for entry in polib.pofile(CATALOGUE) if entry.msgstr}
    assert _descriptions()
    assert [text for text in _descriptions() if text not in known] == []


def test_no_two_writes_are_described_alike():
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    told = [path["post"]["description"] for path in paths.values() if "post" in path]
    assert len(told) == len(set(told))


@pytest.mark.django_db
def test_the_page_is_in_chinese(client):
    assert "企业撤回申请。" in client.get("/developers/").content.decode()
