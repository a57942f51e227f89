"""What a person may type: a figure that is attested, a public statement, an embargo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.ids import new_id
from goodoffices.desk.results.selectors import Shown, commitment_titles
from goodoffices.desk.results.services import Figure, Public
from goodoffices.desk.results.showing import phrases_of
from goodoffices.domain.assertion import AssertionKind, Scope, Standing
from goodoffices.domain.commitment import Bound, Moved, Unit
from goodoffices.domain.sides import PartyKind
from goodoffices.formats.results_phrases import Phrases

_KINDS = (AssertionKind.MOVEMENT, AssertionKind.CUMULATIVE, AssertionKind.FINDING)
_MOST_MOVEMENTS = 200


class FigureForm(DeskForm):
    """A figure: of a movement that is known or new, a total to date, or a finding."""

    part = "desk_results"
    kind = forms.ChoiceField(
        choices=[(kind.value, "") for kind in _KINDS], widget=forms.RadioSelect, initial="movement"
    )
    movement = forms.ChoiceField(required=False)
    date = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    giver = forms.ChoiceField(required=False)
    receiver = forms.ChoiceField(required=False)
    unit = forms.ChoiceField(required=False)
    category = forms.ChoiceField(required=False)
    bound = forms.ChoiceField(initial=Bound.EXACT.value)
    quantity = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)
    commitment = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, viewer: Viewer, shown: Shown, **named: Any) -> None:
        super().__init__(*args, language=viewer.language, **named)
        self.viewer, self.shown = viewer, shown
        phrases = phrases_of(shown, viewer.language)
        parties = [("", "–"), *((p.code, phrases.party(p.code)) for p in shown.process.parties)]
        recent = sorted(shown.result.movements, key=lambda m: m.date, reverse=True)[:_MOST_MOVEMENTS]
        known = [
            (
                m.id,
                " · ".join(
                    [
                        phrases.words.date(m.date),
                        phrases.direction(m.direction),
                        phrases.unit(m.unit),
                        phrases.category(m.category),
                    ]
                ),
            )
            for m in recent
        ]
        self._choose("movement", [("", say(self.part, viewer.language, "new_movement")), *known])
        self._choose("giver", parties)
        self._choose("receiver", parties)
        self._choose("unit", [("", "–"), *((unit.value, phrases.unit(unit)) for unit in Unit)])
        self._choose("category", [("", phrases.category(None)), *((c.value, phrases.category(c)) for c in Moved)])
        self._choose("bound", [(b.value, self._bound(b, phrases)) for b in Bound])
        self._choose("commitment", [("", "–"), *_titles(shown, viewer)])

    def _bound(self, bound: Bound, phrases: Phrases) -> str:
        if bound is Bound.EXACT:
            return say(self.part, self.language, "exactly")
        return phrases.words(f"bound_{bound}", n="…")

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type
        field.choices = choices

    def figure(self) -> Figure:
        """Give what was typed; of a known movement, what it is said of is taken from it."""
        data = self.cleaned_data
        kind = AssertionKind(data["kind"])
        party = data.get("party") or self.viewer.party
        known = next((m for m in self.shown.result.movements if m.id == data["movement"]), None)
        giver, receiver, unit, category = (data[name] for name in ("giver", "receiver", "unit", "category"))
        movement = ""
        if kind is AssertionKind.MOVEMENT:
            if known is not None:
                giver, receiver = known.direction.giver, known.direction.receiver
                unit, category = known.unit.value, known.category.value if known.category else ""
            movement = data["movement"] or "-".join(
                [
                    data["date"].isoformat(),
                    giver or "x",
                    receiver or "x",
                    unit or "x",
                    category or "total",
                    new_id()[:4],
                ]
            )
            if party not in {giver, receiver}:
                kind = AssertionKind.OBSERVATION
        return Figure(
            kind=kind,
            date=data["date"],
            bound=Bound(data["bound"]),
            quantity=data["quantity"],
            movement=movement,
            giver=giver,
            receiver=receiver,
            unit=unit,
            category=category,
            commitment=data["commitment"],
            scope=data.get("scope", ""),
            supersedes=data.get("supersedes", ""),
        )

    def clean(self) -> dict[str, Any]:
        """Check that a new movement says what moved."""
        data = super().clean() or self.cleaned_data
        if not data.get("movement") and not data.get("unit"):
            self.add_error("unit", say(self.part, self.language, "unit_needed"))
        return data


class AttestedForm(FigureForm):
    """A figure that the party attests; it may replace an own one."""

    scope = forms.ChoiceField()
    supersedes = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        words = phrases_of(self.shown, self.viewer.language)
        self._choose("scope", [(scope.value, words.words(f"scope_{scope}")) for scope in Scope])
        own = [
            (a.id, f"{words.words.date(a.date)} · {words.figure(a.quantity, a.bound)} · {a.source}")
            for a in self.shown.process.assertions
            if a.party == self.viewer.party
            and a.standing is Standing.ATTESTED
            and a.id.startswith("a-")  # one made here; a handover's is corrected by its own parties there
            and a.id not in self.shown.result.superseded
        ]
        self._choose("supersedes", [("", "–"), *own[::-1]])
        self.fields["date"].initial = timezone.localdate()


class StatedForm(FigureForm):
    """A public statement with its source."""

    party = forms.ChoiceField()
    organ = forms.CharField(max_length=300)
    speaker = forms.CharField(max_length=300, required=False)
    standing = forms.ChoiceField()
    source = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        phrases = phrases_of(self.shown, self.viewer.language)
        may_name = [
            party
            for party in self.shown.process.parties
            if party.kind is not PartyKind.OBSERVER
            and (self.viewer.role is not Role.SIDE or party.code == self.viewer.party)
        ]
        self._choose("party", [(party.code, phrases.party(party.code)) for party in may_name])
        public = [standing for standing in Standing if standing is not Standing.ATTESTED]
        self._choose("standing", [(one.value, phrases.words(f"standing_{one}")) for one in public])

    def public(self) -> Public:
        """Give who said it, and where it is found."""
        data = self.cleaned_data
        return Public(
            data["party"], data["organ"], data["speaker"], Standing(data["standing"]), data["source"], data["note"]
        )


class EmbargoForm(DeskForm):
    """A moment before which nothing is published."""

    part = "desk_results"
    commitment = forms.ChoiceField()
    until = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, viewer: Viewer, shown: Shown, **named: Any) -> None:
        super().__init__(*args, language=viewer.language, **named)
        field = self.fields["commitment"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type
        field.choices = [("*", say(self.part, viewer.language, "every_commitment")), *_titles(shown, viewer)]


def _titles(shown: Shown, viewer: Viewer) -> list[tuple[str, str]]:
    phrases = phrases_of(shown, viewer.language)
    return [(code, f"{code} {phrases.text(title)}") for code, title in commitment_titles().items()]
