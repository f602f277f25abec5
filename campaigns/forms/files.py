"""A form field for files: those uploaded ahead by their ids, and a plain field that works without script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualityseason.intake.kinds import KINDS, MAXIMUM_SIZE, MIB, advice, ending_of, listed, only
from qualityseason.text import parse_uuid


@dataclass(frozen=True)
class WaitingFile:
    """An upload of one's own that waits to be attached."""

    uuid: UUID
    name: str
    size: int
    url: str


class PostedData(QueryDict):
    """What was sent in a form, and the person's own uploads it names (`campaigns.views.uploads.posted`)."""

    waiting: Mapping[UUID, WaitingFile] = MappingProxyType({})

    def __deepcopy__(self, memo: Any) -> Self:
        """Return a copy that knows the uploads, too (`copy()` takes this way)."""
        made: Self = super().__deepcopy__(memo)
        made.waiting = self.waiting
        return made

    def uploads(self, name: str) -> list[WaitingFile]:
        """Return the person's own uploads a field names, for a form that is shown again without being bound."""
        named = (parse_uuid(text) for text in self.getlist(name))
        return [self.waiting[uuid] for uuid in dict.fromkeys(named) if uuid is not None and uuid in self.waiting]


class FilesWidget(forms.Widget):
    """The list of files uploaded already, and the field to add more."""

    multiple = True
    endings: Sequence[str] = ()  # the only ones taken; all of the portal's where none is named

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[WaitingFile | str]:
        """Return the files named, as far as known with what they are called."""
        named = data.getlist(name) if isinstance(data, QueryDict) else _listed(data.get(name))
        waiting = getattr(data, "waiting", {})
        return [waiting.get(parse_uuid(text), text) for text in named if text]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: no file chosen leaves nothing in the data."""
        return False

    def id_for_label(self, id_: str) -> str:
        """Return the id of the plain field."""
        return id_

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the field; ids that are not the person's own uploads are left out."""
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "describedby": (attrs or {}).get("aria-describedby", ""),
            "invalid": (attrs or {}).get("aria-invalid", ""),
            "files": [file for file in value or () if isinstance(file, WaitingFile)],
            "multiple": self.multiple,
            "maximum_mb": MAXIMUM_SIZE // MIB,
            "advice": json.dumps(advice(self.endings), ensure_ascii=False),
            "endings": listed(self.endings) if self.endings else "",
            "takes_pictures": not self.endings or any(KINDS[ending].is_picture for ending in self.endings),
        }
        return render_to_string("campaigns/_files_field.html", context)


def _listed(value: Any) -> Sequence[str]:
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return [str(value)] if value else []


class FilesField(forms.Field):
    """Files to attach: cleans to the ids of uploads in their order, each once; with `endings` only such files."""

    widget = FilesWidget
    default_error_messages = {"required": gettext_lazy("Choose a file first.")}

    def __init__(self, *, multiple: bool = True, endings: Sequence[str] = (), **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("label", gettext_lazy("Files"))
        super().__init__(**options)
        self.multiple = multiple
        self.widget.multiple = multiple
        self.endings = self.widget.endings = endings

    def to_python(self, value: Any) -> list[UUID]:
        """Return the ids of the uploads named; refuses one of an ending that is of no use here."""
        for file in _sequence(value):
            if self.endings and isinstance(file, WaitingFile) and ending_of(file.name) not in self.endings:
                raise forms.ValidationError(f"{file.name}: {only(self.endings)}", code="ending")
        found = [file.uuid if isinstance(file, WaitingFile) else parse_uuid(file) for file in _sequence(value)]
        return list(dict.fromkeys(uuid for uuid in found if uuid is not None))

    def validate(self, value: Any) -> None:
        """Refuse more than one file where one is wanted."""
        super().validate(value)
        if not self.multiple and len(value) > 1:
            raise forms.ValidationError(_("Only one file belongs here. Leave the others out."), code="too_many")


def _sequence(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)
