"""What a person may type about a ceasefire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from goodoffices.desk.ceasefire.models import PURPOSES
from goodoffices.desk.ceasefire.services import MOST_SECONDS, SECONDS
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.formats.print.incident import IncidentKind

PART = "desk_ceasefire"


def _moment() -> forms.DateTimeField:
    return forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))


class CeasefireForm(DeskForm):
    """A form of this room."""

    part = PART


class OfferForm(CeasefireForm):
    """A window: when, where, what for."""

    starts_at = _moment()
    ends_at = _moment()
    area = forms.CharField(max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    purpose = forms.ChoiceField(choices=[(value, value) for value in PURPOSES])


class WindowForm(OfferForm):
    """A window with its name."""

    title = forms.CharField(max_length=120)
    field_order = ("title", "starts_at", "ends_at", "area", "purpose")


class ExtendForm(CeasefireForm):
    """A later end."""

    ends_at = _moment()


class GroundForm(CeasefireForm):
    """A planner's own part as WINDOW.json, with the road file that it names."""

    file = forms.FileField()
    roads = forms.FileField(required=False)


class RoadsForm(CeasefireForm):
    """A road graph or a table of travel."""

    graph = forms.FileField()


class LayerForm(CeasefireForm):
    """A layer of the planner's own map."""

    layer = forms.FileField()
    name = forms.CharField(max_length=60, required=False)


class PlanForm(CeasefireForm):
    """A promised chance, and how long to search."""

    chance = forms.TypedChoiceField(coerce=float, choices=[(str(p), f"{p:.1%}") for p in (0.9, 0.95, 0.99, 0.995)])
    seconds = forms.IntegerField(min_value=1, max_value=MOST_SECONDS, initial=SECONDS)


class PointForm(CeasefireForm):
    """A point of the frontier."""

    point = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, points: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["point"].choices = list(points)  # type: ignore[attr-defined]


class StateForm(CeasefireForm):
    """How the day stands, where it is not as planned."""

    at = _moment()
    lost = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    late = forms.CharField(required=False)
    closed = forms.CharField(required=False)
    shut = forms.CharField(required=False)
    take = forms.ChoiceField(choices=[("smallest", "smallest"), ("best", "best")], widget=forms.RadioSelect)
    seconds = forms.IntegerField(min_value=1, max_value=MOST_SECONDS, initial=SECONDS)

    def __init__(
        self, *args: Any, teams: Sequence[str], sites: Sequence[str], gates: Sequence[str], by_road: bool, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.teams, self.sites, self.places, self.by_road = set(teams), set(sites), {*sites, *gates}, by_road
        self.fields["lost"].choices = [(team, team) for team in teams]  # type: ignore[attr-defined]

    def clean_late(self) -> dict[str, int]:
        """Read `t1 40, a2 15`: team and minutes.

        Raises
        ------
        ValidationError
            If it is something else.
        """
        words = self.cleaned_data["late"].replace(",", " ").split()
        pairs = dict(zip(words[::2], words[1::2], strict=False))
        if len(words) % 2 or not all(team in self.teams and minutes.isdecimal() for team, minutes in pairs.items()):
            raise forms.ValidationError(self.words("late_unread"))
        return {team: int(minutes) for team, minutes in pairs.items()}

    def clean_closed(self) -> list[str]:
        """Read names of sites.

        Raises
        ------
        ValidationError
            If one is none of the window's.
        """
        names: list[str] = self.cleaned_data["closed"].replace(",", " ").split()
        if unknown := [name for name in names if name not in self.sites]:
            raise forms.ValidationError(self.words("site_unknown", name=unknown[0]))
        return names

    def clean_shut(self) -> list[list[str]]:
        """Read roads: names of the road file, or `c1 - s3`, two places or ends.

        Raises
        ------
        ValidationError
            If one is none of these.
        """
        roads = [road for road in self.cleaned_data["shut"].split(",") if road.strip()]
        found = [[end.strip() for end in road.split(" - ")] for road in roads]
        for ends in found:
            is_pair = len(ends) == 2 and self.places.issuperset(ends)
            if len(ends) > 2 or not all(ends) or not (self.by_road or is_pair):
                raise forms.ValidationError(self.words("road_unknown", name=" - ".join(ends)))
        return found


class SightingForm(CeasefireForm):
    """What was seen of a team."""

    team = forms.ChoiceField()
    event = forms.ChoiceField(choices=[(one, one) for one in ("back", "late", "lost", "as_planned")])
    minutes = forms.IntegerField(min_value=0, max_value=10_000, required=False)

    def __init__(self, *args: Any, teams: Sequence[str], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["team"].choices = [(team, team) for team in teams]  # type: ignore[attr-defined]


class IncidentNewForm(CeasefireForm):
    """What is alleged."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in IncidentKind])
    happened_at = _moment()
    place = forms.CharField(max_length=200)
    team = forms.CharField(max_length=60, required=False)
    told = forms.CharField(widget=forms.Textarea)


class StepForm(CeasefireForm):
    """Words that go with an act on an incident."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)


class ReportForm(CeasefireForm):
    """What a party says after the end."""

    told = forms.CharField(widget=forms.Textarea)
    wounded = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)
    bodies = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)
