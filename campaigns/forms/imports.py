"""Forms of the import pages."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from campaigns.imports.archive import ENDING, MAXIMUM_BYTES, check_name, check_package, check_size
from campaigns.services.import_requests import MAXIMUM_REASON
from qualityseason.errors import Refused
from qualityseason.intake.kinds import MIB

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """One .xlsx file; what is no workbook is refused before anything is kept."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("An .xlsx workbook of at most %(size)d MB.") % {"size": MAXIMUM_BYTES // MIB},
        widget=forms.ClearableFileInput(attrs={"accept": f"{ENDING},{MEDIA}"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse by size, ending and real type, each with its remedy."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            check_size(upload.size or 0)
            check_name(upload.name or "")
            check_package(upload)  # type: ignore[arg-type]  # Django's file proxy reads like a binary file
        except Refused as refused:
            raise forms.ValidationError(refused.sentence, code=refused.refusal_code) from refused
        return upload


class WithdrawForm(forms.Form):
    """Why a whole import is taken back."""

    because = forms.CharField(
        label=_("Reason"), max_length=MAXIMUM_REASON, help_text=_("It stands with the import for everybody to read.")
    )
