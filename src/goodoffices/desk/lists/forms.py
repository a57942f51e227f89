"""What a person may type about lists."""

from __future__ import annotations

from typing import Any

from django import forms

from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.lists.services import MOST_BYTES
from goodoffices.domain.lists import ListKind

PART = "desk_lists"
NARROW = ("ref", "surname", "given_name", "patronymic", "full_name", "birth_date")
"""What a release offers unless its owner chooses more: enough to find the person, nothing of health or place."""


class FileForm(DeskForm):
    """A file for a list that is there."""

    part = PART
    file = forms.FileField(max_length=10_000, allow_empty_file=True)

    def clean_file(self) -> Any:
        """Refuse a file that is empty or larger than any list.

        Raises
        ------
        ValidationError
            If it is.
        """
        file = self.cleaned_data["file"]
        if not 0 < file.size <= MOST_BYTES:
            raise forms.ValidationError(say(PART, self.language, "file_size", most=MOST_BYTES >> 20))
        return file


class NewForm(FileForm):
    """A new list with its first file."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in ListKind])
    title = forms.CharField(max_length=100)
    field_order = ("title", "kind", "file")


class ReleaseForm(DeskForm):
    """Which fields go to whom, from when to when; narrow unless more is chosen."""

    part = PART
    audience = forms.ChoiceField(widget=forms.RadioSelect)
    fields_chosen = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    starts_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, *args: Any, audiences: list[tuple[str, str]], columns: list[tuple[str, str]], **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.fields["audience"].choices = audiences  # type: ignore[attr-defined]
        self.fields["fields_chosen"].choices = columns  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a release that ends before it begins."""
        found = super().clean() or {}
        starts, ends = found.get("starts_on"), found.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", say(PART, self.language, "ends_before"))
        return found
