"""The act of handover: what was counted, who attests what, in three originals and up to four languages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import Json
from goodoffices.domain.commitment import PERSONS, Unit
from goodoffices.domain.errors import RangeError
from goodoffices.domain.process import Role
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Mark, Said, Sheet, clock, plain_clock, printed, times
from goodoffices.formats.print.manifest import heading_in
from goodoffices.formats.words import Language, Words, number

MARKED = "●"
"""What stands in the column of a line's state."""


class Counted(StrEnum):
    """How a line of the manifest was found at the place; each line in one state, so the counts make the manifest."""

    COUNTED = "counted"
    MISSING = "missing"
    SEAL_BROKEN = "seal_broken"
    DOES_NOT_GO = "does_not_go"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class ActLine:
    """One line of an act; never a name.

    Attributes
    ----------
    number
        On the manifest, from 1.
    code
        Of the slip, or of the container.
    state
        As it was found. Of *does not go* no reason is asked and none is kept.
    heading
        Under which it goes, as a plan of an exchange has it; empty for a container.
    seal
        Number of the seal; empty for a person.
    """

    number: int
    code: str
    state: Counted
    heading: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Attestation:
    """What one role attests, and nothing more.

    Attributes
    ----------
    role, party
        Who, by role and by name of the party.
    scope
        How the party knows.
    quantity
        The figure it attests, or None for none.
    at
        When, or None while it has not attested yet.
    statement
        Identifier of its statement; empty for none.
    """

    role: Role
    party: str
    scope: Scope
    quantity: int | None
    at: dt.datetime | None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """An act of handover.

    Attributes
    ----------
    frame
        Around it; its number is the act's.
    parties
        Giver, receiver and neutral, by name.
    unit
        What a line is.
    transfer, place
        Identifier of the transfer, and where it was.
    began, ended
        When the count began and ended, or None while it has not.
    lines
        One per number of the manifest.
    attestations
        One or more per role; none while none was given.
    mark
        The statement of the act and its hash.
    headings
        Words of those headings that no plan of an exchange knows: heading to language to text.
    """

    frame: Frame
    parties: Mapping[Role, str]
    unit: Unit
    transfer: str
    place: str
    began: dt.datetime | None
    ended: dt.datetime | None
    lines: tuple[ActLine, ...]
    attestations: tuple[Attestation, ...]
    mark: Mark
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len({line.number for line in self.lines}) != len(self.lines):
            raise RangeError("a number twice among the lines of an act, expected each once")
        if set(self.parties) != set(Role):
            raise RangeError("parties of an act, expected a giver, a receiver and a neutral")


def act_pdf(act: Act, languages: Sequence[Language], original: Role) -> bytes:
    """Print one original of an act, in one to four languages at once.

    Parameters
    ----------
    act
        What happened.
    languages
        The first gives the frame; each fixed word stands in all of them.
    original
        For whom this original is; nothing else in the three differs.
    """
    return printed([act_sheet(act, languages, original)])


def act_sheet(act: Act, languages: Sequence[Language], original: Role) -> Sheet:
    """Lay out one original of an act.

    Raises
    ------
    RangeError
        If no language is given, or one twice.
    """
    if not languages or len(set(languages)) != len(languages):
        raise RangeError("languages of an act, expected one to four, each once")
    say = b.Tongues(*(Words("print", language) for language in languages))
    what = b.Tongues(*(Words("results", language) for language in languages))
    at = list(Role).index(original) + 1
    return Sheet(
        title=say("act_title"),
        frame=act.frame,
        language=languages[0],
        blocks=(
            _facts(act, say, what),
            b.sums(_totals(act, say)),
            b.head(say("act_attested")),
            _attested(act, say, what),
            b.lead(say("act_scope_only")),
            b.head(say("act_signed")),
            b.role_boxes({role: act.parties[role] for role in Role}, say),
            b.proof(act.mark, say),
            *([b.head(say("act_lines")), *_lines(act, say)] if act.lines else []),
        ),
        sha256=act.mark.sha256,
        also=tuple(languages[1:]),
        copy=say(f"act_original_{original.value}", k=at),
    )


def _facts(act: Act, say: b.Tongues, what: b.Tongues) -> b.Block:
    def moment(at: dt.datetime | None) -> Said:
        if at is None:
            return say("not_yet")
        if len(say.words) == 1:
            return times(at, act.frame, say.words[0])
        return "\n".join(plain_clock(at, place) for place in act.frame.places)

    return b.facts(
        [
            (say("transfer"), act.transfer),
            (say("unit"), what(f"unit_{act.unit.value}")),
            (say("giver"), act.parties[Role.GIVER]),
            (say("receiver"), act.parties[Role.RECEIVER]),
            (say("neutral"), act.parties[Role.NEUTRAL]),
            (say("where"), act.place),
            (say("act_began"), moment(act.began)),
            (say("act_ended"), moment(act.ended)),
        ]
    )


def _states(act: Act) -> list[Counted]:
    own = Counted.DOES_NOT_GO if act.unit in PERSONS else Counted.SEAL_BROKEN
    fixed = [Counted.COUNTED, Counted.MISSING, own]
    return fixed + [state for state in Counted if state not in fixed and any(x.state is state for x in act.lines)]


def _totals(act: Act, say: b.Tongues) -> list[tuple[Said, Said]]:
    found = Counter(line.state for line in act.lines)
    rows = [(say("act_on_manifest"), _figure(len(act.lines), say))]
    return rows + [(say(f"state_{state.value}"), _figure(found[state], say)) for state in _states(act)]


def _figure(count: int, say: b.Tongues) -> Said:
    return number(count) if count else say("none")


def _attested(act: Act, say: b.Tongues, what: b.Tongues) -> b.Block:
    def moment(at: dt.datetime) -> str:
        place = act.frame.places[0]
        return clock(at, place, say.words[0]) if len(say.words) == 1 else plain_clock(at, place)

    columns = [
        b.Column(say("role"), 27, share=True),
        b.Column(say("party"), 23, share=True),
        b.Column(say("attests"), 26, share=True),
        b.Column(say("figure"), 24, align="right"),
        b.Column(say("when_statement"), 38, share=True),
    ]
    rows: list[list[b.Cell]] = []
    for one in act.attestations:
        when = b.soft(say("not_yet")) if one.at is None else moment(one.at)
        figure = b.soft(say("no_figure")) if one.quantity is None else b.strong(_figure(one.quantity, say))
        told: Json = [when, *([b.code(one.statement)] if one.statement else [])]
        rows.append(
            [say(f"role_{one.role.value}"), one.party, what(f"scope_{one.scope.value}"), figure, {"lines": told}]
        )
    for role in Role:
        if all(one.role is not role for one in act.attestations):
            soft = b.soft(say("not_yet"))
            rows.append([say(f"role_{role.value}"), act.parties[role], soft, soft, soft])
    return b.listing(columns, rows, size=90)


def _lines(act: Act, say: b.Tongues) -> list[b.Block]:
    states = _states(act)
    persons = act.unit in PERSONS
    kinds = sorted({line.heading for line in act.lines}) if persons else []
    tables = [Words("exchange", words.language) for words in say.words]
    named = {kind: [[t.language.value, _heading(act, kind, t)] for t in tables] for kind in kinds}
    is_plain = len(say.words) == 1
    keys = {kind: texts[0][1] if is_plain else f"H{at}" for at, (kind, texts) in enumerate(named.items(), 1)}
    columns = [
        b.Column(say("number"), 14, align="right"),
        b.Column(say("slip_code" if persons else "container_code"), 36),
        b.Column(say("heading" if persons else "seal"), 30, share=True),
        *(b.Column(say(f"state_{state.value}"), 19 if is_plain else 26, align="center") for state in states),
    ]
    rows: list[list[b.Cell]] = [
        [
            b.strong(str(line.number)),
            b.code(line.code),
            keys[line.heading] if persons else (b.code(line.seal) if line.seal else b.soft(say("seal_none"))),
            *(MARKED if line.state is state else "" for state in states),
        ]
        for line in act.lines
    ]
    legend = [] if is_plain or not kinds else [b.key((keys[kind], list(texts)) for kind, texts in named.items())]
    return [*legend, b.listing(columns, rows, height="dense", size=85)]


def _heading(act: Act, kind: str, words: Words) -> str:
    return act.headings.get(kind, {}).get(words.language.value) or heading_in(kind, words)
