"""goodoffices handover: the day of a transfer, counted without network, merged without loss."""

from __future__ import annotations

import json
from pathlib import Path

import click

from goodoffices.cli.ledger.common import Decorator, out_option, read_vkey
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.handover import Day, Problem
from goodoffices.domain.process import Condition, Process, Role
from goodoffices.flow.handover.attest import Attested, attest
from goodoffices.flow.handover.merge import Merged, Revocations, merge
from goodoffices.flow.handover.setting import Setting, setting
from goodoffices.flow.handover.signed import Received, keys_of, receive
from goodoffices.flow.handover.state import Course, course
from goodoffices.flow.handover.told import received_json, told
from goodoffices.formats.day import day_bytes, made_day, read_day
from goodoffices.formats.parts import Gathered
from goodoffices.formats.words import Language, Words
from goodoffices.store.write import read_bytes, write_whole

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(help="The day of a transfer: count offline, merge what was signed, say whether it is set.")
def command() -> None:
    """Group the commands of a handover."""


def _language() -> Decorator:
    return click.option(
        "--language", type=click.Choice([code.value for code in Language]), default="en", show_default=True
    )


def _day_option() -> Decorator:
    return click.option("--day", required=True, metavar="DAY.json", type=_FILE, help="The manifest of the day.")


@command.command(
    help="""Write the manifest of a day from its numbers, with a code and its check digit for each slip.

NUMBERS.txt has one number a line, then a space or tab and its seal if it has one. Never a name.

Example: goodoffices handover manifest NUMBERS.txt --transfer x1-leg-1 --from A --to B --unit handed_over
--place "crossing c1" --starts 2025-07-24T10:00+03:00 --key giver=A.vkey --key receiver=B.vkey --out DAY.json"""
)
@click.argument("numbers", type=_FILE)
@click.option("--transfer", required=True, help="Identifier of the transfer.")
@click.option("--from", "giver", required=True, metavar="PARTY", help="Who gives.")
@click.option("--to", "receiver", required=True, metavar="PARTY", help="Who receives.")
@click.option("--neutral", metavar="PARTY", help="Who stands between them.")
@click.option("--unit", required=True, help="What is counted, such as handed_over or container.")
@click.option("--category", help="Who or what moves, such as prisoner_of_war; never child.")
@click.option("--commitment", help="The commitment that it fulfils.")
@click.option("--place", required=True, help="Where.")
@click.option("--starts", required=True, metavar="TIME", help="When, with the zone: 2025-07-24T10:00+03:00.")
@click.option("--key", "keys", multiple=True, metavar="ROLE=VKEY", help="Who may sign for giver, receiver, neutral.")
@out_option("The manifest.")
def manifest(numbers: Path, keys: tuple[str, ...], out: Path, **fields: str | None) -> None:
    """Write a manifest.

    Raises
    ------
    InputError
        If a number, a key or another field cannot be used.
    """
    found: dict[str, list[str]] = {}
    for pair in keys:
        role, equal, key = pair.partition("=")
        if not equal or role not in {one.value for one in Role}:
            raise InputError(Fault("--key", "", "", repr(pair[:60]), "ROLE=VKEY with giver, receiver or neutral"))
        found.setdefault(role, []).append(str(read_vkey(key, "--key")))
    day = made_day(read_bytes(numbers), str(numbers), fields, found)
    keys_of(day, str(numbers))
    write_whole(out, day_bytes(day))
    click.echo(f"{len(day.items)} numbers, hash {day.hash}")


@command.command(
    help="""Write the page with which one role counts, without network: one file for a phone, tablet or laptop.

Example: goodoffices handover page DAY.json --role neutral --out neutral.html"""
)
@click.argument("day", type=_FILE)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@out_option("The page.")
def page(day: Path, role: str, out: Path) -> None:
    """Write a role's page.

    Raises
    ------
    InputError
        If the manifest has no key of that role.
    """
    from goodoffices.domain.canonical import sha256_hex
    from goodoffices.formats.daypage import day_page

    found = _day(day)
    if Role(role) not in found.roles:
        raise InputError(Fault(str(day), "", "keys", f"no key of the {role}", f"a key of the {role}"))
    made = day_page(found, Role(role)).encode()
    write_whole(out, made)
    click.echo(f"{sha256_hex(made)}  {out.name}")


@command.command(
    help="""Check files of signed statements: form, transfer, chain, signature. Exit 1 if one is not taken.

Example: goodoffices handover read neutral.statements --day DAY.json"""
)
@click.argument("files", type=_FILE, nargs=-1, required=True)
@_day_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_language()
def read(files: tuple[Path, ...], day: Path, as_json: bool, language: str) -> None:
    """Check files."""
    words, known = Words("count", Language(language)), _day(day)
    found = [(path, receive(read_bytes(path), known)) for path in files]
    if as_json:
        click.echo(json.dumps([{"file": str(path), **received_json(one)} for path, one in found], indent=1))
    else:
        _say_files(found, words)
    if any(one.problems for _, one in found):
        click.get_current_context().exit(1)


@command.command(
    "merge",
    help="""Merge files of signed statements: the same for any order, repeats and parts; nothing is lost.

A file that is not taken adds nothing, is named, and makes the exit code 1. With --process the four conditions and the
assertions made before come from that file; without, the transfer is taken as set.

Example: goodoffices handover merge giver.statements receiver.statements neutral.statements --day DAY.json
--out STATE.json""",
)
@click.argument("files", type=_FILE, nargs=-1, required=True)
@_day_option()
@click.option("--process", "process_file", type=_FILE, help="The process, for conditions and earlier assertions.")
@click.option("--revoked", multiple=True, metavar="VKEY", help="A key whose mandate has ended.")
@click.option("--logged", multiple=True, type=_FILE, help="A file that was logged before that.")
@out_option("The merged state with its assertions.")
@_language()
def merge_(
    files: tuple[Path, ...],
    day: Path,
    process_file: Path | None,
    revoked: tuple[str, ...],
    logged: tuple[Path, ...],
    out: Path,
    language: str,
) -> None:
    """Merge files and write what follows."""
    from goodoffices.domain.canonical import sha256_hex

    words, known = Words("count", Language(language)), _day(day)
    found = [(path, receive(read_bytes(path), known)) for path in files]
    ended = Revocations(
        {str(read_vkey(key, "--revoked")): 1 for key in revoked}, {sha256_hex(read_bytes(path)): 0 for path in logged}
    )
    merged = merge(known, (one for _, one in found), ended)
    process = None if process_file is None else _process(process_file)
    attested = attest(merged, before=() if process is None else process.assertions)
    how = course(merged, is_set=process is None or _is_set(process, known, str(process_file)))
    whole = told(merged, (one for _, one in found), how, attested)
    write_whole(out, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    _say_files(found, words)
    _say_merged(merged, how, attested, words=words)
    if any(one.problems for _, one in found):
        click.get_current_context().exit(1)


@command.command(
    help="""Print a file of signed statements as numbered QR codes, where no network and no cable carries it.

Example: goodoffices handover codes neutral.statements --day DAY.json --out CODES.pdf"""
)
@click.argument("file", type=_FILE)
@_day_option()
@out_option("The codes, as PDF.")
@_language()
def codes(file: Path, day: Path, out: Path, language: str) -> None:
    """Print a file that the manifest takes.

    Raises
    ------
    InputError
        If it would not be taken.
    """
    from goodoffices.formats.print.frame import Frame, Place
    from goodoffices.formats.print.parts import Parts, parts_pdf

    known, data = _day(day), read_bytes(file)
    found = receive(data, known)
    if found.problems:
        lines = [problem_line(bad, Words("count", Language(language))) for bad in found.problems]
        raise InputError(Fault(str(file), "", "", "; ".join(lines), "a file that this manifest takes"))
    frame = Frame(known.transfer, known.transfer, known.starts, (Place(known.place, "UTC"),))
    write_whole(out, parts_pdf(Parts(frame, found.statements[0].role, data), Language(language)))


@command.command(
    help="""Put together what was scanned: parts in any order, several files at once. Exit 1 if a part is missing.

Example: goodoffices handover join SCANNED.txt --out DIR"""
)
@click.argument("scanned", type=_FILE)
@click.option("--out", required=True, metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@_language()
def join(scanned: Path, out: Path, language: str) -> None:
    """Write each file that is whole, and name the missing parts of the others.

    Raises
    ------
    InputError
        If there is no part at all.
    """
    from goodoffices.formats.parts import gather

    words = Words("count", Language(language))
    found = gather(read_bytes(scanned).decode("utf-8", "replace"))
    if not found:
        raise InputError(Fault(str(scanned), "", "", "no part of a file", "lines that begin with GOP1"))
    for one in found:
        if one.data is not None:
            write_whole(out / f"{one.name.lower()}.statements", one.data)
            click.echo(words("parts_whole", name=one.name.lower(), n=one.count))
        else:
            click.echo(parts_line(one, words))
    if any(one.data is None for one in found):
        click.get_current_context().exit(1)


@command.command(
    help="""Say of each transfer of a process whether it is set, and in one sentence why not. Exit 1 if one is not.

Without PROCESS.json the example shipped with the package is used.

Example: goodoffices handover status"""
)
@click.argument("process", type=_FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_language()
def status(process: Path | None, as_json: bool, language: str) -> None:
    """Say whether transfers are set."""
    found = {one.id: setting(one) for one in _process(process).transfers}
    if as_json:
        click.echo(json.dumps({name: _setting_json(one) for name, one in found.items()}, indent=1))
    else:
        words = Words("count", Language(language))
        for name, one in found.items():
            for line in setting_lines(one, words):
                click.echo(f"{name}: {line}")
    if not all(one.is_set for one in found.values()):
        click.get_current_context().exit(1)


def setting_lines(one: Setting, words: Words) -> list[str]:
    """Write how a transfer stands: one sentence, then who stood ready alone."""
    if one.is_set:
        lines = [words("is_set")]
    else:
        parts = [
            words(f"cell_{cell}", what=", ".join(words(f"condition_{condition}") for condition in which))
            for cell, which in one.why
        ]
        lines = [words("is_not_set", why="; ".join(parts))]
    return lines + ([words("staged_alone", party=one.staged_alone)] if one.staged_alone else [])


def parts_line(one: Gathered, words: Words) -> str:
    """Write which parts of a file are missing, or that they do not fit together."""
    if not one.missing:
        return words("parts_broken", name=one.name.lower())
    numbers = ", ".join(map(str, one.missing))
    return words("parts_missing", name=one.name.lower(), numbers=numbers, count=one.count)


def problem_line(bad: Problem, words: Words) -> str:
    """Write why a file is not taken."""
    return words(f"problem_{bad.code}", line=bad.line, found=bad.found, expected=bad.expected)


def _setting_json(one: Setting) -> dict[str, object]:
    return {
        "is_set": one.is_set,
        "conditions": {condition.value: cell.value for condition, cell in one.cells},
        "said": {condition.value: dict(sides) for condition, sides in one.grid},
        "why": [[cell.value, [condition.value for condition in which]] for cell, which in one.why],
        "staged_alone": one.staged_alone,
        "order": [condition.value for condition in Condition],
    }


def _say_files(found: list[tuple[Path, Received]], words: Words) -> None:
    for path, one in found:
        if one.problems:
            click.echo(f"{path}: {words('refused')}")
            for bad in one.problems:
                click.echo(f"  {problem_line(bad, words)}")
        else:
            click.echo(f"{path}: {words('taken', n=len(one.statements))}")


def _say_merged(merged: Merged, how: Course, attested: Attested, *, words: Words) -> None:
    click.echo(words("state_line", transfer=merged.day.transfer, state=words(f"state_{how.state}")))
    for clash in merged.conflicts:
        what = "scope_" if clash.item is None else "say_"
        said = ", ".join(sorted({words(what + say) for say, _ in clash.said}))
        key = "conflict_act" if clash.item is None else "conflict"
        click.echo(words(key, role=words(f"role_{clash.role}"), item=clash.item or "", said=said))
    for number, ones in merged.discrepancies:
        said = "; ".join(f"{words(f'role_{role}')}: {words(f'say_{say}')}" for role, say in ones)
        click.echo(words("discrepancy", item=number, said=said))
    for mark in sorted({mark for kept in merged.kept for mark in kept.marks}):
        count = sum(mark in kept.marks for kept in merged.kept)
        click.echo(f"{words('taken', n=count)}: {words(f'mark_{mark}')}")
    for one in attested.assertions:
        scope, role = words(f"scope_{one.scope}"), words(f"role_{one.organ}")
        key = "attests_no_count" if one.quantity is None else "attests"
        click.echo(words(key, role=role, scope=scope, **({} if one.quantity is None else {"n": one.quantity})))
    for lack in attested.missing:
        act = words("act_is_signed" if lack.is_signed else "act_not_signed")
        role = words(f"role_{lack.role}")
        click.echo(words("attests_nothing", role=role, open=lack.open, conflicts=lack.conflicts, act=act))


def _day(path: Path) -> Day:
    day = read_day(read_bytes(path), str(path))
    keys_of(day, str(path))
    return day


def _process(path: Path | None) -> Process:
    from goodoffices.formats.process import read_process
    from goodoffices.store.example import EXAMPLE, example_process

    return read_process(example_process(), EXAMPLE) if path is None else read_process(read_bytes(path), str(path))


def _is_set(process: Process, day: Day, file: str) -> bool:
    for transfer in process.transfers:
        if transfer.id == day.transfer:
            return setting(transfer).is_set
    raise InputError(Fault(file, "transfers", "id", f"no transfer {day.transfer}", "the transfer of the manifest"))
