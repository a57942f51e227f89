"""Walks through the parts of the demo in the order of the work and ends with one page that leads to all of them."""

from __future__ import annotations

import dataclasses
import importlib
import sys
import time
from pathlib import Path

import click

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.store.write import write_whole

PARTS: tuple[tuple[str, str], ...] = (
    ("results", "Results: what the public record of 2025 says, and what is confirmed"),
    ("lists", "Lists of persons, read and checked"),
    ("linkage", "Who on one list is who on the other"),
    ("kinship", "Remains and the families that seek"),
    ("exchange", "An exchange that keeps to the terms"),
    ("handover", "Handover: counted by three roles without a network, merged without loss"),
    ("ceasefire", "Ceasefire: everybody back before it ends"),
    ("talks", "Talks: from brackets to commitments"),
    ("ledger", "The record that nobody can rewrite"),
    ("desk", "The desk: the same process in a browser"),
)
"""Module of `goodoffices.cli.demo` and title, in the order of the work; each module has `run(stage) -> Outcome`."""


_HELP = """The whole way on the example process, with invented persons.

Example: goodoffices demo --dir workspace --scale 0.1"""


@click.command(help=_HELP)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("workspace"),
    show_default=True,
    help="Where everything is written.",
)
@click.option(
    "--scale",
    type=click.FloatRange(0.001, 10),
    default=1.0,
    show_default=True,
    help="1 is the public record's scale.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of everything invented.")
def command(folder: Path, scale: float, seed: int) -> None:
    """Run every part, then write the page that leads to all of them."""
    began = time.monotonic()
    acts: tuple[Act, ...] = ()
    done: list[tuple[str, Outcome, float]] = []
    for number, (name, title) in enumerate(PARTS, 1):
        head = click.style(f"[{number}/{len(PARTS)}] {title}", bold=True)
        click.echo(head)
        start = time.monotonic()
        stage = Stage(folder / name, scale, seed, _say, acts)
        outcome: Outcome = importlib.import_module(f"goodoffices.cli.demo.{name}").run(stage)
        acts += outcome.acts
        done.append((title, _below(name, outcome), time.monotonic() - start))
        for line in outcome.lines:
            click.echo(f"      {line}")
    index = folder / "index.html"
    write_whole(index, _index(done))
    click.echo(click.style(f"\nDone in {time.monotonic() - began:.0f} s. Open:", bold=True))
    click.echo(f"  {index}")
    for _, outcome, _ in done:
        for path, caption in outcome.pages[:1]:
            click.echo(f"  {folder / path}  {caption}")
    click.echo(f"The desk in a browser: goodoffices desk --workspace {folder / 'desk'}  (make serve)")


def _below(name: str, outcome: Outcome) -> Outcome:
    return dataclasses.replace(outcome, pages=tuple((f"{name}/{path}", caption) for path, caption in outcome.pages))


def _say(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"      {line} ...", err=True)


def _index(done: list[tuple[str, Outcome, float]]) -> str:
    sections = [
        tag(
            "section",
            tag("h2", title),
            tag("ul", *(tag("li", line) for line in outcome.lines)),
            tag(
                "p",
                *(Html(tag("a", caption, href=path, class_="btn sec") + " ") for path, caption in outcome.pages),
                class_="actions",
            ),
            class_="card",
        )
        for title, outcome, _ in done
    ]
    body = join(
        [
            tag("h1", "From the table to tangible results"),
            tag(
                "p",
                "The Istanbul process of 2025 as far as the public record goes, and invented people behind it.",
                class_="lead",
            ),
            *sections,
        ]
    )
    return render(Page("The whole way", body))
