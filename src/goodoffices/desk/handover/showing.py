"""What the pages of the handover show, in the reader's words: the table of conditions, the day, the numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from goodoffices.desk.access import Viewer
from goodoffices.desk.frame.told import told
from goodoffices.desk.handover.legs import is_stale
from goodoffices.desk.handover.models import UNSET, Event, Transfer
from goodoffices.desk.handover.records import about, list_hash, proposed, setting_of, standing
from goodoffices.desk.handover.selectors import (
    TheDay,
    files_seen,
    live_attested,
    marks,
    parties,
    role_of,
    seen,
)
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import neutral
from goodoffices.domain.handover import Item, Problem, Say
from goodoffices.domain.process import Condition, Role
from goodoffices.flow.handover.state import Seen
from goodoffices.formats.parts import Gathered
from goodoffices.formats.words import Language, Words

SHOWN = 100
"""Numbers on a page of a day."""

_SAYS = (Say.COUNTED, Say.MISSING, Say.SEAL_BROKEN, Say.DOES_NOT_GO)
_PATH = ("set", "staged", "met", "counted", "handed_over", "receipted", "closed")


def sentences(transfer: Transfer, language: str) -> list[str]:
    """Say in one sentence what is true of a transfer, then who stood ready alone: nobody is late."""
    words = Words("count", Language(language))
    one = setting_of(transfer)
    if transfer.state not in {*UNSET, "set"}:
        return [Words("desk_handover", Language(language))(f"now_{transfer.state}")]
    if transfer.state in {"postponed", "aborted"}:
        lines = [Words("desk_handover", Language(language))(f"now_{transfer.state}")]
    elif one.is_set:
        lines = [words("is_set")]
    else:
        parts = [
            words(f"cell_{cell}", what=", ".join(words(f"condition_{condition}") for condition in which))
            for cell, which in one.why
        ]
        lines = [words("is_not_set", why="; ".join(parts))]
    names = {party.code: told(party.name, language) for party in (transfer.giver, transfer.receiver)}
    return lines + ([words("staged_alone", party=names[one.staged_alone])] if one.staged_alone else [])


def conditions(viewer: Viewer, transfer: Transfer, *, may_say: bool) -> list[dict[str, object]]:
    """Give the table of conditions: what is proposed, and each side's word on it."""
    sayings = list(transfer.sayings.select_related("by", "party"))
    words, values = standing(transfer, sayings), proposed(transfer)
    desk = neutral()
    rows: list[dict[str, object]] = []
    for condition in Condition:
        cells: list[dict[str, object]] = []
        for party in (transfer.giver, transfer.receiver, desk):
            said = words.get((party.code, condition))
            mine = may_say and viewer.party == party.code and values[condition] is not None
            stale = mine and condition is Condition.LIST and is_stale(transfer)
            cells.append({"party": party, "said": said, "mine": mine, "stale": stale})
        is_open = values[condition] is not None
        rows.append(
            {
                "condition": condition.value,
                "is_open": is_open,
                "text": transfer.terms if condition is Condition.TERMS else transfer.place,
                "cells": cells[:2],
                "desk": cells[2] if cells[2]["said"] or cells[2]["mine"] else None,
                "earlier": [one for one in sayings if _is_earlier(transfer, one.condition, one.about, condition)],
            }
        )
    return rows


def _is_earlier(transfer: Transfer, name: str, said_about: str, condition: Condition) -> bool:
    return name == condition and said_about != about(transfer, condition)


def list_mark(transfer: Transfer) -> str:
    """Give the hash of the list that both sides confirm, short."""
    return list_hash(transfer)[:16]


def problem_lines(problems: Sequence[Problem], language: str) -> list[str]:
    """Say why a file was not taken, by line."""
    words = Words("count", Language(language))
    return [
        words(f"problem_{bad.code}", line=bad.line, found=bad.found, expected=bad.expected) for bad in problems[:20]
    ]


def parts_lines(gathered: Sequence[Gathered], language: str) -> list[str]:
    """Say which parts are missing or do not fit; nothing where every file is whole."""
    words = Words("count", Language(language))
    if not gathered:
        return [words("parts_none")]
    lines = []
    for one in gathered:
        if one.missing:
            numbers = ", ".join(map(str, one.missing))
            lines.append(words("parts_missing", name=one.name.lower(), numbers=numbers, count=one.count))
        elif one.data is None:
            lines.append(words("parts_broken", name=one.name.lower()))
    return lines


def path(transfer: Transfer) -> list[dict[str, object]]:
    """Give the way of a transfer from set to closed, and where it stands."""
    state = {"partial": "handed_over", "reopened": "closed"}.get(transfer.state, transfer.state)
    at = _PATH.index(state) if state in _PATH else -1
    return [{"key": f"state_{name}", "done": place <= at, "here": place == at} for place, name in enumerate(_PATH)]


def day(viewer: Viewer, transfer: Transfer, the: TheDay, *, start: int, which: str) -> dict[str, object]:
    """Give everything a page of the day shows to this reader, computed from what the reader may see alone."""
    words = Words("count", Language(viewer.language))
    shown = seen(viewer, transfer, the)
    if shown is None:
        return {"hidden": True, "roles": _roles(viewer, transfer, the, None), "path": path(transfer)}
    mine = role_of(viewer, transfer)
    numbers = _numbers(the, shown, which)
    place = max(0, min(start, len(numbers) - 1))
    return {
        "roles": _roles(viewer, transfer, the, shown),
        "path": path(transfer),
        "waits": _waits(the, shown, words),
        "one_sided": [words("staged_alone", party=_name(transfer, role)) for role in the.course.one_sided],
        "contradicts": [words(f"role_{role}") for role in the.course.contradicts],
        "conflicts": [_conflict(role, item, the, words) for role, item in shown.conflicts],
        "discrepancies": [
            words("discrepancy", item=number, said=_said(ones, words)) for number, ones in shown.discrepancies
        ],
        "objections": [
            {"role": words(f"role_{role}"), "item": item, "words": text} for role, item, text in shown.objections
        ],
        "postponements": [
            {"role": words(f"role_{one.role}"), "words": one.words, "notice": one.notice} for one in the.postponements
        ],
        "attests": _attests(viewer, transfer, the, words),
        "marks": [
            {"n": n, "text": words(f"mark_{mark}")} for mark, n in marks(viewer, transfer, the).items()
        ],
        "numbers": [_row(item, the, shown, words) for item in numbers[place : place + SHOWN]],
        "numbers_all": len(numbers),
        "which": which,
        "before": max(0, place - SHOWN) if place else None,
        "after": place + SHOWN if place + SHOWN < len(numbers) else None,
        "files": files_seen(viewer, transfer, the),
        "mine": mine,
    }  # fmt: skip


def _name(transfer: Transfer, role: Role) -> str:
    code = parties(transfer)[role]
    names = {transfer.giver_id: transfer.giver.name, transfer.receiver_id: transfer.receiver.name}
    return told(names[code]) if code in names else code


def _roles(viewer: Viewer, transfer: Transfer, the: TheDay, shown: Seen | None) -> list[dict[str, object]]:
    words = Words("count", Language(viewer.language))
    handed = {one.role: one.at for one in the.files}
    own = role_of(viewer, transfer)
    found: list[dict[str, object]] = []
    for role in the.day.roles:
        says = [] if shown is None else list(shown.numbers[role].values())
        sums = Counter(each[0].value for each in says if len(each) == 1)
        found.append(
            {
                "role": role.value,
                "name": words(f"role_{role}"),
                "party": told(Party.objects.get(code=parties(transfer)[role]).name),
                "handed": role in handed,
                "at": handed.get(role) if own in {Role.NEUTRAL, role} else None,
                "sums": [{"key": f"say_{say}", "n": sums[say.value]} for say in _SAYS if sums[say.value]],
                "open": sum(not each for each in says),
                "counted": sum(len(each) == 1 for each in says),
                "all": len(the.day.items),
                "signed": bool(the.merged.live(role, Say.ACT_SIGNED)),
            }
        )
    return found


def _waits(the: TheDay, shown: Seen, words: Words) -> list[dict[str, object]]:
    """Give what the next step waits for; open numbers are those that this reader knows to be open."""
    found: list[dict[str, object]] = []
    for lack in the.course.lacks:
        says = shown.numbers[lack.role].values()
        waiting = sum(not each for each in says) if lack.event == "count" else 0
        found.append({"event": lack.event, "role": words(f"role_{lack.role}"), "open": waiting})
    return found


def _conflict(role: Role, item: str | None, the: TheDay, words: Words) -> str:
    clash = next(one for one in the.merged.conflicts if (one.role, one.item) == (role, item))
    what = "scope_" if item is None else "say_"
    said = ", ".join(sorted({words(what + say) for say, _ in clash.said}))
    key = "conflict_act" if item is None else "conflict"
    return words(key, role=words(f"role_{role}"), item=item or "", said=said)


def _said(ones: Sequence[tuple[Role, Say]], words: Words) -> str:
    return "; ".join(f"{words(f'role_{role}')}: {words(f'say_{say}')}" for role, say in ones)


def _attests(viewer: Viewer, transfer: Transfer, the: TheDay, words: Words) -> list[str]:
    """Say who attests what; a side learns the other's figure once both have met."""
    mine = role_of(viewer, transfer)
    found = []
    for role in the.day.roles:
        one = live_attested(transfer).get(parties(transfer)[role])
        if one is None or one.scope is None or not (the.has_met or mine in {role, Role.NEUTRAL}):
            continue
        figure = {} if one.quantity is None else {"n": one.quantity}
        key = "attests" if figure else "attests_no_count"
        found.append(words(key, role=words(f"role_{role}"), scope=words(f"scope_{one.scope}"), **figure))
    return found


def _numbers(the: TheDay, shown: Seen, which: str) -> list[Item]:
    """Give the numbers that are listed: all, or once something is counted those that not every role has as counted."""
    if which == "all":
        return list(the.day.items)
    tables = [shown.numbers[role] for role in the.day.roles]
    return [one for one in the.day.items if the.files and any(says[one.number] != (Say.COUNTED,) for says in tables)]


def _row(item: Item, the: TheDay, shown: Seen, words: Words) -> dict[str, object]:
    says = [(role, shown.numbers[role][item.number]) for role in the.day.roles]
    cells = [(words(f"role_{role}"), ", ".join(words(f"say_{say}") for say in each)) for role, each in says]
    return {"number": item.number, "seal": item.seal, "code": item.code, "cells": cells}


def event(row: Event) -> dict[str, object]:
    """Give what was done: of a proposal the conditions that it changed, of a postponement its notice."""
    changed = str(row.words).split(", ") if row.kind == "proposed" and row.words else []
    return {"row": row, "notice": notice_of(row.notice), "changed": changed}


def notice_of(delta: dt.timedelta | None) -> dict[str, int] | None:
    """Give a notice in whole hours, and whether it came after the hour."""
    if delta is None:
        return None
    return {"hours": abs(round(delta.total_seconds() / 3600)), "after": int(delta < dt.timedelta())}
