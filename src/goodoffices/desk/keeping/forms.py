"""What a person may type: leave to read more, a canary, an age key, the end of a purpose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from goodoffices.desk.frame.forms import DeskForm


class UnlockForm(DeskForm):
    """Whose records, and why."""

    part = "desk_keeping"
    owner = forms.ChoiceField()
    reason = forms.CharField(max_length=500, widget=forms.Textarea)

    def __init__(self, *args: Any, owners: Iterable[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined]


class CanaryForm(DeskForm):
    """The reference of an invented line."""

    part = "desk_keeping"
    ref = forms.CharField(max_length=200)


class RecipientForm(DeskForm):
    """A name for the key, and the key."""

    part = "desk_keeping"
    name = forms.CharField(max_length=60)
    key = forms.CharField(max_length=80)


class EndForm(DeskForm):
    """The day on which the purpose ended."""

    part = "desk_keeping"
    ended_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
