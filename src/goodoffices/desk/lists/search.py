"""Search as you type across scripts: an index in memory, of one session and of what that session may read alone.

It is built when first asked for, from the keys that lie sealed beside the records, in each process of its own; never on
disk, bounded in number and size, and dropped at logout, after ten quiet minutes, and with the release it rests on.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from goodoffices.desk.lists.records import NAMES, opened
from goodoffices.desk.lists.selectors import Seen
from goodoffices.engines.linkage.script import clean, fold

QUIET_SECONDS = 600.0
MOST_INDEXES = 8
MOST_LINES = 400_000
_SHORTEST_CUT = 4
Place = tuple[str, str, tuple[str, ...]]


@dataclass(slots=True)
class _Index:
    keys: list[str]
    texts: list[str]
    used: float = field(default_factory=time.monotonic)


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
    found: Sequence[int] = range(len(index.texts))
    for choices in words:
        found = [at for at in found if any(choice in index.texts[at] for choice in choices)]
    return [index.keys[at] for at in found[:most]], len(found)


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
        while len(_HELD) > MOST_INDEXES or sum(len(one.keys) for one in _HELD.values()) > MOST_LINES:
            if len(_HELD) == 1:
                break
            _HELD.popitem(last=False)
    timer = threading.Timer(QUIET_SECONDS + 1, purge)
    timer.daemon = True
    timer.start()
    return built


def _build(seen: Seen) -> _Index:
    """Read the keys of the fields that this viewer may see."""
    columns = [column for column in (*NAMES, "ref", "birth_date") if column in seen.fields]
    keys, texts = [], []
    for key, line in opened(seen.version, "keys"):
        keys.append(key)
        texts.append(" " + " ".join([line[column] for column in columns if column in line]) + " ")
    return _Index(keys, texts)


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
