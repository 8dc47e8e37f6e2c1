"""The benchmarks' contestants agree; their times are never tested."""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from deals.models import Deal, Statement
from deals.services import dossiers, rebuilds, statements
from marketplace.base import clock
from marketplace.site.bench import contracts, copies, cpu, deals, digests, loop
from tests.rules.slow import evaluate
from tests.rules.slow.comparison import differences, product


def test_every_benchmarked_deal_has_one_report_to_compute(db):
    assert list(deals.make(3))[-1] == 3
    loop.save_one_by_one(Deal.objects.earliest("pk"), at=clock.now())
    assert Statement.objects.get().payable_minor > 0


def test_the_loop_leaves_nothing_behind(db):
    list(deals.make(4))
    figure, written = loop.run(4)
    assert figure.statements == len(written) == 4
    assert not Statement.objects.exists()


def test_the_loop_writes_the_rows_of_the_product(db):
    list(deals.make(5))
    _, written = loop.run(5)
    statements.compute_deals(list(written), at=clock.now())
    assert digests.of_deals(list(written)) == written


def test_the_second_evaluator_comes_to_the_same_statements(db):
    list(deals.make(3, periods=3))
    for deal in Deal.objects.all():
        document = dossiers.contract_file(deal, as_of=clock.today())
        assert differences(evaluate(document), product(document)) == []
        statements.compute_deal(deal.pk, at=clock.now())
        printed = {row["period"]: row["payable"] for row in product(document)["statements"]}
        shown = {row.period: row.figures["payable"] for row in deal.statements.all()}
        assert shown == printed
        assert len(shown) == 3


def test_deals_with_many_periods_are_rebuilt_alike(db):
    list(deals.make(2, periods=6))
    ids = list(Deal.objects.values_list("pk", flat=True))
    statements.compute_deals(ids, at=deals.after(6))
    assert Statement.objects.count() == 12
    (progress,) = rebuilds.check(rebuilds.subjects())
    assert (progress.total, progress.differences) == (2, [])


def test_plain_copy_writes_into_twins_that_are_gone_afterwards(db):
    list(deals.make(2))
    statements.compute_deals(list(Deal.objects.values_list("pk", flat=True)), at=clock.now())
    assert copies.run(2).statements == 2
    assert Statement.objects.count() == 2


def test_cpu_time_of_this_process_only_grows(db):
    before = cpu.seconds_of(cpu.postmaster())
    list(deals.make(50))
    assert cpu.seconds_of(cpu.postmaster()) > before


def test_the_most_memory_of_this_process_is_known():
    assert cpu.peak_megabytes(os.getpid()) > 10


def test_a_database_with_data_is_refused(cast):
    with pytest.raises(CommandError, match="empty"):
        call_command("bench", "run")


def bench(home, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", *arguments, "--json"],
        env=environment | {"MARKETPLACE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("shape", contracts.SHAPES[:2], ids=lambda shape: shape.name)
def test_the_second_evaluator_computes_a_benchmarked_contract_alike(shape):
    document = contracts.contract_file(shape, 7)
    printed = product(document)
    assert differences(evaluate(document), printed) == []
    assert len(printed["statements"]) == shape.periods
    assert float(printed["totals"]["earned"]) > 0


def test_every_shape_of_contract_is_measured(capsys):
    call_command("bench", "compute", size=1, json=True)
    found = json.loads(capsys.readouterr().out)
    assert [cost["shape"] for cost in found] == [shape.name for shape in contracts.SHAPES]
    assert all(cost["contracts"] == 1 for cost in found)


@pytest.mark.servers
def test_the_run_gives_the_three_figures_of_the_same_rows(tmp_path):
    found = bench(tmp_path, "run", "--size", "12")
    figures = found["figures"]
    assert [figure["name"] for figure in figures] == ["orm loop", "product", "plain copy"]
    assert [figure["statements"] for figure in figures] == [12, 12, 12]
    assert found["compared"] == 12
    assert 10 < found["worker_megabytes"] < 300


@pytest.mark.servers
def test_a_rebuild_is_measured(tmp_path):
    found = bench(tmp_path, "rebuild", "--size", "3", "--periods", "5")
    assert found["rebuilding"]["statements"] == 15
