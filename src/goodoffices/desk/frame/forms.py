"""The base of every form: labels, hints and errors from the part's words; what was typed is kept."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from goodoffices.desk.frame.refusals import refusal
from goodoffices.desk.frame.templatetags.desk import COMMON, say
from goodoffices.domain.errors import InputError
from goodoffices.formats.words import Language, Words


class DeskForm(forms.Form):
    """A form whose words come from `formats/words/PART.toml`.

    `field_NAME` is the label, `help_NAME` (if there is one) the hint, `choice_NAME_VALUE` the words of choices given as
    plain values. A subclass sets `part`; the view passes `language=`.
    """

    part = COMMON
    template_name = "frame/form.html"

    def __init__(self, *args: Any, language: str = "en", **named: Any) -> None:
        super().__init__(*args, **named)
        self.language = language
        self.label_suffix = ""
        self.use_required_attribute = False
        self.words = words = Words(self.part, Language(language))
        for name, field in self.fields.items():
            field.label = say(self.part, language, f"field_{name}")
            if words.has(f"help_{name}"):
                field.help_text = words(f"help_{name}")
            if isinstance(field, forms.ChoiceField):
                plain = cast("list[tuple[str, str]]", list(field.choices))  # type: ignore[arg-type]
                field.choices = [
                    (value, words(f"choice_{name}_{value}") if words.has(f"choice_{name}_{value}") else text)
                    for value, text in plain
                ]

    def get_context(self) -> dict[str, Any]:
        """Give the form's template its language and table of words."""
        return {**super().get_context(), "language": self.language, "part": self.part}

    def full_clean(self) -> None:
        """Check the fields; of a file that was too large to be taken that alone is said."""
        super().full_clean()
        for name, file in self.files.items() if self.is_bound else ():
            if name in self.fields and getattr(file, "is_too_large", False):
                self.errors.pop(name, None)
                self.add_error(name, say(COMMON, self.language, "file_too_large"))

    def take_faults(self, error: InputError) -> None:
        """Put the faults of a service beside the fields they name, or at the top."""
        for fault in error.faults:
            name = fault.field if fault.field in self.fields else None
            self.add_error(name, refusal(fault, self.language, is_beside=name is not None))

    def take_refusal(self, error: Exception) -> None:
        """Put a refused step at the top."""
        self.add_error(None, refusal(error, self.language))
