"""Files broken in several places at once, and files whose very bytes are broken."""

import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deals.rules.facts import Refused
from deals.rules.files import answer, parse
from deals.rules.tables import as_table
from tests.rules.test_broken_files import FULL, NASTY, PATHS, outcome, put


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PATHS), NASTY), min_size=2, max_size=5))
def test_several_broken_values_at_once_are_computed_or_refused(changes):
    document = copy.deepcopy(FULL)
    for path, value in changes:
        try:
            put(document, path, value)
        except (KeyError, IndexError, TypeError):
            continue
    found = outcome(document)
    assert found is None or as_table(found)


CONTENT = json.dumps(FULL).encode()


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, len(CONTENT)),
    st.integers(0, 40),
    st.one_of(
        st.binary(max_size=6),
        st.sampled_from(
            [b"NaN", b"Infinity", b"1e400", b"-", b"\xef\xbb\xbf", b"\\ud800", b"\x00", b"[" * 900]
        ),
    ),
)
def test_any_bytes_put_into_a_file_are_computed_or_refused(place, length, put_in):
    content = CONTENT[:place] + put_in + CONTENT[place + length :]
    try:
        found = answer(parse(content))
    except Refused as refusal:
        found, faults = None, refusal.faults
    else:
        faults = ()
    assert [fault for fault in faults if "\n" in f"{fault.where}{fault.message}"] == []
    assert (found is None) == bool(faults)
    assert found is None or as_table(found)
