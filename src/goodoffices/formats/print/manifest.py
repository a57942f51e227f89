"""The manifest by number: what travels with a leg of a transfer; numbers and codes, never names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from goodoffices.domain.commitment import PERSONS, Unit
from goodoffices.domain.errors import RangeError
from goodoffices.formats.exchange_words import heading
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Mark, Sheet, printed, times
from goodoffices.formats.words import Language, Words, number


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """One line of a manifest; never a name.

    Attributes
    ----------
    number
        From 1.
    code
        Of the slip, or of the container.
    heading
        As a plan of an exchange has it; empty for a container.
    seal
        Number of the seal; empty for a person.
    """

    number: int
    code: str
    heading: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is to be handed over in one leg.

    Attributes
    ----------
    frame
        Around it.
    transfer, leg
        Which transfer, and which leg of it.
    giver, receiver
        Names of the parties.
    unit
        What a line is.
    place
        Where it is to be handed over.
    lines
        By number.
    mark
        The manifest's statement and hash.
    starts
        When; None where that is not said.
    """

    frame: Frame
    transfer: str
    leg: int
    giver: str
    receiver: str
    unit: Unit
    place: str
    lines: tuple[ManifestLine, ...]
    mark: Mark
    starts: dt.datetime | None = None

    def __post_init__(self) -> None:
        if len({line.number for line in self.lines}) != len(self.lines):
            raise RangeError("a number twice among the lines of a manifest, expected each once")


def manifest_pdf(manifest: Manifest, language: Language) -> bytes:
    """Print a manifest."""
    return printed([manifest_sheet(manifest, language)])


def manifest_sheet(manifest: Manifest, language: Language) -> Sheet:
    """Lay out a manifest."""
    words = Words("print", language)
    say = b.Tongues(words)
    told = Words("exchange", language)
    persons = manifest.unit in PERSONS
    columns = [
        b.Column(words("number"), 16, align="right"),
        b.Column(words("slip_code" if persons else "container_code"), 44),
        b.Column(words("heading" if persons else "seal"), 30, share=True),
        b.Column(words("manifest_there"), 26, align="center"),
    ]
    rows: list[list[b.Cell]] = [
        [
            b.strong(str(line.number)),
            b.code(line.code),
            heading_in(line.heading, told) if persons else b.code(line.seal),
            b.BOX,
        ]
        for line in manifest.lines
    ]
    blocks = (
        b.lead(words("manifest_lead")),
        b.facts(
            [
                (words("transfer"), manifest.transfer),
                (words("leg"), str(manifest.leg)),
                (words("unit"), Words("results", language)(f"unit_{manifest.unit.value}")),
                (words("giver"), manifest.giver),
                (words("receiver"), manifest.receiver),
                (words("where"), manifest.place or words("not_yet")),
                (words("when"), times(manifest.starts, manifest.frame, words) if manifest.starts else words("not_yet")),
            ]
        ),
        b.sums([(words("manifest_count"), number(len(manifest.lines)) if manifest.lines else words("none"))]),
        *([b.listing(columns, rows, height="dense")] if rows else []),
        b.signs([(words("role_giver"), manifest.giver), (words("role_receiver"), manifest.receiver)], say),
        b.proof(manifest.mark, say),
    )
    return Sheet(words("manifest_title"), manifest.frame, language, blocks, sha256=manifest.mark.sha256)


def heading_in(name: str, words: Words) -> str:
    """Say under which heading a line goes; one that no plan knows stands as it is, none is a word of its own."""
    if not name:
        return Words("print", words.language)("no_heading")
    try:
        return heading(name, words)
    except KeyError:  # a heading of the desk's own, not of a plan
        return name
