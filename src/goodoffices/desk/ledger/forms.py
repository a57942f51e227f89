"""What a party brings to the record: a consent, a cosignature."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from goodoffices.desk.frame.forms import DeskForm

_MOST = 100_000


class BroughtForm(DeskForm):
    """A file, or its text pasted."""

    part = "desk_ledger"
    file = forms.FileField(required=False)
    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=_MOST)

    def data_given(self) -> bytes:
        """Give what was brought."""
        file = cast("UploadedFile[Any] | None", self.cleaned_data.get("file"))
        text: str = self.cleaned_data["text"]
        return bytes(file.read(_MOST)) if file else text.encode()


class OldForm(DeskForm):
    """How far a key has seen the record."""

    part = "desk_ledger"
    old = forms.IntegerField(min_value=0, initial=0)
