"""The day of a handover on disk: its manifest (JSON), and one device's chain of statements, line by line."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence

from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.commitment import PERSONS, REMAINS, Direction, Moved
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.handover import (
    FORM,
    OF_A_NUMBER,
    WITH_WORDS,
    Day,
    Item,
    Problem,
    Say,
    Statement,
    holds,
    slip_codes,
)
from goodoffices.domain.process import Role
from goodoffices.formats.fields import Fields, Report, names, read_json, words

MOST_ITEMS = 20_000
MOST_WORDS = 500
_NAMES = names("form transfer commitment from to neutral unit category place starts items keys")
_ITEM = names("number code seal")
_UNITS = {unit.value: unit for unit in (*PERSONS, *REMAINS)}
_MOVED, _SAYS, _ROLES, _SCOPES = words(Moved), words(Say), words(Role), words(Scope)
_HASH = re.compile(r"^[0-9a-f]{64}$")
_DEVICE = re.compile(r"^[0-9a-f]{16}$")
_KEYS = frozenset(["about", "at", "device", "item", "n", "previous", "role", "say", "scope", "words"])
_SHORT = re.compile(r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,38}[^\s\x00-\x1f\x7f])?$")


def read_day(data: bytes, file: str) -> Day:
    """Read the manifest of a day.

    Raises
    ------
    InputError
        With every fault: numbers or codes that stand twice, a wrong check digit, a time without zone, children.
    """
    report = Report(file)
    fields = Fields(read_json(data, report), _NAMES, "", report)
    if not fields.equals("form", FORM):
        fields.wrong("form", "another form", FORM)
    giver, receiver = fields.text("from"), fields.text("to")
    if giver == receiver:
        fields.wrong("to", "the giver", "another party: nothing moves from a party to itself")
    category = fields.maybe_word("category", _MOVED)
    if category is Moved.CHILD:
        fields.wrong("category", "child", "no children: they have their own process and stand on no manifest")
    neutral = fields.maybe_text("neutral")
    transfer, commitment, unit = fields.text("transfer"), fields.maybe_text("commitment"), fields.word("unit", _UNITS)
    place, starts = fields.text("place"), _starts(fields)
    items, keys = _items(fields, report), _keys(fields, has_neutral=neutral is not None)
    report.close()
    return Day(
        transfer, commitment, Direction(giver, receiver), neutral, unit, category, place, starts, items, keys
    )  # fmt: skip


def day_bytes(day: Day) -> bytes:
    """Write the manifest of a day."""
    return (json.dumps(day.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def sheaf_text(day: Day, chain: Sequence[Statement]) -> str:
    """Give the text that a device signs: what it is of, then its chain, one statement a line."""
    first = chain[0]
    head = f"{first.role} {first.device} {len(chain)} {chain[-1].id}"
    return "\n".join([FORM, day.hash, head, *(statement.line() for statement in chain)]) + "\n"


def read_sheaf(text: str, day: Day) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    """Read one device's chain; with any problem nothing of it is taken.

    Parameters
    ----------
    text
        What was signed, without its signatures.
    day
        The manifest that it must be of.

    Returns
    -------
    tuple of (statements, problems)
        One of the two is empty.
    """
    lines = text.split("\n")
    if len(lines) < 5 or lines[0] != FORM or lines[-1]:
        return (), (Problem("form", 1),)
    if lines[1] != day.hash:
        return (), (Problem("transfer", 2),)
    head = lines[2].split(" ")
    if len(head) != 4 or head[0] not in _ROLES or not _DEVICE.match(head[1]) or not head[2].isdecimal():
        return (), (Problem("form", 3),)
    read = _Reader(day, _ROLES[head[0]], head[1])
    read.chain(lines[3:-1], int(head[2]), last=head[3])
    return ((), tuple(read.problems)) if read.problems else (tuple(read.statements), ())


class _Reader:
    """Reads line after line and keeps what is wrong."""

    def __init__(self, day: Day, role: Role, device: str) -> None:
        self.role, self.device, self.start = role, device, day.hash
        self.numbers = {item.number for item in day.items}
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []

    def chain(self, lines: Sequence[str], count: int, *, last: str) -> None:
        """Check that the lines follow one another from the first to the last."""
        previous = self.start
        for n, line in enumerate(lines, 1):
            at = n + 3
            statement = _statement(line)
            if statement is None:
                self.problems.append(Problem("unreadable", at))
                return
            if statement.n != n:
                self.problems.append(Problem("gap", at, str(statement.n), str(n)))
                return
            if statement.previous != previous:
                self.problems.append(Problem("altered", at - 1 if n > 1 else at))
                return
            previous = sha256_hex(line.encode())
            self.problems += [Problem(code, at, found) for code, found in self._faults(statement)]
            self.statements.append(statement)
        if len(lines) != count:
            self.problems.append(Problem("cut", 3, str(len(lines)), str(count)))
        elif previous != last:
            self.problems.append(Problem("altered", len(lines) + 3))

    def _faults(self, statement: Statement) -> list[tuple[str, str]]:
        found = []
        if (statement.role, statement.device) != (self.role, self.device):
            found.append(("other_device", ""))
        if statement.item is not None and statement.item not in self.numbers:
            found.append(("number", statement.item[:40]))
        if not _is_time(statement.at):
            found.append(("time", ""))
        if not all(_HASH.match(name) for name in statement.about) or len(set(statement.about)) != len(statement.about):
            found.append(("about", ""))
        if not _is_allowed(statement):
            found.append(("not_allowed", statement.say.value))
        return found


def _statement(line: str) -> Statement | None:
    """Read one line; only the one canonical spelling of a statement is one."""
    try:
        raw = json.loads(line)
        if not isinstance(raw, dict) or raw.keys() != _KEYS:
            return None
        made = Statement(
            role=_ROLES[raw["role"]],
            device=raw["device"],
            n=raw["n"],
            previous=raw["previous"],
            say=_SAYS[raw["say"]],
            at=raw["at"],
            item=raw["item"],
            about=tuple(raw["about"]),
            scope=None if raw["scope"] is None else _SCOPES[raw["scope"]],
            words=raw["words"],
        )
        is_text = all(isinstance(text, str) for text in (made.device, made.previous, made.at, *made.about))
        is_maybe = all(text is None or isinstance(text, str) for text in (made.item, made.words))
        return made if is_text and is_maybe and type(made.n) is int and made.line() == line else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_allowed(statement: Statement) -> bool:
    """Tell whether a statement has what its kind asks for and nothing else: nobody gives a reason not to go."""
    say = statement.say
    has_words = statement.words is not None and 0 < len(statement.words.strip()) <= MOST_WORDS
    if (say in WITH_WORDS) != has_words or (statement.words is not None and not has_words):
        return False
    if (say is Say.ACT_SIGNED) != (statement.scope is not None):
        return False
    if say is Say.RECEIPT and statement.role is not Role.RECEIVER:
        return False
    if say is Say.UNDO:
        return bool(statement.about)
    return say is Say.OBJECTION or (say in OF_A_NUMBER) == (statement.item is not None)


def _is_time(text: str) -> bool:
    try:
        return len(text) <= 40 and dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _starts(fields: Fields) -> dt.datetime:
    text = fields.text("starts")
    if text and not _is_time(text):
        fields.wrong("starts", repr(text[:40]), "a time with its zone, such as 2025-07-24T10:00+03:00")
    return dt.datetime.fromisoformat(text) if _is_time(text) else dt.datetime.max.replace(tzinfo=dt.UTC)


def _items(fields: Fields, report: Report) -> tuple[Item, ...]:
    raws = fields.items("items")
    if not 1 <= len(raws) <= MOST_ITEMS:
        fields.wrong("items", f"{len(raws)} numbers", f"1 to {MOST_ITEMS:,}")
    made, numbers, codes = [], set(), set()
    for place, raw in enumerate(raws[:MOST_ITEMS]):
        one = Fields(raw, _ITEM, f"items[{place}]", report)
        item = Item(one.text("number"), one.text("code"), one.maybe_text("seal"))
        if not _SHORT.match(item.number):
            one.wrong("number", f"{len(item.number)} characters", "1 to 40 characters")
        if not holds(item.code) or not 4 <= len(item.code) <= 12:
            one.wrong("code", repr(item.code[:40]), "4 to 12 digits, the last of them the check digit")
        if item.number in numbers or item.code in codes:
            one.wrong("number", repr(item.number[:40]), "a number and a code that stand once")
        numbers.add(item.number)
        codes.add(item.code)
        made.append(item)
    return tuple(made)


def _keys(fields: Fields, *, has_neutral: bool) -> dict[Role, tuple[str, ...]]:
    raw = fields.inner("keys")
    wanted = {role.value for role in Role if role is not Role.NEUTRAL or has_neutral}
    if raw.keys() != wanted:
        fields.wrong("keys", f"keys of {', '.join(sorted(raw)) or 'nobody'}", f"keys of {', '.join(sorted(wanted))}")
    made = {}
    for role in Role:
        if role.value not in raw:
            continue
        keys = raw[role.value]
        if not isinstance(keys, list) or not keys or not all(isinstance(key, str) and key for key in keys):
            fields.wrong(f"keys.{role}", "no list of keys", "at least one public key, as ledger keygen prints it")
        else:
            made[role] = tuple(keys)
    every = [key for keys in made.values() for key in keys]
    if len(set(every)) != len(every):
        fields.wrong("keys", "one key twice", "each key of one role only: nobody speaks for two")
    return made


def made_day(
    numbers: bytes, file: str, fields: Mapping[str, str | None], keys: Mapping[str, Sequence[str]]
) -> Day:  # fmt: skip
    """Make a manifest from numbers, one a line with the seal behind a space or tab; codes are given to them.

    Parameters
    ----------
    numbers
        The lines.
    file
        Their name, for messages.
    fields
        transfer, commitment, giver, receiver, neutral, unit, category, place, starts.
    keys
        Role to public keys.

    Raises
    ------
    InputError
        As `read_day`.
    """
    try:
        rows = [line.split(maxsplit=1) for line in numbers.decode("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise InputError(Fault(file, f"byte {error.start}", "", "no UTF-8", "one number a line, in UTF-8")) from error
    transfer = fields["transfer"] or ""
    codes = slip_codes(transfer, dict.fromkeys(row[0] for row in rows[:MOST_ITEMS]))
    raw = {
        "form": FORM,
        "transfer": transfer,
        "commitment": fields["commitment"],
        "from": fields["giver"],
        "to": fields["receiver"],
        "neutral": fields["neutral"],
        "unit": fields["unit"],
        "category": fields["category"],
        "place": fields["place"],
        "starts": fields["starts"],
        "items": [
            {"number": row[0], "code": codes.get(row[0]), "seal": row[1].strip() if len(row) > 1 else None}
            for row in rows
        ],
        "keys": {role: list(held) for role, held in keys.items()},
    }
    return read_day(json.dumps(raw).encode(), file)
