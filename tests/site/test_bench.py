"""The benchmark's contestants agree; its times are never tested."""

import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from deals.models import Statement
from marketplace.site.bench import cpu, deals, run


def test_every_benchmarked_deal_has_one_report_to_compute(db):
    assert list(deals.make(3))[-1] == 3
    assert run._save_one_by_one(deals.Deal.objects.earliest("pk")) > 0


def test_the_loop_leaves_nothing_behind(db):
    list(deals.make(4))
    figure, total = run._loop(4)
    assert figure.statements == 4
    assert total > 0
    assert not Statement.objects.exists()


def test_cpu_time_of_this_process_only_grows(db):
    before = cpu.seconds_of(cpu.postmaster())
    list(deals.make(50))
    assert cpu.seconds_of(cpu.postmaster()) > before


def test_a_database_with_data_is_refused(cast):
    with pytest.raises(CommandError, match="empty"):
        call_command("bench", "run")


@pytest.mark.servers
def test_the_product_and_the_loop_come_to_the_same_sums(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}
    done = subprocess.run(
        [sys.executable, "manage.py", "bench", "run", "--size", "12", "--json"],
        env=environment | {"MARKETPLACE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    assert [figure["name"] for figure in figures] == ["orm loop", "product", "plain copy"]
    assert [figure["statements"] for figure in figures] == [12, 12, 12]
