"""Demo: the sought lists of each side are linked with what the other holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.cli.linking import Run, view
from goodoffices.domain.canonical import sha256_hex
from goodoffices.engines.linkage import link
from goodoffices.formats.linkage_page import linkage_page
from goodoffices.formats.pairs import pairs_csv
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.words import Language, Words, number
from goodoffices.store.read import read_list
from goodoffices.store.write import write_whole
from goodoffices.synth.people import side_lists

WAYS = (("a", "b"), ("b", "a"))
"""Who seeks, and who holds."""


def run(stage: Stage) -> Outcome:
    """Link both ways and show the review queue of each."""
    lines: list[str] = []
    pages: list[tuple[str, str]] = []
    acts: list[Act] = []
    for seeker, holder in WAYS:
        stage.say(f"who {seeker.upper()} seeks among whom {holder.upper()} holds")
        names, frames = _lists(stage, seeker, holder)
        made = Run(names, frames, link(*frames, rng=np.random.default_rng(stage.seed)))
        rows = made.rows()
        text = pairs_csv(rows, Words("linkage", Language.EN))
        stem = f"sought-by-{seeker}"
        write_whole(stage.folder / f"{stem}-pairs.csv", text)
        shown = view(made, rows, f"{stem}-pairs.csv")
        for language in Language:
            suffix = "" if language is Language.EN else f".{language.value}"
            write_whole(stage.folder / f"{stem}{suffix}.html", linkage_page(shown, language))
        lines.append(
            f"{names[0]} ({number(shown.sizes[0])}) with {names[1]} ({number(shown.sizes[1])}): "
            f"{number(shown.linked)} linked, {shown.review} for a person to look at"
        )
        pages.append((f"{stem}.html", f"Whom {seeker.upper()} seeks: pairs with their waterfalls"))
        acts.append(
            Act(
                "linkage_made",
                f"linkage-{seeker}-{holder}",
                {
                    "lists_sha256": [sha256_hex(sealed_csv(frame)) for frame in frames],
                    "pairs_sha256": sha256_hex(text.encode()),
                    "linked": int(shown.linked),
                    "review": int(shown.review),
                },
                ("neutral",),
            )
        )
    return Outcome(tuple(lines), tuple(pages), tuple(acts))


def _lists(stage: Stage, seeker: str, holder: str) -> tuple[tuple[str, str], tuple[pl.DataFrame, pl.DataFrame]]:
    """Read the lists that an earlier part left, or invent them."""
    names = (f"sought-by-{seeker}.csv", f"held-by-{holder}.csv")
    folder: Path = stage.folder.parent / "lists"
    if all((folder / name).exists() for name in names):
        left, right = (read_list(folder / name).records for name in names)
        return names, (left, right)
    scripts = ("uk", "ru") if seeker == "a" else ("ru", "uk")
    invented = side_lists(
        stage.size(6000 if seeker == "a" else 6500), seed=stage.seed, left=scripts[0], right=scripts[1]
    )
    for name, frame in zip(names, (invented.left, invented.right), strict=True):
        write_whole(stage.folder / name, sealed_csv(frame))
    return names, (invented.left, invented.right)
