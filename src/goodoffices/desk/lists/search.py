"""Search as you type across scripts: an index in memory, of one session and of what that session may read alone.

It is built when first asked for, from the keys that lie sealed beside the version, in each process of its own; never on
disk, bounded in number and size, and dropped at logout, after ten quiet minutes, and with the release it rests on.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from goodoffices.desk.lists.models import Record, SearchKeys
from goodoffices.desk.lists.records import SEARCHED
from goodoffices.desk.lists.selectors import Seen
from goodoffices.engines.linkage.script import clean, fold

QUIET_SECONDS = 600.0
MOST_INDEXES = 8
MOST_LINES = 400_000
_SHORTEST_CUT = 4
Place = tuple[str, str, tuple[str, ...]]


@dataclass(slots=True)
class _Index:
    text: str
    starts: list[int]
    used: float = field(default_factory=time.monotonic)

    def lines_with(self, part: str) -> Iterator[int]:
        """Give the numbers of the lines that hold a part; each is looked at once."""
        at = self.text.find(part)
        while at >= 0:
            line = bisect.bisect_right(self.starts, at) - 1
            yield line
            at = self.text.find(part, self.starts[line + 1]) if line + 1 < len(self.starts) else -1


_HELD: OrderedDict[Place, _Index] = OrderedDict()
_LOCK = threading.Lock()


def search(session: str, seen: Seen, query: str, *, most: int) -> tuple[list[str], int]:
    """Find records whose released names, reference or birth date begin with every word of the query, in any script.

    Returns
    -------
    tuple[list[str], int]
        Keys of the first `most` records in the order of the list, and how many there are in all.
    """
    words = query_words(query)
    if not words:
        return [], 0
    index = _index(session, seen)
    found = set.intersection(*({line for part in parts for line in index.lines_with(part)} for parts in words))
    first = Record.objects.filter(version=seen.version, position__in=heapq.nsmallest(most, found)).order_by("position")
    return list(first.values_list("id", flat=True)), len(found)


def query_words(query: str) -> list[tuple[str, ...]]:
    """Give what to look for, word by word: the folded key, and the word itself for references and dates."""
    words = []
    for word in query.split()[:8]:
        key = fold(clean(word)).replace(" ", "")
        plain = word.casefold()
        choices = {f" {key}" if key else "", f" {plain}"} - {""}
        if len(key) > _SHORTEST_CUT:
            choices.add(f" {key[:-1]} ")  # the list's key may have lost an ending that is being typed
        words.append(tuple(sorted(choices)))
    return words


def warm(session: str, seen: Seen) -> None:
    """Build the index before the first letter is typed."""
    _index(session, seen)


def _index(session: str, seen: Seen) -> _Index:
    place = (session, seen.version.id, seen.fields)
    purge()
    with _LOCK:
        found = _HELD.get(place)
        if found is not None:
            found.used = time.monotonic()
            _HELD.move_to_end(place)
            return found
    built = _build(seen)
    with _LOCK:
        _HELD[place] = built
        while len(_HELD) > MOST_INDEXES or sum(len(one.starts) for one in _HELD.values()) > MOST_LINES:
            if len(_HELD) == 1:
                break
            _HELD.popitem(last=False)
    timer = threading.Timer(QUIET_SECONDS + 1, purge)
    timer.daemon = True
    timer.start()
    return built


def _build(seen: Seen) -> _Index:
    """Read the keys of the fields that this viewer may see."""
    held = SearchKeys.objects.filter(version=seen.version).first()
    kept = held.columns if held is not None else None  # no row, or nothing in it: erased
    columns = [kept[column].split("\n") for column in SEARCHED if column in seen.fields] if kept else []
    texts = [f" {' '.join(filter(None, parts))} " for parts in zip(*columns, strict=True)]
    return _Index("".join(texts), list(itertools.accumulate(map(len, texts[:-1]), initial=0)) if texts else [])


def purge() -> None:
    """Drop what was not used for a while."""
    oldest = time.monotonic() - QUIET_SECONDS
    with _LOCK:
        for place in [place for place, one in _HELD.items() if one.used < oldest]:
            del _HELD[place]


def forget(session: str) -> None:
    """Drop everything of a session."""
    with _LOCK:
        for place in [place for place in _HELD if place[0] == session]:
            del _HELD[place]


@receiver(user_logged_out)
def _forget_at_logout(request: object = None, **_: object) -> None:
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        forget(key)
