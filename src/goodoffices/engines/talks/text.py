r"""The single negotiating text in the diplomats' own notation: parsed, and printed back to itself.

A file is a head of `@key value` lines, then clauses, one a line; a line that begins with two spaces
continues the clause above, an empty line and a line that begins with `#` (the chair's remark) stand between:

    @parties A B
    4.2 exchange [at least 1,200]{A}[all]{B} prisoners [and about 30 civilians]{A}

Neighbouring brackets are the alternatives of one place. `[]{B}` proposes to delete, `[x]{A,B}` is held by
both, `[x]{A!}` reserves on wording that others hold, `[x]{A?}` is not yet tabled and A's alone,
`[x]{chair}` is the chair's bridge, `[x]{chair?}` a hidden one. Brackets nest; `\[`, `\]` and `\\` are meant
as written.
"""

from __future__ import annotations

import re

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.text import CHAIR, Alternative, Clause, Document, Fork, Holder, Mark, Remark, Wording, joined

DEEPEST = 40
"""Brackets nest at most this deep; no text of talks comes near it."""

_ID = re.compile(r"((?:[A-Z]{1,3}\.)?\d+(?:\.\d+)*[a-z]?)(?: (.*)|)$", re.DOTALL)
_TOKEN = re.compile(r"\\.|\\$|[\[\]]|[^\\\[\]]+", re.DOTALL)
_HOLDERS = re.compile(r"\{([^{}\n]*)\}")
_HOLDER = re.compile(r"([A-Z][A-Z0-9-]{0,15}|chair)([!?]?)$")


def parse(text: str, *, file: str = "text") -> Document:
    """Read one language of a single text.

    Parameters
    ----------
    text
        The file's content; line ends LF or CR LF.
    file
        Its name, for errors.

    Returns
    -------
    Document
        Which `unparse` writes back byte for byte, if it was written in canonical form.

    Raises
    ------
    InputError
        With one fault per clause or line that cannot be read: line, column, found, expected.
    """
    head, items, faults = _lines(text.replace("\r\n", "\n"), file)
    parties = next((frozenset(value.split()) for key, value in head if key == "parties"), None)
    seen: dict[str, int] = {}
    read: list[Clause | Remark] = []
    for item in items:
        if isinstance(item, Remark):
            read.append(item)
            continue
        name, raw, line = item
        if name in seen:
            faults.append(
                Fault(file, f"line {line}", name, "a clause id twice", f"one clause {name} (line {seen[name]})")
            )
            continue
        seen[name] = line
        try:
            wording = _Reader(raw, file=file, clause=name, line=line, offset=len(name) + 1, parties=parties).read()
        except InputError as error:
            faults.extend(error.faults)
            continue
        read.append(Clause(name, wording, line))
    if faults:
        raise InputError(*faults)
    return Document(tuple(head), tuple(read))


def unparse(document: Document) -> str:
    """Write a document in canonical form; `parse` reads it back to the same document."""
    lines = [f"@{key} {value}".rstrip() for key, value in document.head]
    for item in document.items:
        if isinstance(item, Remark):
            lines.append(item.text)
        else:
            body = unparse_wording(item.wording).replace("\n", "\n  ")
            lines.append(f"{item.id} {body}" if body else item.id)
    return "\n".join(lines) + "\n" if lines else ""


def unparse_wording(wording: Wording) -> str:
    """Write one wording in the notation, its own brackets and backslashes escaped."""
    return "".join(
        re.sub(r"([\\\[\]])", r"\\\1", node) if isinstance(node, str) else _unparse_fork(node) for node in wording
    )


def _unparse_fork(fork: Fork) -> str:
    return "".join(
        f"[{unparse_wording(alternative.wording)}]{{{','.join(map(str, alternative.holders))}}}"
        for alternative in fork.alternatives
    )


_Raw = tuple[str, str, int]


def _lines(text: str, file: str) -> tuple[list[tuple[str, str]], list[_Raw | Remark], list[Fault]]:
    """Split a file into head, clauses (id, text, line) and remarks, and what is none of them."""
    head: list[tuple[str, str]] = []
    items: list[_Raw | Remark] = []
    faults: list[Fault] = []
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    for number, line in enumerate(lines, 1):
        match = _ID.match(line)
        last = items[-1] if items else None
        if line.startswith("@") and not items:
            key, _, value = line[1:].partition(" ")
            head.append((key, value))
        elif line.startswith("  ") and last is not None and not isinstance(last, Remark):
            items[-1] = (last[0], f"{last[1]}\n{line[2:]}", last[2])
        elif not line.strip() or line.startswith("#"):
            items.append(Remark(line if line.startswith("#") else ""))
        elif match:
            items.append((match[1], match[2] or "", number))
        else:
            expected = "a clause id such as 4.2, two spaces to continue a clause, # or @"
            faults.append(Fault(file, f"line {number}, column 1", "", repr(line[:24]), expected))
    return head, items, faults


class _Reader:
    """Reads the wording of one clause; knows where in the file it stands."""

    def __init__(
        self, raw: str, *, file: str, clause: str, line: int, offset: int, parties: frozenset[str] | None
    ) -> None:
        self._raw, self._file, self._clause = raw, file, clause
        self._line, self._offset, self._parties = line, offset, parties

    def read(self) -> Wording:
        stack: list[tuple[int, list[str | Fork]]] = []
        nodes: list[str | Fork] = []
        position = 0
        while position < len(self._raw):
            match = _TOKEN.match(self._raw, position)
            piece = match[0] if match else ""
            if piece == "[":
                stack.append((position, nodes))
                if len(stack) > DEEPEST:
                    raise self._fault(position, f"brackets {len(stack)} deep", f"at most {DEEPEST}")
                nodes = []
                position += 1
            elif piece == "]":
                if not stack:
                    raise self._fault(position, "']' without '['", "'\\]' if a bracket is meant")
                holders, end = self._holders(position + 1)
                nodes = [*stack.pop()[1], Fork((Alternative(joined(nodes), holders),))]
                position = end
            else:
                nodes.append(self._literal(piece, position))
                position += len(piece)
        if stack:
            raise self._fault(stack[-1][0], "'[' that is never closed", "']{PARTY}', or '\\[' if a bracket is meant")
        return joined(nodes)

    def _literal(self, piece: str, position: int) -> str:
        if not piece.startswith("\\"):
            return piece
        if piece in {"\\[", "\\]", "\\\\"}:
            return piece[1]
        raise self._fault(position, repr(piece), "'\\[', '\\]' or '\\\\'")

    def _holders(self, position: int) -> tuple[tuple[Holder, ...], int]:
        match = _HOLDERS.match(self._raw, position)
        if not match:
            found = repr(self._raw[position : position + 8]) if position < len(self._raw) else "the end of the clause"
            raise self._fault(position, found, "who holds the wording, such as '{A}'")
        holders: list[Holder] = []
        for part in match[1].split(","):
            holder = _HOLDER.match(part.strip())
            if not holder:
                raise self._fault(position, repr(part), "a party's code in capitals, or chair, with ! or ? behind it")
            code, mark = holder[1], Mark(holder[2])
            if self._parties is not None and code != CHAIR and code not in self._parties:
                raise self._fault(
                    position, f"unknown party {code}", f"one of {', '.join(sorted(self._parties))}, chair"
                )
            if code == CHAIR and mark is Mark.RESERVED:
                raise self._fault(position, "chair!", "chair or chair?; only a party reserves")
            if code in {earlier.code for earlier in holders}:
                raise self._fault(position, f"{code} twice", "each holder once")
            holders.append(Holder(code, mark))
        return tuple(holders), match.end()

    def _fault(self, position: int, found: str, expected: str) -> InputError:
        before = self._raw[:position]
        line = self._line + before.count("\n")
        column = position + self._offset if "\n" not in before else position - before.rindex("\n") - 1 + 2
        return InputError(Fault(self._file, f"line {line}, column {column + 1}", self._clause, found, expected))
