"""Urls whose one page fails, for the page that says so."""

from django.urls import path

from qualityseason.urls import handler500  # noqa: F401  # Django looks it up here


def fail(request):
    raise RuntimeError("on purpose")


urlpatterns = [path("login/", fail, name="login")]
