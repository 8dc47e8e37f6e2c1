"""Rehearsals for tests: begun by the product's own services, played through its pages."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from deals.models import Deal, Rehearsal
from deals.rules.statement import to_document
from deals.services import rehearsals
from marketplace.accounts.actors import Actor
from tests.cast import Cast
from tests.deals import makers
from tests.deals.reporting import noon

AT = noon("2026-10-15")


def of_listing(cast: Cast, *, by: Actor | None = None, on: str = "2027-01-01") -> Rehearsal:
    """University A's standing terms, rehearsed by company C's finance person."""
    makers.make_policy()
    beginning = rehearsals.Beginning(date.fromisoformat(on), "弱的第一年")
    listing = makers.make_listing(cast)
    return rehearsals.rehearse_listing(listing, beginning=beginning, by=by or cast.finance_c, at=AT)


def of_deal(deal: Deal, cast: Cast, *, on: str = "2026-10-15") -> Rehearsal:
    """A deal, rehearsed by company C's finance person."""
    beginning = rehearsals.Beginning(date.fromisoformat(on))
    return rehearsals.rehearse_deal(deal, beginning=beginning, by=cast.finance_c, at=AT)


def offline(content: bytes, folder: Path) -> Any:
    """What `manage.py royalty` prints for a contract file that was downloaded."""
    path = folder / "rehearsal.json"
    path.write_bytes(content)
    out = io.StringIO()
    call_command("royalty", str(path), stdout=out)
    return json.loads(out.getvalue())


def download(client: Client, rehearsal: Rehearsal) -> bytes:
    """The contract file as its page hands it out."""
    return client.get(reverse("rehearsal_contract", args=[rehearsal.public_id])).content


def shown(rehearsal: Rehearsal) -> Any:
    """The figures that the rehearsal's pages are made of, as a document."""
    return to_document(rehearsals.result_of(rehearsals.play_of(rehearsal)))


def step(client: Client, rehearsal: Rehearsal, name: str, **data: object) -> Any:
    """Press a button of the desk, as the page shows it now."""
    seen = Rehearsal.objects.get(pk=rehearsal.pk).revision
    address = reverse("rehearsal_step", args=[rehearsal.public_id, name])
    return client.post(address, {"seen": seen, **data})


def report(client: Client, rehearsal: Rehearsal, period: str, step: str, **data: object) -> Any:
    """Press a button of the page of a period."""
    seen = Rehearsal.objects.get(pk=rehearsal.pk).revision
    address = reverse("rehearsal_report", args=[rehearsal.public_id, period])
    return client.post(address, {"seen": seen, "step": step, **data})
