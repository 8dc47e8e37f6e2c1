"""What is refused and what is printed stay as they are, word for word and line for line.

After a change that was meant: `python -m tests.rules.golden`, and read the diff.
"""

import json

from tests.rules import golden
from tests.rules.test_broken_files import FULL


def test_every_refusal_keeps_its_code_its_place_and_its_words():
    kept = json.loads(golden.REFUSALS.read_text(encoding="utf-8"))
    found = golden.refusals(FULL)
    assert found["messages"] == kept["messages"]
    assert found["places"] == kept["places"]


def test_the_results_of_random_contracts_stay_byte_for_byte():
    kept = json.loads(golden.RESULTS.read_text(encoding="utf-8"))
    assert golden.results() == kept


def test_a_record_covers_most_codes_of_refusal():
    kept = json.loads(golden.REFUSALS.read_text(encoding="utf-8"))
    assert len({code for code, _message in kept["messages"]}) > 30
