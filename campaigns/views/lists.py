"""What list pages share: reading a filter form and keeping its choices in the pager's addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from campaigns.queries.paging import Page


def chosen(form: forms.Form) -> dict[str, Any]:
    """Return what a GET filter asks for, without the empty and the unreadable choices."""
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def pager_urls(request: HttpRequest, page: Page[Any]) -> dict[str, str]:
    """Return the addresses of the pages before and after, filters kept; '' where there is none."""
    urls = {}
    for name, key in (("before", page.before), ("after", page.after)):
        query = request.GET.copy()
        for other in ("before", "after"):
            query.pop(other, None)
        query[name] = key
        urls[f"{name}_url"] = f"?{query.urlencode()}" if key else ""
    return urls
