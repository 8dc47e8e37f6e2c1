"""One line of JSON for each log record, with the id of the request or task that it belongs to."""

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict


def json_formatter() -> ProcessorFormatter:
    """The formatter that LOGGING names; made before the apps are ready."""
    return ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _add_request_id,
        ],
        processors=[
            _drop_what_is_no_json,
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _add_request_id(_logger: object, _name: str, event: EventDict) -> EventDict:
    from marketplace.base.outbox import current_request_id

    request_id = current_request_id()
    if request_id:
        event["request_id"] = request_id
    return event


def _drop_what_is_no_json(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Django attaches the whole request to its records: personal, and too much for a line."""
    event.pop("request", None)
    return event
