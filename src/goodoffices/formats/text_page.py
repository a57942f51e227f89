"""The single text as a page: alternatives with their holders, what is open, what changed, brackets by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from goodoffices.domain.text import CHAIR, Alternative, Document, Fork, Wording
from goodoffices.formats.page import Html, h, join, tag
from goodoffices.formats.words import Words, number

STYLE = """
.clause{display:grid;grid-template-columns:3.2rem 1fr;gap:.6rem;padding:.55rem 0;border-block-end:1px solid var(--line)}
.clause>b{color:var(--mute);font-variant-numeric:tabular-nums}
.alt{border-block-end:2px solid var(--hold);padding-inline:.1rem}.alt>b,.alt>sub{color:var(--hold);font-weight:700}
.alt>sub{font-size:.68em;letter-spacing:.03em;margin-inline-start:.1rem}
.h0{--hold:#1f4e79}.h1{--hold:#8a4b08}.h2{--hold:#5b2c6f}.h3{--hold:#2f6f4f}.hc{--hold:#59636f}.alt.hidden{border-block-end-style:dashed}
.bars{width:100%;max-width:34rem;display:block}.bars text{fill:var(--ink);font-size:12px}.bars .axis{stroke:var(--line)}
.bars .h0{fill:#1f4e79}.bars .h1{fill:#8a4b08}.bars .h2{fill:#5b2c6f}.bars .h3{fill:#2f6f4f}.bars .hc{fill:#8b949e}
@media (prefers-color-scheme:dark){.h0{--hold:#8fbce6}.h1{--hold:#e0a866}.h2{--hold:#c9a3e0}.h3{--hold:#74c69d}
.hc{--hold:#a3acb7}.bars .h0{fill:#8fbce6}.bars .h1{fill:#e0a866}.bars .h2{fill:#c9a3e0}.bars .h3{fill:#74c69d}}
.facing{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:0 1.6rem}
"""
"""Rules of these pages beside the common ones; holders have a colour and always their code."""


def clauses(document: Document, words: Words) -> Html:
    """Show the clauses of one language with every alternative and its holders."""
    ranks = {party: f"h{at % 4}" for at, party in enumerate(document.parties)}
    return join(
        tag(
            "div",
            tag("b", clause.id),
            tag("div", _wording(clause.wording, ranks, words)),
            class_="clause",
            id=f"c{clause.id}",
        )
        for clause in document.clauses
    )


def signing(clauses_: Sequence[tuple[str, str]]) -> Html:
    """Show the text as one party would sign it."""
    return join(tag("div", tag("b", name), tag("div", text), class_="clause") for name, text in clauses_)


def open_table(
    places: Sequence[tuple[str, str, Sequence[tuple[str, Sequence[str]]], Sequence[str]]], words: Words
) -> Html:
    """List what is open: clause, why, wordings with holders, whom it waits for."""
    if not places:
        return tag("p", words("clean"))
    head = tag("tr", *(tag("th", words(key), scope="col") for key in ("clause", "why", "wordings", "waits")))
    rows = [
        tag(
            "tr",
            tag("th", clause, scope="row"),
            tag("td", words(f"why_{why}"), data_l=words("why")),
            tag("td", join(_line(text, who, words) for text, who in wordings), data_l=words("wordings")),
            tag("td", ", ".join(waits) or words("nobody"), data_l=words("waits")),
        )
        for clause, why, wordings, waits in places
    ]
    caption = tag("caption", f"{words('open_title')}: {words('open', n=len(places))}")
    return tag("table", caption, tag("thead", head), tag("tbody", *rows), class_="stack")


def bracket_bars(counts: Mapping[str, Mapping[str, int]], words: Words) -> Html:
    """Draw the picture that negotiators draw by hand: bracketed wordings by holder, one group of bars a version.

    Parameters
    ----------
    counts
        Version to holder to number of bracketed wordings, in order.
    words
        Of the talks.
    """
    parties = [
        party
        for party in dict.fromkeys(p for c in counts.values() for p in c)
        if any(c.get(party) for c in counts.values())
    ]
    if not parties:
        return Html("")
    most = max(1, *(c.get(party, 0) for c in counts.values() for party in parties))
    width, height, gap = 480, 130, 18
    group = (width - gap) / len(counts) - gap
    bar = min(46.0, group / len(parties))
    sided = [party for party in parties if party != CHAIR]
    marks: list[Html] = [Html(f'<line class="axis" x1="0" x2="{width}" y1="{height}" y2="{height}"/>')]
    for at, (version, values) in enumerate(counts.items()):
        left = gap + at * (group + gap)
        marks.append(tag("text", version, x=f"{left:.0f}", y=height + 30))
        for offset, party in enumerate(parties):
            value = values.get(party, 0)
            tall = (height - 22) * value / most
            x, css = left + offset * bar, f"h{sided.index(party) % 4}" if party in sided else "hc"
            box = f'x="{x:.1f}" y="{height - tall:.1f}" width="{bar - 4:.1f}" height="{tall:.1f}"'
            marks.append(Html(f'<rect class="{css}" {box}/>'))
            marks.append(tag("text", f"{number(value)}", x=f"{x + 1:.1f}", y=f"{height - tall - 5:.1f}"))
            marks.append(tag("text", _name(party, words), x=f"{x + 1:.1f}", y=height + 14))
    label = "; ".join(
        f"{_name(party, words)}: " + ", ".join(f"{name} {values.get(party, 0)}" for name, values in counts.items())
        for party in parties
    )
    return tag("svg", *marks, class_="bars", viewBox=f"0 0 {width} {height + 36}", role="img", aria_label=label)


def _wording(wording: Wording, ranks: Mapping[str, str], words: Words) -> Html:
    parts: list[Html] = []
    for node in wording:
        if isinstance(node, Fork):
            parts.extend(_alternative(choice, ranks, words) for choice in node.alternatives)
        else:
            parts.append(Html(h(node).replace("\n", "<br>")))
    return join(parts)


def _alternative(choice: Alternative, ranks: Mapping[str, str], words: Words) -> Html:
    first = choice.holders[0]
    hidden = " hidden" if all(holder.mark.value == "?" for holder in choice.holders) else ""
    inner = _wording(choice.wording, ranks, words) if choice.wording else tag("i", words("delete"))
    names = ", ".join(_name(holder.code, words) + holder.mark.value for holder in choice.holders)
    css = f"alt {ranks.get(first.code, 'hc')}{hidden}"
    return tag("span", tag("b", "["), inner, tag("b", "]"), tag("sub", names), class_=css)


def _line(text: str, who: Sequence[str], words: Words) -> Html:
    return tag("div", text or words("delete"), " — ", tag("b", ", ".join(_name(name, words) for name in who)))


def _name(code: str, words: Words) -> str:
    return words("chair") + code.removeprefix(CHAIR) if code.startswith(CHAIR) else code


def conditions_table(
    stands: Sequence[tuple[str, str, Sequence[str], Sequence[str], Sequence[str]]], words: Words
) -> Html:
    """Show the four conditions against the sides: condition, how far met, who accepted, objected, said nothing."""
    keys = ("accepted_by", "objected_by", "no_word")
    head = tag(
        "tr", tag("th", "", scope="col"), tag("th", "", scope="col"), *(tag("th", words(k), scope="col") for k in keys)
    )
    rows = []
    for condition, met, *who in stands:
        state = tag("td", tag("span", words(f"met_{met}"), class_="tag ok" if met == "both" else "tag wait"))
        cells = [tag("td", ", ".join(names) or "–", data_l=words(key)) for key, names in zip(keys, who, strict=True)]
        rows.append(tag("tr", tag("th", words(f"condition_{condition}"), scope="row"), state, *cells))
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="stack")


def readings(name: str, clause: str, wording: str, read: Sequence[tuple[str, str]], words: Words) -> Html:
    """Show a commitment, the clause it rests on, and each side's reading in its own words."""
    lines = [tag("dt", words("reading", party=party)) + tag("dd", text) for party, text in read]
    return tag(
        "div", tag("h3", f"{name} · {words('clause')} {clause}"), tag("p", wording), tag("dl", *map(Html, lines))
    )
