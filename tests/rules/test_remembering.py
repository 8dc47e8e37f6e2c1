"""What the calculation remembers changes no byte, lets nothing in, and has an end."""

import copy
import functools
import importlib
import json
import pkgutil
import random

import pytest

from deals import rules
from deals.rules.facts import Refused, load
from deals.rules.statement import compute, to_document
from deals.rules.terms import validate
from tests.rules.contracts import contract, line, report, terms
from tests.rules.slow.generator import draw_contract

JUNK = [None, "", 0, -1, True, 1.5, "x", "-1.00", "2026-02-30", [], {}, "0.00", 10**30]


def caches():
    """Every cache of a function anywhere in the calculation."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(rules.__path__, "deals.rules.")
    ]
    kind = type(functools.lru_cache(int))
    return {
        id(value): value for module in modules for value in vars(module).values()
        if isinstance(value, kind)
    }.values()  # fmt: skip


def forget():
    for cache in caches():
        cache.cache_clear()


def outcome(document):
    """The printed result as bytes, or the faults."""
    try:
        return json.dumps(to_document(compute(load(document))))
    except Refused as refusal:
        return refusal.faults


def spoilt(document, pick):
    """A copy in which one value somewhere is something else, is gone, or has company."""
    made = copy.deepcopy(document)
    node = made
    while True:
        keys = list(node) if isinstance(node, dict) else range(len(node))
        key = pick.choice(keys)
        if isinstance(node[key], dict | list) and node[key] and pick.random() < 0.9:
            node = node[key]
            continue
        if pick.random() < 0.3:
            del node[key]
        elif isinstance(node, dict) and pick.random() < 0.3:
            node["unheard_of"] = 1
        else:
            node[key] = pick.choice(JUNK)
        return made


@pytest.mark.parametrize("seed", range(0, 400, 20))
def test_a_contract_read_before_gives_the_same_bytes(seed):
    for number in range(seed, seed + 20):
        document = draw_contract(number)
        forget()
        fresh = outcome(document)

        assert outcome(json.loads(json.dumps(document))) == fresh


@pytest.mark.parametrize("seed", range(0, 400, 20))
def test_what_is_wrong_is_refused_with_the_same_faults_after_the_right_one_was_read(seed):
    for number in range(seed, seed + 20):
        document = draw_contract(number)
        wrong = spoilt(document, random.Random(number))
        forget()
        fresh = outcome(wrong)
        outcome(document)

        assert outcome(wrong) == fresh


@pytest.mark.parametrize("number", [True, 1.0, "1"])
def test_a_version_that_only_looks_like_a_number_is_refused_beside_a_right_one(number):
    assert validate(terms(version=1))[0] is not None
    assert [fault.where for fault in validate(terms(version=number))[1]] == ["version"]


def test_contracts_that_differ_in_their_number_alone_share_their_terms():
    one, *_ = validate(terms(contract="C-1"))
    other, *_ = validate(terms(contract="C-2"))
    assert one is other


def test_the_number_of_a_contract_must_be_a_text_however_often_its_terms_were_read():
    validate(terms())
    _, faults, _ = validate(terms(contract=7))
    assert [(fault.code, fault.where) for fault in faults] == [("type.text", "contract")]


def test_versions_of_two_contracts_are_no_contract():
    versions = [terms(), terms(version=2, effective_from="2027-01-01", contract="C-2")]
    with pytest.raises(Refused) as caught:
        load(contract(versions))
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        ("terms.fixed", "terms[1]")
    ]


def test_a_document_nested_beyond_reason_is_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    document = terms(fixed=deep)
    try:
        _, faults, _ = validate(document)
    finally:
        while deep:
            deep = deep.pop()
    assert faults


def test_a_document_too_long_to_remember_is_read_all_the_same():
    rows = [{"up_to": f"{number}.00", "rate": "0.05"} for number in range(1, 2_000)]
    made = terms()
    made["streams"][0]["tiers"]["rows"] = [*rows, {"up_to": None, "rate": "0.05"}]
    found, faults, _ = validate(made)
    assert faults == ()
    assert len(found.streams["product"].tiers.rows) == 2_000


def test_every_table_row_of_a_long_table_is_charged():
    rows = [{"up_to": f"{number}.00", "rate": "0.01"} for number in range(1, 1_500)]
    made = terms()
    made["streams"][0]["tiers"]["rows"] = [*rows, {"up_to": None, "rate": "1"}]
    document = contract([made], [report("2026-Q1", [line("1600.00")])])
    (shown,) = to_document(compute(load(document)))["statements"]
    assert shown["earned"] == "115.99"
    assert len([one for one in shown["lines"] if one["code"] == "earned.tier"]) == 1_500


def test_holidays_are_those_of_the_file_and_not_of_one_read_before():
    fixed = [{"key": "fee", "amount": "5.00", "on": "2026-05-01", "due_days": 0}]
    made = terms(fixed=fixed, periods={"roll": "following"})
    dues = [
        to_document(compute(load(contract([made], holidays=days, workdays=[]))))["instalments"]
        for days in ([], ["2026-05-01"], [])
    ]
    assert [[one["due"] for one in found] for found in dues] == [
        ["2026-05-01"], ["2026-05-04"], ["2026-05-01"],
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ["2026-05-32", 7, None, ["2026-05-01"]])
def test_a_holiday_that_is_no_day_is_refused_or_left_out_as_ever(wrong):
    right = contract(holidays=["2026-05-01"], workdays=["2026-05-09"])
    forget()
    fresh = outcome({**right, "holidays": ["2026-05-01", wrong]})
    outcome(right)
    assert outcome({**right, "holidays": ["2026-05-01", wrong]}) == fresh


def test_no_cache_grows_without_end():
    sizes = {cache.__name__: cache.cache_info().maxsize for cache in caches()}
    assert len(sizes) > 5
    assert all(size is not None and size <= 8192 for size in sizes.values()), sizes
