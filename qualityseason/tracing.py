"""The id of the request or command being served."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
