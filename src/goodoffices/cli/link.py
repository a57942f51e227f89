"""goodoffices link: who on one list is who on the other; duplicates within one; comparison without names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict, Unpack

import click

from goodoffices.formats.words import Language

_HELP = """Link the persons of two lists, or of more, or find duplicates within one.

Writes candidate pairs with bits, probability, verdict (link, review, no) and reasons in words. Nothing is merged.

\b
Examples:
  goodoffices link held-by-a.csv sought-by-b.csv --out PAIRS.csv --page pairs.html
  goodoffices link --within held-by-a.csv --out PAIRS.csv
  goodoffices link a.csv b.csv --judgements decided.csv --one-to-one --out PAIRS.csv

\b
Comparison without names (see --help of each):
  goodoffices link encode LIST --secret-file KEYFILE --out CODES
  goodoffices link blind CODES CODES --out PAIRS.csv"""


class _Chosen(TypedDict):
    out: Path
    one_to_one: bool
    engine: str
    min_probability: float
    judgements: Path | None
    clusters: Path | None
    page: Path | None
    language: str
    seed: int
    as_json: bool


class LinkGroup(click.Group):
    """A command with lists as arguments that has two commands of its own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take lists as arguments unless the first word names a command."""
        if not args or args[0] not in self.commands:
            args = ["", *(args or ["--help"])]
        return super().parse_args(ctx, args)


class Pairs(click.Command):
    """The command that has no name of its own."""

    def get_usage(self, ctx: click.Context) -> str:
        """Give the usage without the empty name."""
        return super().get_usage(ctx).replace("link  ", "link ")


@click.group(cls=LinkGroup)
def command() -> None:
    """Link persons across lists."""


_FILE = click.Path(dir_okay=False, path_type=Path)


@command.command("", cls=Pairs, help=_HELP)
@click.argument("files", nargs=-1, type=_FILE, metavar="LEFT RIGHT [MORE...]")
@click.option("--within", type=_FILE, help="Find duplicates within this list instead.")
@click.option("--out", type=_FILE, required=True, help="PAIRS.csv to write.")
@click.option("--one-to-one", is_flag=True, help="Link each record to one other at most; the rest is for review.")
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True)
@click.option(
    "--min-probability", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="Leave out pairs below."
)
@click.option("--judgements", type=_FILE, help="CSV left_ref, right_ref, verdict: what persons decided; honoured.")
@click.option("--clusters", type=_FILE, help="Also write persons over all lists, contradictions shown.")
@click.option("--page", type=_FILE, help="Also write a page with the review queue and waterfalls.")
@click.option(
    "--language", type=click.Choice([language.value for language in Language]), default="en", show_default=True
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the samples that training draws.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def pairs(ctx: click.Context, files: tuple[Path, ...], within: Path | None, **options: Unpack[_Chosen]) -> None:
    """Link lists.

    Raises
    ------
    UsageError
        If the number of lists does not fit the options.
    """
    from goodoffices.cli.linking import Request, run

    if within is not None and files:
        raise click.UsageError("--within takes one list; name either --within FILE or LEFT RIGHT", ctx)
    if within is None and len(files) < 2:
        raise click.UsageError(f"found {len(files)} list(s), expected two or more, or --within FILE", ctx)
    if len(files) > 2 and options["judgements"]:
        raise click.UsageError("--judgements goes with two lists or --within", ctx)
    run(Request(files=(within,) if within else files, **options), say=_say)


def _say(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"  {line} ...", err=True)


@command.command("encode")
@click.argument("file", type=_FILE)
@click.option(
    "--secret-file", type=_FILE, required=True, help="File with the secret both sides share (16 bytes or more)."
)
@click.option("--out", type=_FILE, required=True, help="The encoded list to write; this alone travels.")
@click.option(
    "--pseudonyms", type=_FILE, help="Where pseudonym and reference stand, to stay at home.  [default: OUT.refs.csv]"
)
def encode_list(file: Path, secret_file: Path, out: Path, pseudonyms: Path | None) -> None:
    """Encode a list under a shared secret, so that it can be compared without names.

    The neutral must not have the secret; what leaks nevertheless stands in docs/linkage.md.

    Example: goodoffices link encode held-by-a.csv --secret-file shared.key --out held-by-a.codes
    """
    from goodoffices.cli.blind import encode_file

    encode_file(file, secret_file, out=out, pseudonyms=pseudonyms or out.with_name(out.name + ".refs.csv"))


@command.command("blind")
@click.argument("left", type=_FILE)
@click.argument("right", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="PAIRS.csv to write, by pseudonyms.")
@click.option(
    "--min-probability", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="Leave out pairs below."
)
@click.option(
    "--language", type=click.Choice([language.value for language in Language]), default="en", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print counts as JSON.")
def blind_pairs(left: Path, right: Path, *, out: Path, min_probability: float, language: str, as_json: bool) -> None:
    """Find pairs of two encoded lists without names.

    Example: goodoffices link blind held-by-a.codes sought-by-b.codes --out PAIRS.csv
    """
    from goodoffices.cli.blind import blind_files

    blind_files(left, right, out=out, least=min_probability, how=(Language(language), as_json))
