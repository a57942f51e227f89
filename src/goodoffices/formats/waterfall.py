"""Draws the evidence about one pair: a waterfall of bits and the weights of three hypotheses, as tables and SVG.

The drawings carry classes and no style, so that a page under a strict policy can show them: `w-pos`, `w-neg`, `w-pri`,
`w-tot`, `w-hollow`, `w-zero`, `w-tick`, `w-link`, `h-same`, `h-rel`, `h-oth`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from goodoffices.domain.evidence import Reason, odds_bits
from goodoffices.formats.page import Html, h, join, tag
from goodoffices.formats.pairs import reason_words
from goodoffices.formats.words import Words, number

LINK_FROM = 0.99
"""Probability from which a pair is linked."""
_WIDTH = 400.0
_TICKS = (-10, 0, 10)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where bits stand on the picture."""

    low: float
    high: float
    link: float

    def at(self, bits: float) -> float:
        return _WIDTH * (bits - self.low) / (self.high - self.low)

    def bar(self, start: float, stop: float, look: str) -> Html:
        """Draw one step between two running totals; a hollow box where nothing is weighed."""
        left, right = sorted((self.at(start), self.at(stop)))
        lines = "".join(_line("w-zero" if tick == 0 else "w-tick", self.at(tick)) for tick in _TICKS)
        width = max(right - left, 8.0 if look == "w-hollow" else 1.6)
        return Html(
            f'<svg viewBox="0 0 400 20" preserveAspectRatio="none" aria-hidden="true">{lines}'
            f"{_line('w-link', self.at(self.link))}"
            f'<rect class="{h(look)}" x="{left:.1f}" y="4" width="{width:.1f}" height="12" '
            f'vector-effect="non-scaling-stroke"/></svg>'
        )

    def axis(self) -> Html:
        """Write the ticks' figures below the bars."""
        texts = "".join(
            f'<text class="w-axis" x="{self.at(tick):.1f}" y="14" text-anchor="middle">{_tick(tick)}</text>'
            for tick in _TICKS
        )
        return Html(f'<svg class="axis" viewBox="0 0 400 18" aria-hidden="true">{texts}</svg>')


def _line(look: str, x: float) -> str:
    return f'<line class="{look}" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="20" vector-effect="non-scaling-stroke"/>'


def _tick(tick: int) -> str:
    return f"+{tick}" if tick > 0 else number(tick)


def waterfall(reasons: Sequence[Reason], missing: Sequence[str], words: Words, *, link_from: float = LINK_FROM) -> Html:
    """Write the waterfall of one pair as a table: the prior, every reason, what is not stated, the total.

    Parameters
    ----------
    reasons
        Every step from the prior on; their bits sum to the total.
    missing
        Fields that one side does not state: drawn hollow, weighing nothing.
    words
        Of the part `linkage`.
    link_from
        Probability from which a pair is linked; drawn as a line.
    """
    totals = [0.0]
    for step in reasons:
        totals.append(totals[-1] + step.bits)
    line = odds_bits(link_from)
    scale = _Scale(min(*totals, -11.0), max(*totals, line, 11.0), line)
    rows = [
        _row(words(step.field), reason_words(step, words), scale.bar(start, stop, _look(step)), signed(step.bits))
        for step, start, stop in zip(reasons, totals[:-1], totals[1:], strict=True)
    ]
    hollow = scale.bar(totals[-1], totals[-1], "w-hollow")
    rows += [_row(words(name), words("not_stated"), hollow, "0") for name in missing]
    rows.append(_row(words("total"), "", scale.bar(0.0, totals[-1], "w-tot"), signed(totals[-1]), class_="tot"))
    rows.append(tag("tr", tag("td"), tag("td", scale.axis()), tag("td"), class_="axis", aria_hidden="true"))
    key = tag("span", " ", Html(f'<svg class="swatch" viewBox="0 0 8 20">{_line("w-link", 4)}</svg>'), " ",
              words("threshold"), class_="sub")  # fmt: skip
    head = tag(
        "tr",
        tag("th", words("field"), scope="col", class_="f"),
        tag("th", words("running"), key, scope="col", class_="wfc"),
        tag("th", words("bits"), scope="col", class_="n"),
    )
    return tag("table", tag("caption", words("evidence")), tag("thead", head), tag("tbody", *rows), class_="wf")


def _row(title: str, why: str, bar: Html, bits: str, class_: str | None = None) -> Html:
    under = tag("div", why, class_="sub") if why else ""
    name = tag("th", title, under, scope="row", class_="f")
    return tag("tr", name, tag("td", bar), tag("td", bits, class_="n"), class_=class_)


def _look(step: Reason) -> str:
    if step.field == "prior":
        return "w-pri"
    return "w-pos" if step.bits >= 0 else "w-neg"


def hypotheses(probability: float, relative: float, words: Words) -> Html:
    """Write the weights of the three hypotheses: the same person, a relative or namesake, somebody else."""
    other = max(0.0, 1.0 - probability - relative)
    parts = (
        ("h-same", "hypothesis_same", probability),
        ("h-rel", "hypothesis_relative", relative),
        ("h-oth", "hypothesis_other", other),
    )
    bars, start = [], 0.0
    for look, _, share in parts:
        bars.append(f'<rect class="{look}" x="{start:.2f}" y="0" width="{100 * share:.2f}" height="10"/>')
        start += 100 * share
    bar = Html(
        f'<svg class="hyp" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(bars)}</svg>'
    )
    lines = (tag("li", _swatch(look), f"{words(name)}: ", tag("strong", percent(share))) for look, name, share in parts)
    return tag("div", tag("h3", words("hypotheses")), bar, tag("ul", *lines, class_="key"))


def _swatch(look: str) -> Html:
    return Html(
        f'<svg class="swatch" viewBox="0 0 16 12" aria-hidden="true">'
        f'<rect class="{look}" x="1" y="1" width="14" height="10"/></svg>'
    )


def marked(text: str, other: str) -> Html:
    """Mark the letters of a text that the other has not, in their order."""
    if not other:
        return h(text)
    blocks = SequenceMatcher(None, text.lower(), other.lower(), autojunk=False).get_matching_blocks()
    parts: list[Html] = []
    done = 0
    for block in blocks:
        if block.a > done:
            parts.append(tag("mark", text[done : block.a]))
        parts.append(h(text[block.a : block.a + block.size]))
        done = block.a + block.size
    return join(parts)


def percent(share: float) -> str:
    """Write a share; close to certainty with as many digits as still say something, never rounded up to it."""
    if 0.99 < share < 1:
        digits = min(6, max(1, math.ceil(-math.log10(1 - share)) - 1))
        return f"{math.floor(share * 10 ** (digits + 2)) / 10**digits:.{digits}f} %"
    return f"{100 * share:.1f} %" if share >= 0.0005 or share == 0 else "< 0.1 %"


def signed(bits: float) -> str:
    """Write bits with their sign."""
    return f"+{bits:.1f}" if bits >= 0.05 else number(bits, 1)
