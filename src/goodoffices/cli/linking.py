"""What `goodoffices link` does: read, link, write pairs, clusters and the page."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import polars as pl

from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.linkage import (
    FIELDS,
    TIES,
    Cluster,
    Judgement,
    Linkage,
    Options,
    Spread,
    clusters,
    is_cyrillic,
    language,
    link,
    one_by_one,
    romanise,
)
from goodoffices.formats.linkage_page import LinkageView, PairView, linkage_page, note_words
from goodoffices.formats.pairs import PAIR_COLUMNS, PairRow, clusters_csv, pairs_csv, read_judgements
from goodoffices.formats.words import Language, Words
from goodoffices.store.read import read_list
from goodoffices.store.write import read_bytes, write_whole

QUEUE = 40
"""Pairs for review on the page; the file has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for; the options of the command.

    Attributes
    ----------
    files
        Two lists or more; one means duplicates within it.
    out, judgements, clusters, page
        Files to write and to read.
    one_to_one, engine, min_probability, language, seed, as_json
        As the options of the command.
    """

    files: tuple[Path, ...]
    out: Path
    one_to_one: bool = False
    engine: str = "local"
    min_probability: float = 0.01
    judgements: Path | None = None
    clusters: Path | None = None
    page: Path | None = None
    language: str = "en"
    seed: int = 0
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One linkage of two of the lists.

    Attributes
    ----------
    names
        Of the lists, as the user named the files.
    frames
        The lists; twice the same one within a list.
    linkage
        What was found.
    """

    names: tuple[str, str]
    frames: tuple[pl.DataFrame, pl.DataFrame]
    linkage: Linkage

    def rows(self) -> list[PairRow]:
        """Give every pair worth showing as it is written."""
        pairs = self.linkage.pairs
        out = []
        for row in range(pairs.bits.size):
            evidence = self.linkage.evidence(row)
            out.append(
                PairRow(
                    evidence.left, evidence.right, float(pairs.bits[row]), float(pairs.probability[row]),
                    float(pairs.relative[row]), TIES[pairs.tie[row]].code, str(pairs.verdict[row]), evidence.reasons,
                )
            )  # fmt: skip
        return out


def run(request: Request, *, say: Callable[[str], None]) -> None:
    """Link the lists of a request and write what it asks for."""
    words = Words("linkage", Language(request.language))
    _spare_inputs(request)
    say("reading")
    names = _names(request.files)
    frames = [read_list(path).records for path in request.files]
    options = Options(
        one_to_one=request.one_to_one, least=request.min_probability, judgements=_judgements(request.judgements)
    )
    runs, inner = [], []
    with _spread(request.engine) as spread:

        def linked(left: int, right: int) -> Run:
            found = link(
                frames[left], None if left == right else frames[right],
                rng=np.random.default_rng(request.seed), spread=spread, say=say,
                options=dataclasses.replace(options, names=(names[left], names[right])),
            )  # fmt: skip
            return Run((names[left], names[right]), (frames[left], frames[right]), found)

        several = itertools.combinations(range(len(frames)), 2)
        runs = [linked(left, right) for left, right in ([(0, 0)] if len(frames) == 1 else several)]
        if len(frames) > 2 or (request.clusters and len(frames) > 1):
            # Records of one list may meet in a cluster: whether they are one person is asked too.
            inner = [linked(k, k) for k in range(len(frames))]
    say("writing")
    rows = [made.rows() for made in runs]
    write_whole(request.out, _written(runs, rows, words))
    persons = _persons([*runs, *inner], [*rows, *(made.rows() for made in inner)])
    if request.clusters:
        write_whole(request.clusters, _clusters_text(persons))
    if request.page:
        shown = dataclasses.replace(
            view(runs[0], rows[0], request.out.name), contradictions=_contradictions(persons) if len(runs) > 1 else ()
        )
        write_whole(request.page, linkage_page(shown, Language(request.language)))
    _tell(request, runs, rows, words)


def _spare_inputs(request: Request) -> None:
    """Refuse to write over a file that is read.

    Raises
    ------
    InputError
        If an output is one of the lists or the judgements.
    """
    read = {path.resolve() for path in (*request.files, request.judgements) if path is not None}
    for path in (request.out, request.clusters, request.page):
        if path is not None and path.resolve() in read:
            raise InputError(Fault(str(path), "", "", "a file that is read", "another file to write"))


def _spread(engine: str) -> contextlib.AbstractContextManager[Spread]:
    if engine == "spark":
        from goodoffices.store.spark import spark_spread

        return spark_spread()
    return contextlib.nullcontext(one_by_one)


def _judgements(path: Path | None) -> tuple[Judgement, ...]:
    if path is None:
        return ()
    try:
        text = read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(Fault(str(path), "", "", "bytes that are not UTF-8", "UTF-8 text")) from error
    return tuple(Judgement(left, right, same) for left, right, same in read_judgements(text, str(path)))


def _written(runs: Sequence[Run], rows: Sequence[list[PairRow]], words: Words) -> str:
    if len(runs) == 1:
        return pairs_csv(rows[0], words)
    # Over more than two lists each line says which two lists it speaks of.
    lines = []
    for made, found in zip(runs, rows, strict=True):
        body = pairs_csv(found, words).splitlines()[1:]
        lines += [
            (-row.bits, f"{line},{_quoted(made.names[0])},{_quoted(made.names[1])}")
            for row, line in zip(found, body, strict=True)
        ]
    lines.sort(key=lambda item: item[0])
    return "\n".join([",".join((*PAIR_COLUMNS, "left_list", "right_list")), *(line for _, line in lines), ""])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text


def _names(files: Sequence[Path]) -> list[str]:
    """Name the lists: by file, by path where two files have one name, by place where one file is named twice."""
    for names in ([path.name for path in files], [str(path) for path in files]):
        if len(set(names)) == len(names):
            return names
    return [f"{place}:{path}" for place, path in enumerate(files, 1)]


def _persons(runs: Sequence[Run], rows: Sequence[list[PairRow]]) -> tuple[Cluster, ...]:
    links, weighed = [], {}
    for made, found in zip(runs, rows, strict=True):
        for row in found:
            pair = ((made.names[0], row.left), (made.names[1], row.right))
            weighed[pair] = row.probability
            if row.verdict == "link":
                links.append(pair)
    return clusters(links, weighed)


def _contradictions(persons: Sequence[Cluster]) -> tuple[tuple[str, str, float], ...]:
    return tuple(
        (" ".join(one), " ".join(other), chance) for cluster in persons for one, other, chance in cluster.contradictions
    )


def _clusters_text(persons: Sequence[Cluster]) -> str:
    out = []
    for number, cluster in enumerate(persons, 1):
        for node in cluster.records:
            against = [
                f"{other[0]}:{other[1]} ({chance:.3f})"
                for one, two, chance in cluster.contradictions
                for me, other in ((one, two), (two, one))
                if me == node
            ]
            out.append((number, *node, "; ".join(against)))
    return clusters_csv(out)


def view(made: Run, rows: Sequence[PairRow], file: str) -> LinkageView:
    """Gather what the page shows of one linkage: the review queue nearest to one half first."""
    pairs = made.linkage.pairs
    linked = np.flatnonzero(pairs.verdict == "link")
    review = np.flatnonzero(pairs.verdict == "review")
    nearest = review[np.argsort(np.abs(pairs.bits[review]), kind="stable")][:QUEUE]
    telling = linked[np.argsort(pairs.bits[linked], kind="stable")][:3]
    sizes = (made.frames[0].height, made.frames[1].height)
    within = made.linkage.lists.within
    touched = set(pairs.left[linked].tolist()) | (set(pairs.right[linked].tolist()) if within else set())
    alone = (
        sizes[0] - len(touched),
        sizes[0] - len(touched) if within else sizes[1] - len(set(pairs.right[linked].tolist())),
    )
    return LinkageView(
        names=made.names, sizes=sizes, linked=linked.size, review=review.size, alone=alone,
        notes=tuple((note.value, value) for note, value in made.linkage.notes),
        queue=tuple(_pair_view(made, rows[k], k) for k in nearest.tolist()),
        examples=tuple(_pair_view(made, rows[k], k) for k in telling.tolist()),
        file=file,
    )  # fmt: skip


def _pair_view(made: Run, row: PairRow, position: int) -> PairView:
    pairs = made.linkage.pairs
    stated = [
        _stated(frame, int(index))
        for frame, index in zip(made.frames, (pairs.left[position], pairs.right[position]), strict=True)
    ]
    told = {reason.field for reason in row.reasons}
    missing = tuple(field.name for field in FIELDS if field.name not in told)
    latin = [_latin(record, frame) for record, frame in zip(stated, made.frames, strict=True)]
    return PairView(row, stated[0], stated[1], latin[0], latin[1], missing)


def _stated(frame: pl.DataFrame, index: int) -> dict[str, str]:
    record = {column: value for column, value in frame.row(index, named=True).items() if value is not None}
    parts = [record.get(column, "") for column in ("surname", "given_name", "patronymic")]
    record["name"] = " ".join(filter(None, parts)) or record.get("full_name", "")
    return record


def _latin(record: dict[str, str], frame: pl.DataFrame) -> dict[str, str]:
    tongue = language(
        " ".join(
            frame["surname"].fill_null("").head(500).to_list() + frame["full_name"].fill_null("").head(500).to_list()
        )
    )
    return {
        column: romanise(record[column], tongue or "uk")
        for column in ("name", "birth_place")
        if column in record and is_cyrillic(record[column]) and romanise(record[column], "uk") != record[column]
    }


def _tell(request: Request, runs: Sequence[Run], rows: Sequence[list[PairRow]], words: Words) -> None:
    """Say what was found, in words or as JSON."""
    if request.as_json:
        click.echo(json.dumps([_noun(made, found) for made, found in zip(runs, rows, strict=True)], ensure_ascii=False))
        return
    for made, found in zip(runs, rows, strict=True):
        counts = {verdict: sum(row.verdict == verdict for row in found) for verdict in ("link", "review", "no")}
        click.echo(f"{made.names[0]} ({made.frames[0].height}) · {made.names[1]} ({made.frames[1].height})")
        click.echo("  " + ", ".join(f"{words(verdict)} {count}" for verdict, count in counts.items()))
        for note, value in made.linkage.notes:
            click.echo("  " + note_words(note.value, value, words))
    for path in filter(None, (request.out, request.clusters, request.page)):
        click.echo(f"  {path}")


def _noun(made: Run, rows: Sequence[PairRow]) -> dict[str, object]:
    return {
        "left": made.names[0],
        "right": made.names[1],
        "notes": {note.value: value for note, value in made.linkage.notes},
        "pairs": [
            {
                "left_ref": row.left, "right_ref": row.right, "bits": round(row.bits, 3),
                "probability": round(row.probability, 6), "relative": round(row.relative, 6), "relative_kind": row.kind,
                "verdict": row.verdict,
                "reasons": [{"field": r.field, "bits": round(r.bits, 3), "code": r.code} for r in row.reasons],
            }
            for row in rows
        ],
    }  # fmt: skip
