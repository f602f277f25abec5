"""What the forms of recording and inspecting send."""

import uuid

from qualityseason.models import User
from tests.factories import department


def form_of(season, code, *, charged="图书馆", **values):
    """Return what the recording form sends for a rule."""
    return {
        "uuid": str(values.pop("uuid", None) or uuid.uuid4()),
        "charged": str(department(season, charged).uuid),
        "rule": code,
        "quantity": "1",
        "subject": "",
        "happened_on": "2009-11-20",
        "note": "",
    } | values


def visit_of(season, *, who, charged="图书馆", **values):
    """Return what the form of an inspection sends."""
    return {
        "uuid": str(values.pop("uuid", None) or uuid.uuid4()),
        "department": str(department(season, charged).uuid),
        "kind": "regular",
        "day": "2009-11-20",
        "started": "09:00",
        "ended": "10:30",
        "assessors": [User.objects.get(pk=one.user_id).username for one in who],
        "note": "",
    } | values


def errors(response):
    """Return the sentences of the form in an answer by field."""
    return {name: list(sentences) for name, sentences in response.context["form"].errors.items()}
