"""The caller's address behind the reverse proxies an installation trusts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the caller's address, for throttling logins.

    Each trusted proxy appends the address it was called from to X-Forwarded-For; what stands further left was
    written by the caller and proves nothing.
    """
    proxies: int = settings.TRUSTED_PROXIES
    header = request.headers.get("X-Forwarded-For", "")
    addresses = [part.strip() for part in header.split(",") if part.strip()]
    if proxies and len(addresses) >= proxies:
        return addresses[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
