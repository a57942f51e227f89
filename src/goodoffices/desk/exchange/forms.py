"""What a person may type about an exchange; terms as a form in words, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.told import told
from goodoffices.desk.parties.models import Party
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.ranks import Rank, rank_of
from goodoffices.domain.terms import CATEGORIES, CRITERIA, Gain, Legs, Terms
from goodoffices.formats.exchange_words import criterion
from goodoffices.formats.terms_out import terms_bytes
from goodoffices.formats.words import Language, Words

PART = "desk_exchange"
PRIORITIES = 5
_MOST = 1_000_000


class ExchangeForm(DeskForm):
    """A form of this room."""

    part = PART


class OpenForm(ExchangeForm):
    """A title, a closed commitment, a sealed list of each side."""

    title = forms.CharField(max_length=120)
    commitment = forms.ChoiceField()

    def __init__(
        self,
        *args: Any,
        commitments: Sequence[tuple[str, str]],
        lists: Sequence[tuple[Party, Sequence[tuple[str, str]]]],
        **named: Any,
    ) -> None:
        super().__init__(*args, **named)
        self.fields["commitment"].choices = list(commitments)  # type: ignore[attr-defined]
        for party, choices in lists:
            field = forms.ChoiceField(choices=list(choices), label=self.words("field_list", side=told(party.name)))
            field.help_text = self.words("help_list")
            self.fields[f"list_{party.code}"] = field


class TermsForm(ExchangeForm):
    """Every term in words; `toml` writes them as the contract does."""

    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, parties: Sequence[Party], **named: Any) -> None:
        super().__init__(*args, **named)
        self.parties = list(parties)
        said = Words("exchange", Language(self.language))
        criteria = [(name, criterion(name, said)) for name in CRITERIA]
        self._by_side("minimum")
        self._add("balance", forms.ChoiceField(choices=self._choices("balance", ("equal", "free", "ratio"))))
        self._by_side("ratio", least=1)
        boxes = forms.CheckboxSelectMultiple
        categories = [(name, said_) for name, said_ in criteria if name in CATEGORIES]
        self._add("all_for_all", forms.MultipleChoiceField(choices=categories, required=False, widget=boxes))
        self._add("rank_groups", forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2})))
        self._by_side("civilians")
        self._add("retained", forms.BooleanField(required=False))
        for number in range(1, PRIORITIES + 1):
            field = forms.ChoiceField(choices=[("", "—"), *criteria], required=False)
            self._add(f"priority_{number}", field, self.words("field_priority", n=number))
        self._add("seats", forms.CharField(required=False))
        self._add("per_site", forms.IntegerField(min_value=1, max_value=_MOST, required=False))
        self._add("balanced", forms.BooleanField(required=False))
        for party in self.parties:
            field_ = forms.MultipleChoiceField(choices=criteria, required=False, widget=boxes)
            self._add(f"gain_{party.code}", field_, self.words("field_gain", side=told(party.name)))

    def _add(self, name: str, field: forms.Field, label: str = "") -> None:
        field.label = label or self.words(f"field_{name}")
        if self.words.has(f"help_{name}"):
            field.help_text = self.words(f"help_{name}")
        self.fields[name] = field

    def _by_side(self, name: str, *, least: int = 0) -> None:
        for party in self.parties:
            field = forms.IntegerField(min_value=least, max_value=_MOST, required=False)
            self._add(f"{name}_{party.code}", field, self.words(f"field_{name}", side=told(party.name)))

    def _choices(self, name: str, values: Sequence[str]) -> list[tuple[str, str]]:
        return [(value, self.words(f"choice_{name}_{value}")) for value in values]

    def toml(self) -> str:
        """Write what was typed as TERMS.toml.

        Raises
        ------
        InputError
            If a rank or the seats cannot be read, or a criterion stands twice.
        """
        given, codes = self.cleaned_data, [party.code for party in self.parties]
        first, second = codes
        ratio: tuple[int, int] | None = (1, 1)
        if given["balance"] == "free":
            ratio = None
        elif given["balance"] == "ratio":
            ratio = (given[f"ratio_{first}"] or 1, given[f"ratio_{second}"] or 1)
        order = [given[f"priority_{number}"] for number in range(1, PRIORITIES + 1) if given[f"priority_{number}"]]
        if len(set(order)) != len(order):
            raise InputError(Fault("", "", "priority_1", "a criterion twice", "each once"))
        terms = Terms(
            sides=(first, second),
            on=given["on"],
            held={code: f"{code}.csv" for code in codes},
            minimum={code: given[f"minimum_{code}"] or 0 for code in codes},
            ratio=ratio,
            all_for_all=tuple(given["all_for_all"]),
            rank_groups=_groups(given["rank_groups"]),
            civilians={code: given[f"civilians_{code}"] or 0 for code in codes},
            retained_apart=given["retained"],
            order=tuple(order),
            legs=Legs(_seats(given["seats"]), given["per_site"], balanced=given["balanced"]),
            gain=Gain({code: dict.fromkeys(given[f"gain_{code}"], 1) for code in codes}),
        )
        return terms_bytes(terms).decode()


def initial_of(terms: Terms | None) -> dict[str, Any]:
    """Give a form's beginning: the terms as they stand, or what most exchanges say."""
    if terms is None:
        return {"balance": "equal", "balanced": True}
    found: dict[str, Any] = {"on": terms.on, "all_for_all": list(terms.all_for_all), "retained": terms.retained_apart}
    found["balance"] = "free" if terms.ratio is None else "equal" if terms.ratio == (1, 1) else "ratio"
    found["rank_groups"] = "\n".join(", ".join(rank.value for rank in group) for group in terms.rank_groups)
    found["seats"] = " ".join(map(str, terms.legs.seats or ()))
    found |= {"per_site": terms.legs.per_site, "balanced": terms.legs.balanced}
    found |= {f"priority_{number}": name for number, name in enumerate(terms.order, 1)}
    for place, side in enumerate(terms.sides):
        found[f"minimum_{side}"] = terms.minimum.get(side, 0)
        found[f"civilians_{side}"] = terms.civilians.get(side, 0)
        found[f"gain_{side}"] = list(terms.gain.weights.get(side, {}))
        if terms.ratio is not None:
            found[f"ratio_{side}"] = terms.ratio[place]
    return found


def _groups(text: str) -> tuple[tuple[Rank, ...], ...]:
    groups = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        ranks = [rank_of(word.strip()) for word in line.split(",") if word.strip()]
        known = tuple(rank for rank in ranks if rank is not None)
        if len(known) != len(ranks):
            raise InputError(Fault("", "", "rank_groups", line, "ranks, such as captain, major"))
        groups.append(known)
    return tuple(groups)


def _seats(text: str) -> tuple[int, ...] | None:
    words = text.replace(",", " ").split()
    if not all(word.isdecimal() and len(word) <= 6 for word in words):
        raise InputError(Fault("", "", "seats", text, "whole numbers, such as 320 320 320"))
    return tuple(map(int, words)) or None


class RepairForm(ExchangeForm):
    """Who cannot go after all, and which leg is done."""

    after = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, parties: Sequence[Party], legs: int, **named: Any) -> None:
        super().__init__(*args, **named)
        done = [(str(n), self.words("after_leg", n=n) if n else self.words("after_none")) for n in range(legs)]
        self.fields["after"].choices = done  # type: ignore[attr-defined]
        for party in parties:
            field = forms.CharField(required=False, label=self.words("field_gone", side=told(party.name)))
            field.help_text = self.words("help_gone")
            self.fields[f"gone_{party.code}"] = field


class CommitForm(ExchangeForm):
    """The SHA-256 of a text that stays at home."""

    commit = forms.RegexField(r"^\s*[0-9a-fA-F]{64}\s*$", strip=True)


class RevealForm(ExchangeForm):
    """The text itself."""

    reveal = forms.CharField(max_length=400)
