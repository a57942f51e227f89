"""What changed between two versions of one language of the text: clause by clause, in codes that read as words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from goodoffices.domain.text import Alternative, Clause, Document, Fork, Mark, Wording, plain

ALIKE = 0.6
"""Share of words in common from which a clause under another number counts as the same one."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


class Fate(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    SPLIT = "split"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Change:
    """One change inside a clause; the words for its code stand in the catalogue.

    Attributes
    ----------
    code
        text_changed, text_added, text_removed, tabled, withdrawn, reworded, joined, left, reserved,
        reserve_lifted, opened, settled, deleted, rearranged.
    who
        Parties concerned, empty where it is the chair's text.
    old, new
        Plain wordings before and after, empty where there is none.
    """

    code: str
    who: tuple[str, ...] = ()
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class ClauseDiff:
    """What became of one clause.

    Attributes
    ----------
    id
        Its number in the new version, or in the old one where it is gone.
    fate
        Same, changed, added, removed, moved, renumbered, split or merged.
    others
        Numbers it came from or went to, where they differ.
    changes
        In the order of the text.
    """

    id: str
    fate: Fate
    others: tuple[str, ...] = ()
    changes: tuple[Change, ...] = field(default=())


def diff(old: Document, new: Document) -> tuple[ClauseDiff, ...]:
    """Compare two versions of one language.

    Parameters
    ----------
    old, new
        As one reader sees them; compare views, so that a difference shows nobody an untabled wording.

    Returns
    -------
    tuple of ClauseDiff
        In the order of the new version, clauses that are gone after the one they followed; unchanged ones
        are left out.
    """
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    gone = [clause for clause in old.clauses if clause.id not in after]
    come = [clause for clause in new.clauses if clause.id not in before]
    found = {d.id: d for d in _relations(gone, come, before, after)}
    used = {number for d in found.values() for number in (d.id, *d.others)}
    moved = _moved([c.id for c in old.clauses if c.id in after], [c.id for c in new.clauses if c.id in before])
    out: list[ClauseDiff] = []
    for clause in new.clauses:
        if clause.id in found:
            out.append(found[clause.id])
        elif clause.id not in before:
            if clause.id not in used:
                out.append(
                    ClauseDiff(clause.id, Fate.ADDED, (), (Change("text_added", (), "", plain(clause.wording)),))
                )
        else:
            changes = tuple(changes_of(before[clause.id].wording, clause.wording))
            if not changes and before[clause.id].wording != clause.wording:
                changes = (Change("rearranged", (), "", plain(clause.wording)),)
            fate = Fate.MOVED if clause.id in moved else Fate.CHANGED if changes else Fate.SAME
            if fate is not Fate.SAME:
                out.append(ClauseDiff(clause.id, fate, (), changes))
    lost = [clause for clause in gone if clause.id not in used]
    order = {clause.id: number for number, clause in enumerate(old.clauses)}
    for clause in lost:
        entry = ClauseDiff(clause.id, Fate.REMOVED, (), (Change("text_removed", (), plain(clause.wording), ""),))
        place = sum(1 for d in out if order.get(d.id, -1) < order[clause.id] and d.id in order)
        out.insert(place, entry)
    return tuple(out)


def changes_of(old: Wording, new: Wording) -> Iterator[Change]:
    """Name the changes between two wordings of one clause."""
    if old == new:
        return
    left, right = _tokens(old), _tokens(new)
    matcher = SequenceMatcher(a=[_key(t) for t in left], b=[_key(t) for t in right], autojunk=False)
    for code, i, j, k, m in matcher.get_opcodes():
        if code == "equal":
            for before, now in zip(left[i:j], right[k:m], strict=True):
                if isinstance(before, Fork) and isinstance(now, Fork):
                    yield from _fork_changes(before, now)
        else:
            yield from _replaced(left[i:j], right[k:m])


def _tokens(wording: Wording) -> list[str | Fork]:
    out: list[str | Fork] = []
    for node in wording:
        out.extend(_WORD.findall(node) if isinstance(node, str) else [node])
    return out


def _key(token: str | Fork) -> str:
    return token if isinstance(token, str) else "\0fork"


def _replaced(old: list[str | Fork], new: list[str | Fork]) -> Iterator[Change]:
    """Name a replacement; a fork that gave way to one of its wordings is settled, the reverse is opened."""
    before, now = _flat(old), _flat(new)
    forks = [token for token in old if isinstance(token, Fork)]
    fresh = [token for token in new if isinstance(token, Fork)]
    if len(forks) == 1 and not fresh:
        winner = next(
            (c for c in forks[0].alternatives if plain(c.wording).strip() and plain(c.wording).strip() in now), None
        )
        if winner is not None:
            yield Change("settled", _codes(winner), "", plain(winner.wording).strip())
        elif not now:
            yield Change("deleted", _codes(*forks[0].alternatives), before, "")
        else:
            yield Change("settled", (), before, now)
    elif len(fresh) == 1 and not forks:
        yield Change("opened", _codes(*fresh[0].alternatives), before, now)
    elif before or now:
        yield Change("text_changed" if before and now else "text_added" if now else "text_removed", (), before, now)


def _flat(tokens: list[str | Fork]) -> str:
    return "".join(token if isinstance(token, str) else plain((token,)) for token in tokens).strip()


def _codes(*choices: Alternative) -> tuple[str, ...]:
    return tuple(dict.fromkeys(holder.code for choice in choices for holder in choice.holders))


def _fork_changes(old: Fork, new: Fork) -> Iterator[Change]:
    if old == new:
        return
    kept = [(a, b) for a in old.alternatives for b in new.alternatives if plain(a.wording) == plain(b.wording)]
    for before, now in kept:
        yield from _holder_changes(before, now)
        yield from changes_of(before.wording, now.wording)
    gone = [a for a in old.alternatives if all(a is not pair[0] for pair in kept)]
    come = [b for b in new.alternatives if all(b is not pair[1] for pair in kept)]
    for before in gone:
        heir = next((b for b in come if set(_codes(b)) & set(_codes(before))), None)
        if heir is None:
            yield Change("withdrawn", _codes(before), plain(before.wording), "")
        else:
            come.remove(heir)
            yield Change("reworded", _codes(heir), plain(before.wording), plain(heir.wording))
    for now in come:
        yield Change("tabled", _codes(now), "", plain(now.wording))


def _holder_changes(old: Alternative, new: Alternative) -> Iterator[Change]:
    before = {holder.code: holder.mark for holder in old.holders}
    now = {holder.code: holder.mark for holder in new.holders}
    wording = plain(new.wording)
    for code in sorted(before.keys() | now.keys()):
        was, is_ = before.get(code), now.get(code)
        if was == is_:
            continue
        if is_ is None:
            yield Change("left", (code,), wording, "")
        elif is_ is Mark.RESERVED:
            yield Change("reserved", (code,), "", wording)
        elif was is Mark.RESERVED:
            yield Change("reserve_lifted", (code,), "", wording)
        else:
            yield Change("joined" if was is None else "tabled", (code,), "", wording)


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Name the clauses that are out of the longest common order of two versions."""
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
    stayed = {old[block.a + step] for block in blocks for step in range(block.size)}
    return set(new) - stayed


class _Index:
    """Finds, among some clauses, those that share most words with another; keeps every search short."""

    def __init__(self, clauses: list[Clause]) -> None:
        self._order = {clause.id: number for number, clause in enumerate(clauses)}
        self._clauses = {clause.id: clause for clause in clauses}
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for clause in clauses:
            for word in set(_words(clause)):
                self._by_word[word].append(clause.id)

    def near(self, clause: Clause, most: int = 8) -> list[Clause]:
        """Give the clauses still free that share most words, in the order of the text."""
        shared: dict[str, float] = defaultdict(float)
        for word in set(_words(clause)):
            owners = self._by_word[word]
            for owner in owners:
                shared[owner] += 1 / len(owners)
        names = [name for name in sorted(shared, key=lambda name: (-shared[name], name)) if name in self._clauses][
            :most
        ]
        return [self._clauses[name] for name in sorted(names, key=self._order.__getitem__)]

    def take(self, clause: Clause) -> None:
        """Take a clause out: it is explained."""
        self._clauses.pop(clause.id, None)

    def left(self) -> list[Clause]:
        """Give what is still unexplained."""
        return list(self._clauses.values())


def _relations(
    gone: list[Clause], come: list[Clause], before: dict[str, Clause], after: dict[str, Clause]
) -> Iterator[ClauseDiff]:
    """Find clauses that live on under another number, in parts, or joined."""
    free, lost = _Index(come), _Index(gone)
    for old in gone:
        near = free.near(old)
        parts = _covered(old, near)
        twin = max(near, key=lambda new: _alike(old, new), default=None)
        if parts:
            for part in parts:
                free.take(part)
            lost.take(old)
            yield ClauseDiff(parts[0].id, Fate.SPLIT, (old.id, *(part.id for part in parts[1:])))
        elif twin is not None and _alike(old, twin) >= ALIKE and not _covered(twin, lost.near(twin)):
            free.take(twin)
            lost.take(old)
            yield ClauseDiff(twin.id, Fate.RENUMBERED, (old.id,), tuple(changes_of(old.wording, twin.wording)))
    yield from _merged(free, lost)
    if free.left():
        yield from _grown(free, before, after)


def _merged(free: _Index, lost: _Index) -> Iterator[ClauseDiff]:
    """Find new clauses that say what several old ones said."""
    for new in free.left():
        parents = _covered(new, lost.near(new))
        if parents:
            free.take(new)
            yield ClauseDiff(new.id, Fate.MERGED, tuple(parent.id for parent in parents))


def _grown(free: _Index, before: dict[str, Clause], after: dict[str, Clause]) -> Iterator[ClauseDiff]:
    """Find clauses that kept their number and gave a part of what they said to a new one."""
    for old in [clause for clause in before.values() if clause.id in after and after[clause.id] != clause]:
        parts = _covered(old, [after[old.id], *free.near(old)])
        if len(parts) > 1 and parts[0].id == old.id:
            for part in parts[1:]:
                free.take(part)
            yield ClauseDiff(old.id, Fate.SPLIT, tuple(part.id for part in parts[1:]))


@lru_cache(maxsize=8192)
def _words_of(wording: Wording) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", plain(wording).casefold()))


def _words(clause: Clause) -> tuple[str, ...]:
    return _words_of(clause.wording)


def _alike(left: Clause, right: Clause) -> float:
    a, b = _words(left), _words(right)
    return SequenceMatcher(a=a, b=b, autojunk=False).ratio() if a and b else 0.0


def _covered(whole: Clause, pieces: list[Clause]) -> list[Clause]:
    """Find two or more pieces, in order, that together say what the whole says; nothing if there are none."""
    words = _words(whole)
    if len(words) < 6:
        return []
    bag = set(words)
    parts = [p for p in pieces if (w := _words(p)) and len(w) < len(words) and sum(x in bag for x in w) >= 0.8 * len(w)]
    said = [word for part in parts for word in _words(part)]
    ratio = SequenceMatcher(a=words, b=said, autojunk=False).ratio()
    return parts if len(parts) > 1 and ratio >= ALIKE + 0.15 else []
