"""What a person may type about pairs."""

from __future__ import annotations

from typing import Any

from django import forms

from goodoffices.desk.frame.forms import DeskForm

PART = "desk_pairs"


class RunForm(DeskForm):
    """Which two lists to compare."""

    part = PART
    left = forms.ChoiceField()
    right = forms.ChoiceField()

    def __init__(self, *args: Any, versions: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        for name in ("left", "right"):
            self.fields[name].choices = versions  # type: ignore[attr-defined]
