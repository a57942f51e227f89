"""How alike two names sound: an edit distance whose costs know which sounds scripts and languages confuse."""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_SYMBOLS = " abcdefghijklmnopqrstuvwxyzCSZ0123456789"
_OTHER = len(_SYMBOLS)
_CODE = np.full(128, _OTHER, np.uint8)
for _position, _symbol in enumerate(_SYMBOLS):
    _CODE[ord(_symbol)] = _position

_VOWELS = "aeiou"
_CONFUSED = {
    0.1: "hx ij",
    0.15: "gh",
    0.2: "ei",
    0.25: "ao sS cC zZ gx",
    0.3: "ou cz ae iu CS",
    0.35: "ck cs SZ bv fv sz uv jZ",
    0.4: "bp dt Cx jx xk kg ao eo",
    0.5: "mn gZ jg tf ej kC",
    0.7: "lr jd",
}
"""Cost of taking one sound for another, hand-set by how transliterations and languages differ (h, g and kh; ts,
ch and k; i and j; b and v; o and a unstressed); all other pairs of vowels 0.45, everything else 1."""

_DROPPED = {"j": 0.15, "h": 0.3, "x": 0.5, " ": 0.1, "i": 0.35, "e": 0.4, "a": 0.4, "o": 0.45, "u": 0.45}
"""Cost of one sound more or less; every other 0.85."""


def _costs() -> tuple[Floats, Floats]:
    size = _OTHER + 1
    change = np.ones((size, size))
    for one in _VOWELS:
        for other in _VOWELS:
            change[_CODE[ord(one)], _CODE[ord(other)]] = 0.45
    for cost, pairs in _CONFUSED.items():
        for pair in pairs.split():
            a, b = _CODE[ord(pair[0])], _CODE[ord(pair[1])]
            change[a, b] = change[b, a] = cost
    np.fill_diagonal(change, 0.0)
    change[_OTHER, _OTHER] = 1.0
    drop = np.full(size, 0.85)
    for symbol, cost in _DROPPED.items():
        drop[_CODE[ord(symbol)]] = cost
    return change, drop


_CHANGE, _DROP = _costs()


def pack(words: Sequence[str]) -> tuple[Bytes, Ints]:
    """Lay words in sounds one after another as codes; word k is `codes[starts[k]:starts[k + 1]]`."""
    raw = [word.encode("ascii", "replace") for word in words]
    starts = np.zeros(len(raw) + 1, np.int64)
    np.cumsum([len(word) for word in raw], out=starts[1:])
    letters = np.frombuffer(b"".join(raw), np.uint8)
    return _CODE[np.minimum(letters, 127)], starts


def likeness(words: tuple[Bytes, Ints], left: Ints, right: Ints) -> Floats:
    """Score pairs of packed words from 0 (nothing in common) to 1 (the same sounds).

    Parameters
    ----------
    words
        As `pack` gives them.
    left, right
        Numbers of the words to compare, shape (n,).

    Returns
    -------
    Floats
        1 less the cost of the cheapest edits over the mean length, not below 0; shape (n,). Symmetric.
    """
    return _likeness(words[0], words[1], left, right, _CHANGE, _DROP)


@numba.njit(cache=True, nogil=True)
def _likeness(  # noqa: PLR0917 (compiled: no keywords)
    codes: Bytes, starts: Ints, left: Ints, right: Ints, change: Floats, drop: Floats
) -> Floats:  # pragma: no cover (compiled)
    out = np.zeros(left.size)
    above, row, further = np.zeros(130), np.zeros(130), np.zeros(130)
    for n in range(left.size):
        a0, b0 = starts[left[n]], starts[right[n]]
        na, nb = min(starts[left[n] + 1] - a0, 128), min(starts[right[n] + 1] - b0, 128)
        if na == 0 or nb == 0:
            continue
        above[0] = 0.0
        for j in range(nb):
            above[j + 1] = above[j] + drop[codes[b0 + j]]
        for i in range(na):
            a = codes[a0 + i]
            row[0] = above[0] + drop[a]
            for j in range(nb):
                b = codes[b0 + j]
                best = min(above[j] + change[a, b], above[j + 1] + drop[a], row[j] + drop[b])
                if i and j and a == codes[b0 + j - 1] and b == codes[a0 + i - 1]:
                    best = min(best, further[j - 1] + 0.6)
                row[j + 1] = best
            further, above, row = above, row, further
        out[n] = max(0.0, 1.0 - 2.0 * above[nb] / (na + nb))
    return out
