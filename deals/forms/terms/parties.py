"""Universities by the names that people type, and names by the ids that documents hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from deals.forms.terms.values import EACH_OWNER, LEAD
from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import Kind


def parties_named(texts: Iterable[str]) -> dict[str, str]:
    """The public id of the verified university behind each text: its name, code or id."""
    wanted = set(texts)
    found = Organisation.objects.filter(
        Q(name_zh__in=wanted)
        | Q(name_en__in=wanted)
        | Q(credit_code__in=wanted)
        | Q(public_id__in=wanted),
        kind=Kind.UNIVERSITY,
        verification="verified",
    )
    return {
        text: university.public_id
        for university in found
        for text in _texts_of(university)
        if text in wanted
    }


def parties_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The name of each owner in a document, in the reader's language, by public id."""
    ids = {str(row.get("party", "")) for row in document.get("owners") or ()}
    ids |= set(document.get("waterfalls") or ())
    ids.add(str(document.get("collection", "")).removeprefix(LEAD))
    ids -= {"", EACH_OWNER}
    found = Organisation.objects.filter(public_id__in=ids) if ids else ()
    return {university.public_id: str(university) for university in found}


def _texts_of(university: Organisation) -> set[str]:
    return {
        university.name_zh,
        university.name_en,
        university.credit_code or "",
        university.public_id,
    }
