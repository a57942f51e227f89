"""What a person may type at the handover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.told import told
from goodoffices.desk.parties.models import Party
from goodoffices.domain.commitment import REMAINS, Moved, Unit
from goodoffices.domain.process import Stance

_CATEGORIES = ["", *(each.value for each in Moved if each is not Moved.NOT_OURS)]
_SCOPES = ("", "counted", "checked_against_manifest", "observed")


class HandoverForm(DeskForm):
    """A form of the handover."""

    part = "desk_handover"


class ProposeForm(HandoverForm):
    """What is proposed under the four conditions."""

    terms = forms.CharField(widget=forms.Textarea, required=False, max_length=2000)
    items = forms.CharField(widget=forms.Textarea(attrs={"spellcheck": "false"}), required=False)
    starts_at = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    place = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, of_leg: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        if of_leg:  # the list is the plan's
            del self.fields["items"]


class PrepareForm(ProposeForm):
    """What is asked when the handover of a leg is prepared: all but the list."""

    zone = forms.CharField(max_length=60)

    field_order = ("place", "starts_at", "zone", "terms")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, of_leg=True, **named)


class DraftForm(ProposeForm):
    """A new transfer."""

    code = forms.SlugField(max_length=24)
    giver = forms.ChoiceField()
    receiver = forms.ChoiceField()
    unit = forms.ChoiceField(choices=[(unit.value, unit.value) for unit in (Unit.HANDED_OVER, *REMAINS)])
    category = forms.ChoiceField(choices=[(name, name) for name in _CATEGORIES], required=False)
    commitment = forms.CharField(max_length=40, required=False)
    zone = forms.CharField(max_length=60)

    field_order = ("code", "giver", "receiver", "unit", "category", "commitment", "zone", "place", "starts_at")

    def __init__(self, *args: Any, parties: Sequence[Party], **named: Any) -> None:
        super().__init__(*args, **named)
        for name in ("giver", "receiver"):
            self.fields[name].choices = [(party.code, told(party.name)) for party in parties]  # type: ignore[attr-defined]


class SayForm(HandoverForm):
    """A party's word on one condition."""

    condition = forms.ChoiceField(choices=[(name, name) for name in ("terms", "list", "date", "place")])
    stance = forms.ChoiceField(choices=[(each.value, each.value) for each in Stance])
    reason = forms.CharField(required=False, max_length=500)


class StopForm(HandoverForm):
    """Postponing or calling off, with a reason."""

    event = forms.ChoiceField(choices=[(name, name) for name in ("postpone", "abort")], widget=forms.RadioSelect)
    why = forms.CharField(widget=forms.Textarea, max_length=500)


class ReadyForm(HandoverForm):
    """A side stands ready."""

    quantity = forms.IntegerField(required=False, min_value=0, max_value=100_000)


class KeyForm(HandoverForm):
    """A public key for the day."""

    vkey = forms.CharField(max_length=200)


class FileForm(HandoverForm):
    """A file of signed statements."""

    file = forms.FileField(max_length=200, allow_empty_file=False)


class PartsForm(HandoverForm):
    """Codes of signed statements as they were scanned or pasted."""

    scanned = forms.CharField(
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"spellcheck": "false", "autocapitalize": "characters", "rows": 8}),
    )


class PaperForm(HandoverForm):
    """The count form, typed back: a line a page."""

    typed = forms.CharField(widget=forms.Textarea(attrs={"spellcheck": "false", "autocapitalize": "characters"}))
    scope = forms.ChoiceField(choices=[(name, name) for name in _SCOPES], required=False)


class OutcomeForm(HandoverForm):
    """Whether a person goes; there is no field for a reason."""

    number = forms.CharField(max_length=40)
    goes = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.RadioSelect)
