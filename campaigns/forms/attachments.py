"""Forms for files of a record that stands already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.files import FilesField


class AddFilesForm(forms.Form):
    """Files to add to a record."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(required=True)


class ReplaceFileForm(forms.Form):
    """The newer version of a file."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"] = FilesField(multiple=False, required=True, label=_("New version"))
