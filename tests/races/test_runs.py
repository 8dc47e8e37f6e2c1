"""Two workers at one run: every chunk and every deal is done by one of them."""

from functools import partial

import pytest

from deals.models import ComputedInput, Deal, RunChunk, Statement, StatementLine
from deals.services import invariants, runs, statements
from marketplace.site.bench import deals as bench_deals
from tests.races.racing import WON, race

AT = bench_deals.AT
SIZE = 12


@pytest.fixture
def ids(committed_db):
    list(bench_deals.make(SIZE))
    return list(Deal.objects.order_by("pk").values_list("pk", flat=True))


def assert_once():
    """Every deal has its statement once, every step once, and the ledger shows the rows."""
    assert Statement.objects.count() == ComputedInput.objects.count() == SIZE
    steps = list(StatementLine.objects.values_list("statement", "code", "inputs__line"))
    assert len(steps) == len(set(steps))
    assert dict(invariants.broken(Deal.objects.all())) == {}
    assert dict(invariants.with_broken_chains(Deal.objects.all())) == {}


def test_eight_workers_at_one_chunk_post_it_once(ids):
    runs.plan_all(on=AT.date(), at=AT)
    chunk = RunChunk.objects.get()
    assert race([partial(runs.compute_chunk, chunk.pk, at=AT)] * 8) == [WON] * 8
    assert RunChunk.objects.get().statements == SIZE
    assert_once()


def test_two_workers_with_the_same_deals_in_other_orders_do_not_wait_in_a_ring(ids):
    clients = [
        partial(statements.compute_deals, ids, at=AT),
        partial(statements.compute_deals, ids[::-1], at=AT),
    ] * 2
    assert race(clients) == [WON] * 4
    assert_once()


def test_a_run_beside_computations_of_single_deals_posts_once(ids):
    runs.plan_all(on=AT.date(), at=AT)
    chunk = RunChunk.objects.get()
    clients = [partial(runs.compute_chunk, chunk.pk, at=AT)]
    clients += [partial(statements.compute_deal, pk, at=AT) for pk in ids[:6]]
    assert race(clients) == [WON] * 7
    assert_once()
