"""The record of conclusions: one JSON object a line, in the order of time."""

from __future__ import annotations

import json

from goodoffices.domain.errors import Fault, InputError


def read_record(data: bytes, file: str) -> tuple[dict[str, object], ...]:
    """Read a record of conclusions.

    Parameters
    ----------
    data
        Lines of `{"id", "kind": "conclude" | "retract" | "withdraw_consent", "about", "rests_on": [..], "reason"}`.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        If a line is no such object.
    """
    found = []
    for number, line in enumerate(data.decode("utf-8", errors="replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(Fault(file, f"line {number}", "", line[:40], "a JSON object")) from error
        if not isinstance(entry, dict) or not entry.get("id"):
            raise InputError(Fault(file, f"line {number}", "id", "nothing", "an object with an id"))
        if entry.get("kind") not in {"conclude", "retract", "withdraw_consent"}:
            expected = "conclude, retract or withdraw_consent"
            raise InputError(Fault(file, f"line {number}", "kind", str(entry.get("kind")), expected))
        found.append(entry)
    return tuple(found)
