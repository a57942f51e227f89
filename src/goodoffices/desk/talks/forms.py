"""What a person may type in the talks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.told import told
from goodoffices.desk.parties.models import Party
from goodoffices.desk.talks.models import FORUM_KINDS
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.process import Stance

_MOST = 4_000_000
_STANCES = [(stance.value, stance.value) for stance in Stance]


class TalksForm(DeskForm):
    """A form of the talks."""

    part = "desk_talks"


class TermsForm(TalksForm):
    """A forum's terms, which its sides accept: level, agenda, terms of reference."""

    level = forms.CharField(max_length=200, required=False)
    agenda = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    reference = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, required=False)

    def terms(self) -> dict[str, Json]:
        """Give the terms as they are asked."""
        given = self.cleaned_data
        lines: list[Json] = [line.strip() for line in given["agenda"].splitlines() if line.strip()]
        return {"level": given["level"], "agenda": lines, "reference": given["reference"]}


class MeetingTermsForm(TermsForm):
    """A leaders' meeting as it is put to every party: level, moment, place and agenda, all of them or nothing."""

    starts_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    minutes = forms.IntegerField(min_value=1, max_value=1440, initial=120)
    place = forms.CharField(max_length=120)
    field_order = ("level", "starts_at", "minutes", "place", "agenda", "reference")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name in ("level", "agenda"):
            self.fields[name].required = True

    def terms(self) -> dict[str, Json]:
        """Give the terms as they are asked, the moment in world time."""
        given = self.cleaned_data
        starts = given["starts_at"].astimezone(dt.UTC).isoformat()
        return {**super().terms(), "starts": starts, "minutes": given["minutes"], "place": given["place"]}


class ForumForm(TermsForm):
    """A forum, who sits in it, and its terms."""

    code = forms.SlugField(max_length=40)
    forum_kind = forms.ChoiceField(choices=[(kind, kind) for kind in FORUM_KINDS])
    title = forms.CharField(max_length=200)
    members = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    online = forms.BooleanField(required=False)
    field_order = ("code", "forum_kind", "title", "members", "online", "level", "agenda", "reference")

    def __init__(self, *args: Any, parties: Sequence[Party], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["forum_kind"].choices = [(kind, self.words(f"kind_{kind}")) for kind in FORUM_KINDS]  # type: ignore[attr-defined]
        self.fields["members"].choices = [(party.code, told(party.name)) for party in parties]  # type: ignore[attr-defined]


class TextForm(TalksForm):
    """The first version of a text: in each language a file, or its words; a language left empty is not authentic."""

    title = forms.CharField(max_length=200)

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.codes = [code for code, _ in languages]
        for code, name in languages:
            words = forms.CharField(widget=forms.Textarea(attrs={"lang": code, "rows": 6}), required=False, label=name)
            words.help_text = self.words("help_source")
            self.fields[f"source_{code}"] = words
            self.fields[f"file_{code}"] = forms.FileField(required=False, label=self.words("field_file_of", name=name))

    def sources(self) -> dict[str, str]:
        """Give the words by language; a file stands before what was typed.

        Raises
        ------
        InputError
            If a file is no UTF-8, or no language has words.
        """
        found = {}
        for code in self.codes:
            file, typed = self.cleaned_data.get(f"file_{code}"), self.cleaned_data[f"source_{code}"]
            try:
                text = file.read(_MOST).decode("utf-8-sig") if file else typed
            except UnicodeDecodeError as error:
                raise InputError(Fault(code, "", f"file_{code}", "no UTF-8", "a text file in UTF-8")) from error
            if text.strip():
                found[code] = text.strip() + "\n"
        if not found:
            raise InputError(Fault("", "", f"source_{self.codes[0]}", "nothing", "the words in one language at least"))
        return found


class SittingForm(TalksForm):
    """When and where a forum sits, and about what."""

    starts_at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    minutes = forms.IntegerField(min_value=1, max_value=1440, initial=90)
    place = forms.CharField(max_length=120, required=False)
    agenda = forms.CharField(widget=forms.Textarea)


class AttendanceForm(TalksForm):
    """How many of a delegation are in the room."""

    present = forms.IntegerField(min_value=0, max_value=500)


class MinutesForm(TalksForm):
    """The minutes, a line an item, and how long silence must last."""

    lines = forms.CharField(widget=forms.Textarea)
    hours = forms.IntegerField(min_value=1, max_value=240, initial=72)


class VideoForm(TalksForm):
    """Where the sides' own video is; left empty, the address is taken away."""

    video_address = forms.CharField(
        max_length=500, required=False, widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
    )


class AnswerForm(TalksForm):
    """A party's answer to what is decided together, with a reason for the chair alone."""

    accepts = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.RadioSelect)
    reason = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["reason"].help_text = self.words("help_private_reason")


class PartsForm(TalksForm):
    """What a package ties."""

    parts = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["parts"].choices = list(parts)  # type: ignore[attr-defined]


class PackageForm(PartsForm):
    """A package, and what it ties."""

    code = forms.SlugField(max_length=20)
    title = forms.CharField(max_length=200)
    field_order = ("code", "title", "parts")


class PaperForm(TalksForm):
    """A paper and its readers."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ("proposal", "non_paper", "caucus")])
    title = forms.CharField(max_length=200)
    body = forms.CharField(widget=forms.Textarea)
    audience = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, parties: Sequence[Party], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["audience"].choices = [(party.code, told(party.name)) for party in parties]  # type: ignore[attr-defined]


class MessageForm(TalksForm):
    """Words for the courier, and what may be told."""

    to = forms.ChoiceField()
    text = forms.CharField(widget=forms.Textarea)
    gist = forms.CharField(widget=forms.Textarea, required=False)
    convey = forms.ChoiceField(
        choices=[(how, how) for how in ("verbatim", "gist", "nothing")], widget=forms.RadioSelect, initial="nothing"
    )

    def __init__(self, *args: Any, parties: Sequence[Party], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["to"].choices = [(party.code, told(party.name)) for party in parties]  # type: ignore[attr-defined]


class WordingForm(TalksForm):
    """One's own wording for a place, in every authentic language; left empty it proposes to delete."""

    place = forms.TypedChoiceField(coerce=int)
    tabled = forms.BooleanField(required=False)

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], places: int, **named: Any) -> None:
        super().__init__(*args, **named)
        choices = [(str(number), str(number)) for number in range(1, places + 1)]
        self.fields["place"].choices = [*choices, ("0", self.words("place_end"))]  # type: ignore[attr-defined]
        for code, name in languages:
            field = forms.CharField(widget=forms.Textarea(attrs={"lang": code, "rows": 3}), required=False, label=name)
            self.fields[f"wording_{code}"] = field


class ClauseForm(TalksForm):
    """A clause anew, in the notation, by the chair."""

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        for code, name in languages:
            field = forms.CharField(widget=forms.Textarea(attrs={"lang": code, "rows": 4}), required=False, label=name)
            self.fields[f"source_{code}"] = field


class PositionForm(TalksForm):
    """A party's word; an objection says why and what would cure it."""

    stance = forms.ChoiceField(choices=_STANCES)
    reason = forms.CharField(required=False)
    cure = forms.CharField(required=False)


class BreakForm(TalksForm):
    """An objection that breaks a silence."""

    reason = forms.CharField()
    cure = forms.CharField()


class ReadingForm(TalksForm):
    """How a side reads a commitment, and whether it accepts it."""

    reading = forms.CharField(widget=forms.Textarea, required=False)
    answer = forms.ChoiceField(choices=[("", ""), *_STANCES[:3]], required=False)


class ValidityForm(TalksForm):
    """What the sides are asked of a commitment: to suspend, resume or withdraw it."""

    event = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, events: Sequence[str], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["event"].choices = [(event, self.words(f"move_{event}")) for event in events]  # type: ignore[attr-defined]


class GroundForm(TalksForm):
    """A commitment from a clean clause."""

    code = forms.SlugField(max_length=20)
    title = forms.CharField(max_length=300)
    due = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class MeetingForm(TalksForm):
    """A private answer about a leaders' meeting."""

    question = forms.ChoiceField(choices=[(q, q) for q in ("level", "date", "place", "agenda")])
    value = forms.CharField(max_length=200)
    stance = forms.ChoiceField(choices=_STANCES)

    def clean_value(self) -> str:
        """Give the value; of a date a day, so that two answers can be seen to name the same.

        Raises
        ------
        ValidationError
            If a date is no day.
        """
        value = str(self.cleaned_data["value"]).strip()
        if self.cleaned_data.get("question") != "date":
            return value
        try:
            return dt.date.fromisoformat(value).isoformat()
        except ValueError as error:
            raise forms.ValidationError(self.words("expected_day")) from error
