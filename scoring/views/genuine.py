"""The public page where a code printed on a paper is looked up: no login, and nothing told but that it is genuine."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.calculations.plans import understood_code
from qualityseason.clock import day_of, now
from qualityseason.text import clean
from scoring.forms.publications import CodeForm
from scoring.queries.genuine import find_genuine, season_of_copy


@never_cache
@require_safe
def genuine(request: HttpRequest) -> HttpResponse:
    """Ask for the code on a paper."""
    if "code" not in request.GET:
        return render(request, "scoring/genuine.html", {"form": CodeForm()})
    form = CodeForm(request.GET)
    if not form.is_valid():
        return render(request, "scoring/genuine.html", {"form": form})
    code = understood_code(clean(form.cleaned_data["code"]))
    return redirect("scoring:genuine-code", code) if code else _answer(request, form.cleaned_data["code"])


@never_cache
@require_safe
def genuine_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the paper with that code is genuine, of which day, and whether it still counts."""
    return _answer(request, code)


def _answer(request: HttpRequest, typed: str) -> HttpResponse:
    code = understood_code(clean(typed))
    season = season_of_copy(code)
    context = {
        "form": CodeForm(initial={"code": code or typed}),
        "code": code or typed,
        "found": find_genuine(code, on=day_of(now(season))) if season is not None else None,
        "is_asked": True,
    }
    response = render(request, "scoring/genuine.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
