"""What `goodoffices link encode` and `link blind` do: files in, files out."""

from __future__ import annotations

import json
from pathlib import Path

import click

from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.linkage import LEAST_SECRET, MARKS, Codes, blind, encode
from goodoffices.formats.codes import codes_csv, pseudonyms_csv, read_codes
from goodoffices.formats.pairs import PairRow, pairs_csv
from goodoffices.formats.words import Language, Words
from goodoffices.store.read import read_list
from goodoffices.store.write import read_bytes, write_whole

NAMES = tuple("+".join(kind) for kind in MARKS)
"""Columns of an encoded list."""


def encode_file(file: Path, secret_file: Path, *, out: Path, pseudonyms: Path) -> None:
    """Encode a list; the encoded list and the pseudonyms become files.

    Raises
    ------
    InputError
        If the secret is too short or the list has a fault.
    """
    secret = read_bytes(secret_file).strip()
    if len(secret) < LEAST_SECRET:
        raise InputError(Fault(str(secret_file), "", "", f"{len(secret)} bytes", f"at least {LEAST_SECRET} bytes"))
    codes, names = encode(read_list(file).records, secret)
    write_whole(pseudonyms, pseudonyms_csv(names))
    write_whole(out, codes_csv(codes.check, NAMES, list(zip(codes.codes, codes.marks, strict=True))))
    click.echo(f"{out}: {len(codes.codes)} records encoded; may travel to the neutral")
    click.echo(f"{pseudonyms}: which pseudonym is whom; stays at home")


def blind_files(left: Path, right: Path, *, out: Path, least: float, how: tuple[Language, bool]) -> None:
    """Compare two encoded lists and write the pairs."""
    language, as_json = how
    found = blind(_codes(left), _codes(right), least=least)
    rows = [
        PairRow(pair.left, pair.right, pair.bits, pair.probability, 0.0, "", pair.verdict, pair.reasons)
        for pair in found
    ]
    write_whole(out, pairs_csv(rows, Words("linkage", language)))
    counts = {verdict: sum(pair.verdict == verdict for pair in found) for verdict in ("link", "review", "no")}
    if as_json:
        click.echo(json.dumps({"left": left.name, "right": right.name, "counts": counts}))
        return
    words = Words("linkage", language)
    click.echo(", ".join(f"{words(verdict)} {count}" for verdict, count in counts.items()))
    click.echo(f"{out}")


def _codes(path: Path) -> Codes:
    try:
        text = read_bytes(path).decode("ascii")
    except UnicodeDecodeError as error:
        raise InputError(Fault(str(path), "", "", "no encoded list", "a file made by link encode")) from error
    check, rows = read_codes(text, str(path), NAMES)
    return Codes(check, tuple(code for code, _ in rows), tuple(marks for _, marks in rows))
