"""Forms of the room."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

from django import forms

from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.remains.models.chain import KINDS, SEALS
from goodoffices.desk.remains.models.samples import TISSUES

PART = "desk_remains"


def _plain(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class RemainsForm(DeskForm):
    """The base of this room's forms."""

    part = PART


class _Moment(RemainsForm):
    """A form with a moment told in the zone of its place."""

    def clean_zone(self) -> str:
        """Take a zone that exists.

        Raises
        ------
        ValidationError
            If there is no such zone.
        """
        zone = str(self.cleaned_data["zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(zone)
        return zone

    def moment(self, name: str) -> dt.datetime:
        """Give a moment as it was told: on the clock of the place."""
        told = cast("dt.datetime", self.cleaned_data[name])
        return told.replace(tzinfo=ZoneInfo(str(self.cleaned_data["zone"])))


class TransferForm(_Moment):
    """A transfer of remains as it was handed over."""

    number = forms.CharField(max_length=20)
    giver = forms.ChoiceField()
    receiver = forms.ChoiceField()
    handed_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    zone = forms.CharField(max_length=60)
    place = forms.CharField(max_length=120)
    declared_bodies = forms.IntegerField(required=False, min_value=0, max_value=1_000_000)
    movement = forms.CharField(required=False, max_length=80)

    def __init__(self, *args: Any, parties: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        for name in ("giver", "receiver"):
            cast("forms.ChoiceField", self.fields[name]).choices = parties


class ContainersForm(RemainsForm):
    """Numbers of containers, one a line."""

    numbers = forms.CharField(widget=forms.Textarea, max_length=100_000)

    def lines(self) -> list[str]:
        """Give the numbers."""
        return [line.strip() for line in str(self.cleaned_data["numbers"]).splitlines() if line.strip()]


class CustodyForm(_Moment):
    """One step of custody."""

    gave = forms.CharField(max_length=80)
    took = forms.CharField(max_length=80)
    at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    zone = forms.CharField(max_length=60)
    place = forms.CharField(max_length=120)
    seal = forms.ChoiceField(choices=_plain(SEALS))
    seal_number = forms.CharField(max_length=24, required=False)


class ExamineForm(RemainsForm):
    """What the examination has seen."""

    sex = forms.ChoiceField(choices=_plain(("unknown", "m", "f")))
    age = forms.CharField(max_length=20, required=False)
    height = forms.CharField(max_length=20, required=False)
    effects = forms.CharField(max_length=500, required=False, widget=forms.Textarea)


class ItemForm(RemainsForm):
    """An item, or a part of one."""

    number = forms.CharField(max_length=20)
    kind = forms.ChoiceField(choices=_plain(KINDS))
    parent = forms.ChoiceField(required=False)
    what = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        cast("forms.ChoiceField", self.fields["parent"]).choices = [("", "—"), *items]


class SampleForm(RemainsForm):
    """A sample under its laboratory code."""

    code = forms.CharField(max_length=24)
    tissue = forms.ChoiceField(choices=_plain(TISSUES))
    item = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        cast("forms.ChoiceField", self.fields["item"]).choices = [("", "—"), *items]


class SplitForm(RemainsForm):
    """Which items belong to somebody else."""

    items = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        cast("forms.MultipleChoiceField", self.fields["items"]).choices = items


class SearchForm(RemainsForm):
    """What a blind search rests on besides the profiles."""

    prior = forms.ChoiceField(choices=_plain(("default", "closed", "open")))
    size = forms.IntegerField(required=False, min_value=1, max_value=100_000_000)
    threshold = forms.FloatField(min_value=0.5, max_value=0.999999, initial=0.9995)
    theta = forms.FloatField(min_value=0, max_value=0.05, initial=0)
    drop_out = forms.FloatField(min_value=0, max_value=0.5, initial=0.02)

    def told(self) -> str:
        """Give the prior as the engine reads it."""
        kind = str(self.cleaned_data["prior"])
        return f"open:{self.cleaned_data['size'] or 0}" if kind == "open" else kind


class ImportForm(RemainsForm):
    """A file of a laboratory or of families, and whose it is."""

    owner = forms.ChoiceField()
    file = forms.FileField(allow_empty_file=True)

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        cast("forms.ChoiceField", self.fields["owner"]).choices = owners


class VoteForm(RemainsForm):
    """What a member of the board says."""

    agrees = forms.ChoiceField(choices=_plain(("yes", "no")), widget=forms.RadioSelect)
    reason = forms.CharField(max_length=500, required=False, widget=forms.Textarea)


class BoardForm(VoteForm):
    """A question about a case that no candidate asks."""

    verdict = forms.ChoiceField(choices=_plain(("not_ours", "reassociated", "retracted")))
    other = forms.CharField(max_length=12, required=False)

    field_order = ("verdict", "other", "agrees", "reason")


class FamilyForm(RemainsForm):
    """Whom a family misses and how it is reached."""

    contact = forms.CharField(max_length=200, required=False)
    name = forms.CharField(max_length=120, required=False)


class ReleaseForm(RemainsForm):
    """Which parts of a case the other side shall see."""

    fields_seen = forms.MultipleChoiceField(
        choices=_plain(("items", "custody", "samples", "about")), required=False, widget=forms.CheckboxSelectMultiple
    )
