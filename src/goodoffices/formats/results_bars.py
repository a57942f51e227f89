"""The pictures of results: bars in which the gap between word and deed is seen at once, without script and colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.commitment import Bound, Owed
from goodoffices.domain.result import MovementStatus, Stated
from goodoffices.formats.page import Html, join, tag

DEFS = Html(
    '<svg width="0" height="0" class="defs" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch" x1="0" y1="0" x2="0" y2="7"/></pattern></defs></svg>'
)
"""Put once into a page, before the first picture: the hatching of what is withheld."""


@dataclass(frozen=True, slots=True)
class Track:
    """One bar.

    Attributes
    ----------
    scale
        The figure at the right end.
    label
        What a screen reader says.
    promise
        Figure and bound of the tick, or None.
    """

    scale: int
    label: str
    promise: tuple[int, Bound] | None = None


def promise_of(owes: Sequence[Owed], receiver: str) -> tuple[int, Bound] | None:
    """Give the figure owed to a party under one reading: the whole if it names one, else the largest part."""
    lines = [line for line in owes if line.direction.receiver == receiver and line.quantity is not None]
    whole = [line for line in lines if line.category is None] or lines
    best = max(whole, key=lambda line: line.quantity or 0, default=None)
    return None if best is None else (best.quantity or 0, best.bound)


def scale_of(stated: Sequence[Stated], promises: Sequence[tuple[int, Bound] | None]) -> int:
    """Give the figure at the right end of all bars of one picture."""
    figures = [line.quantity or 0 for line in stated]
    figures += [a.quantity or 0 for line in stated for a in line.totals]
    figures += [promise[0] for promise in promises if promise is not None]
    return max([*figures, 1]) * 106 // 100 + 1


def deed_bar(quantity: int | None, track: Track) -> Html:
    """Draw what is confirmed: solid at full height, or an empty frame where nothing is."""
    if quantity is None:
        inner = [_rect("b-empty", 0, 1, track, height=18)]
    else:
        inner = [_rect("b-rest", 0, 1, track, height=18), _rect("b-ok", 0, quantity / track.scale, track, height=18)]
    return _svg([*inner, *_tick(track)], track)


def word_bar(line: Stated | None, track: Track) -> Html:
    """Draw what one side states: thinner and outlined; hatched where withheld, dotted where it says nothing."""
    if line is None or (line.movements == 0 and not line.totals):
        return _svg([_rect("b-silent", 0, 1, track, height=12), *_tick(track)], track)
    known = sum(part.quantity or 0 for part in line.parts) / track.scale
    inner = []
    if line.movements == 0:
        inner.append(_rect("b-silent", 0, 1, track, height=12))
    elif line.quantity is None:
        inner.append(_rect("b-hatch", known, 1, track, height=12))
    else:
        inner.append(_rect("b-rest", 0, 1, track, height=18))
        if line.silent:
            inner.append(_rect("b-silent", known, 1, track, height=12))
    promised = 1.0 if track.promise is None else track.promise[0] / track.scale
    if known:
        inner.append(_rect("b-claim", 0, min(known, promised), track, height=12))
    if known > promised:
        inner.append(_rect("b-over", promised, known, track, height=12))
    inner += [_diamond(a.quantity / track.scale) for a in line.totals if a.quantity is not None]
    return _svg([*inner, *_tick(track)], track)


def strip(counts: Mapping[MovementStatus, int], label: str) -> Html:
    """Draw all movements as one strip, parted by status."""
    whole = sum(counts.values()) or 1
    parts, begin = [], 0.0
    for status, count in counts.items():
        if count:
            parts.append(mark(status, begin, count / whole, (3, 24)))
            begin += count / whole
    return tag("svg", *parts, class_="strip", role="img", aria_label=label)


def mark(status: MovementStatus, begin: float, width: float, vertical: tuple[float, float]) -> Html:
    """Draw one mark in the look of its status.

    Parameters
    ----------
    status
        How its figures stand.
    begin, width
        Shares of the picture's width.
    vertical
        Upper edge and height in pixels.
    """
    looks = {
        MovementStatus.CONFIRMED: "b-ok",
        MovementStatus.AGREE: "b-claim",
        MovementStatus.DIFFER: "b-neg",
        MovementStatus.ONE_SIDED: "b-one",
        MovementStatus.WITHHELD: "b-hatch",
    }
    y, height = vertical
    pad = min(0.002, width / 10)
    return Html(
        f'<rect class="{looks[status]}" x="{_percent(begin + pad)}" width="{_percent(width - 2 * pad)}"'
        f' y="{y:g}" height="{height:g}"/>'
    )


def swatch(look: str) -> Html:
    """Draw a sample for the legend."""
    drawn = {
        "tick": '<line class="b-target" x1="15" x2="15" y1="-2" y2="16"/>',
        "total": '<path class="b-total" d="M15 1l6 6-6 6-6-6z"/>',
        "b-ok": '<rect class="b-ok" width="30" height="14"/>',
    }.get(look, f'<rect class="{look}" x="1" y="2" width="28" height="10"/>')
    return Html(f'<svg aria-hidden="true">{drawn}</svg>')


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _rect(look: str, begin: float, end: float, track: Track, *, height: int) -> Html:
    del track
    return Html(
        f'<rect class="{look}" x="{_percent(begin)}" width="{_percent(max(end - begin, 0))}"'
        f' y="{15 - height // 2}" height="{height}"/>'
    )


def _tick(track: Track) -> list[Html]:
    if track.promise is None:
        return []
    quantity, bound = track.promise
    x = _percent(quantity / track.scale)
    about = " b-about" if bound is Bound.ABOUT else ""
    drawn = [Html(f'<line class="b-target{about}" x1="{x}" x2="{x}" y1="1" y2="29"/>')]
    if bound in {Bound.AT_LEAST, Bound.MORE_THAN}:
        arrow = '<path class="b-arrow" d="M0 1l7 3.5-7 3.5z"/>'
        drawn.append(Html(f'<svg x="{x}" y="0" width="8" height="9" overflow="visible">{arrow}</svg>'))
    return drawn


def _diamond(share: float) -> Html:
    path = '<path class="b-total" d="M0 -5l5 5-5 5-5-5z"/>'
    return Html(f'<svg x="{_percent(share)}" y="15" width="1" height="1" overflow="visible">{path}</svg>')


def _svg(inner: Sequence[Html], track: Track) -> Html:
    return tag("svg", join(inner), class_="track", role="img", aria_label=track.label)
