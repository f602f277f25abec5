"""The portal's urls and two pages that only measuring needs: an empty one, and the ranking from constants."""

from django.shortcuts import render
from django.urls import include, path

from qualityseason import policy
from qualityseason.policy import SIGNED_IN

CONSTANTS: dict[str, object] = {}  # the context of the page from constants, put here before it is asked for


def empty(request, campaign):
    """A signed-in page without content."""
    return render(request, "base.html", {"campaign": request.campaign, "actor": request.actor})


def constants(request, campaign):
    """The ranking's own template, with everything in it known beforehand."""
    return render(request, "scoring/ranking.html", CONSTANTS)


policy.register({"benchmark-empty": SIGNED_IN, "benchmark-constants": SIGNED_IN})

urlpatterns = [
    path("campaigns/<slug:campaign>/benchmark/empty/", empty, name="benchmark-empty"),
    path("campaigns/<slug:campaign>/benchmark/constants/", constants, name="benchmark-constants"),
    path("", include("qualityseason.urls")),
]
