"""The demo's lists: invented persons held and sought at the public record's scale, read and checked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.cli.demo.sent import as_sent_csv, as_sent_workbook
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.formats.lists.model import ListFile
from goodoffices.formats.lists.page import check_page
from goodoffices.formats.lists.report import counted
from goodoffices.formats.page import render
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.words import Language
from goodoffices.store.read import check_list, read_list
from goodoffices.store.write import write_whole
from goodoffices.synth.held import held_list
from goodoffices.synth.sought import Held, sought_list

HELD = {"a": (6_000, "uk"), "b": (6_500, "ru")}
SOUGHT = {"a": (7_500, "uk"), "b": (7_000, "ru")}
"""Rows at scale 1, and the letters each side writes; A seeks of those whom B holds."""

ON = dt.date(2025, 7, 23)
"""The day of the demo: no date on a list lies after it."""

_AS_SENT = 120
_LANGUAGES = {Language.EN: "check.html"} | {
    language: f"check-{language.value}.html" for language in Language if language is not Language.EN
}


def run(stage: Stage) -> Outcome:
    """Write the lists of both sides, read them back, seal those of the held, and check two as they were sent."""
    stage.say("inventing whom each side holds and seeks")
    held = _write_all(stage)
    lines = []
    acts = []
    for side in HELD:
        path = stage.folder / f"held-by-{side}.csv"
        listed = read_list(path, today=ON)
        digest = sha256_hex(path.read_bytes())
        lines.append(
            f"held by {side.upper()}: {counted(listed.records.height, 'record')} accepted, sealed {digest[:12]}"
        )
        content: dict[str, Json] = {"list": path.name, "sha256": digest, "records": listed.records.height}
        acts.append(Act("list_sealed", f"list-held-{side}", content, (side.upper(), "neutral")))
    for side in SOUGHT:
        listed = read_list(stage.folder / f"sought-by-{side}.csv", today=ON)
        lines.append(f"sought by {side.upper()}: {counted(listed.records.height, 'record')} accepted")
    stage.say("checking two lists as they were sent")
    checked = _check_as_sent(stage.folder, held)
    lines += [_verdict(listed) for listed in checked]
    for language, name in _LANGUAGES.items():
        write_whole(stage.folder / name, render(check_page(checked, language)))
    pages = [(_LANGUAGES[Language.EN], "Two lists as they were sent, and what must be mended")]
    pages += [(name, f"The same ({language.value})") for language, name in list(_LANGUAGES.items())[1:]]
    pages += [(f"held-by-{side}.csv", f"Held by {side.upper()}, sealed") for side in HELD]
    return Outcome(tuple(lines), tuple(pages), tuple(acts))


def _write_all(stage: Stage) -> dict[str, pl.DataFrame]:
    held = {
        side: held_list(stage.size(rows), seed=stage.seed + number, script=script)
        for number, (side, (rows, script)) in enumerate(HELD.items())
    }
    for number, (side, frame) in enumerate(held.items()):
        other = next(name for name in HELD if name != side)
        rows, script = SOUGHT[other]
        sought = sought_list(
            Held(frame, stage.seed + number, HELD[side][1]),
            persons=stage.size(rows),
            seed=stage.seed + 10 + number,
            script=script,
        )
        write_whole(stage.folder / f"held-by-{side}.csv", sealed_csv(frame))
        write_whole(stage.folder / f"sought-by-{other}.csv", sealed_csv(sought.records))
        write_whole(stage.folder / f"truth-held-by-{side}.csv", sought.truth.write_csv())
    return held


def _check_as_sent(folder: Path, held: dict[str, pl.DataFrame]) -> list[ListFile]:
    """Write a part of each list as its side might send it, faults among them, and read it."""
    workbook, text = folder / "as-sent-by-a.xlsx", folder / "as-sent-by-b.csv"
    write_whole(workbook, as_sent_workbook(held["a"].head(_AS_SENT)))
    write_whole(text, as_sent_csv(held["b"].head(_AS_SENT)))
    return [check_list(path, today=ON) for path in (workbook, text)]


def _verdict(listed: ListFile) -> str:
    verdict = "accepted" if listed.is_accepted else "not accepted"
    name = Path(listed.file).name
    faults, warnings = counted(len(listed.faults), "fault"), counted(len(listed.warnings), "warning")
    return f"{name}: {listed.form}, {counted(listed.records.height, 'record')}, {faults}, {warnings}: {verdict}"
