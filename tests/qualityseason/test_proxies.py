"""Whose address counts when proxies stand in front."""

import pytest
from django.test import RequestFactory

from qualityseason.proxies import client_address


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),  # nobody trusted: the header is the caller's own word
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the left one was forged by the caller
        (2, "203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),  # fewer than promised: somebody came past the proxies
        (1, " , ", "10.0.0.9"),
        (1, None, "10.0.0.9"),
    ],
)
def test_client_address_believes_only_trusted_proxies(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": header} if header is not None else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")
    assert client_address(request) == address
