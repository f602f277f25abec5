"""The request's id in every log line."""

from __future__ import annotations

import logging

from qualityseason.tracing import request_id


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to each record; “-” outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True


class RefusalFilter(logging.Filter):
    """Takes the traceback off an answer that only says no (403, 404): the line tells the path, that is enough."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        return True
