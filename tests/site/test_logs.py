"""What a log line holds."""

import json
import logging

from marketplace.base import outbox
from marketplace.base.logs import json_formatter


def line(**more: object) -> dict[str, object]:
    record = logging.LogRecord("deals", logging.ERROR, __file__, 1, "deal %s", ("parked",), None)
    for name, value in more.items():
        setattr(record, name, value)
    return json.loads(json_formatter().format(record))


def test_a_line_says_when_where_and_how_bad() -> None:
    found = line()
    assert (found["event"], found["level"], found["logger"]) == ("deal parked", "error", "deals")
    assert found["timestamp"].endswith("Z")


def test_a_line_carries_the_request_that_it_belongs_to() -> None:
    outbox.begin_request("abc")
    try:
        assert line()["request_id"] == "abc"
    finally:
        outbox.begin_request("")


def test_a_line_holds_no_request_body() -> None:
    assert "request" not in line(request="a whole request with cookies")


def test_a_line_carries_what_the_caller_added() -> None:
    assert line(outbox_id=7)["outbox_id"] == 7


def test_chinese_stays_readable() -> None:
    record = logging.LogRecord("deals", logging.INFO, __file__, 1, "账单", (), None)
    assert "账单" in json_formatter().format(record)
