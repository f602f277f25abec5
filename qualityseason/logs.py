"""The request's id in every log line."""

from __future__ import annotations

import logging

from qualityseason.tracing import request_id


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to each record; “-” outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        return True
