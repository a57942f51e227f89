"""Rounds, groups and proposals, and a disputed transfer by its four conditions; nobody is called late."""

from __future__ import annotations

from collections.abc import Sequence

from goodoffices.domain.process import Forum, Position, Process
from goodoffices.domain.result import ConditionResult, TransferResult
from goodoffices.formats.page import Html, join, tag
from goodoffices.formats.results_cards import word
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.words import number


def transfers(found: Sequence[TransferResult], phrases: Phrases) -> Html:
    """Show each transfer: what is true of its four conditions, and who said what."""
    return join(_transfer(t, phrases) for t in found)


def _transfer(t: TransferResult, phrases: Phrases) -> Html:
    words = phrases.words
    staged = t.transfer.staged
    when = words.date(staged.first) if staged is not None else t.transfer.id
    parts = [
        tag("h3", words("transfer_title", date=when)),
        tag("p", f"{phrases.direction(t.transfer.direction)} · {phrases.unit(t.transfer.unit)}", class_="sub"),
        tag("p", words("transfer_lead")),
    ]
    if t.is_set:
        parts.append(tag("p", tag("b", words("transfer_set")), class_="finding"))
    else:
        open_ones = [_accepted(c, phrases) for c in t.conditions if not c.holds]
        parts.append(tag("p", tag("b", f"{words('transfer_not_set')}. "), "; ".join(open_ones), ".", class_="finding"))
    if staged is not None:
        days = words.date(staged.first)
        if staged.last != staged.first:
            days = f"{words.date(staged.first, 'd MMM')} – {words.date(staged.last)}"
        figure = number(staged.quantity) if staged.quantity is not None else words("not_stated")
        key = "staged_set" if t.is_set else "staged"
        parts.append(tag("p", words(key, party=phrases.party(staged.party), n=figure, date=days)))
    return tag("div", *parts, _conditions(t, phrases), class_="card")


def _accepted(c: ConditionResult, phrases: Phrases) -> str:
    key = ("none", "one", "both")[min(len(c.accepted_by), 2)]
    return phrases.words(f"accepted_{key}", condition=phrases.words(f"condition_{c.condition}"))


def _conditions(t: TransferResult, phrases: Phrases) -> Html:
    words = phrases.words
    sides = (t.transfer.direction.giver, t.transfer.direction.receiver)
    head = tag(
        "tr", tag("th", words("col_condition"), scope="col"), *(tag("th", phrases.party(s), scope="col") for s in sides)
    )
    said: dict[tuple[str, str], list[Position]] = {}
    for position in sorted(t.transfer.positions, key=lambda p: p.at):
        said.setdefault((position.condition, position.party), []).append(position)
    rows = []
    for c in t.conditions:
        cells = [
            tag("td", *_cell(said.get((c.condition, side), []), phrases), data_l=phrases.party(side)) for side in sides
        ]
        rows.append(tag("tr", tag("th", words(f"condition_{c.condition}"), scope="row"), *cells))
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="stack cond")


def _cell(positions: list[Position], phrases: Phrases) -> list[Html]:
    words = phrases.words
    if not positions:
        return [word("unknown", words("stance_none"))]
    parts = []
    for p in positions:
        parts.append(tag("b", f"{words(f'stance_{p.stance}')}, {words.date(p.at, 'd MMM y')}"))
        if p.note:
            parts.append(tag("span", phrases.quote(p.note)))
        if p.source:
            parts.append(tag("span", f" · {p.source}", class_="sub"))
    return parts


def talks(process: Process, phrases: Phrases) -> Html:
    """List rounds, groups and meetings with their state, and what each side has put on the table."""
    words = phrases.words
    if not process.forums:
        return Html("")
    forums = tag("ul", *(tag("li", *_forum(forum, phrases)) for forum in process.forums))
    proposals = [
        tag(
            "li",
            tag("b", phrases.party(p.party)),
            ": ",
            phrases.quote(p.text),
            tag("span", f" · {p.forum}", class_="sub"),
        )
        for p in process.proposals
    ]
    rest = [tag("h3", words("proposals")), tag("ul", *proposals)] if proposals else []
    return tag("div", forums, *rest, class_="card")


def _forum(forum: Forum, phrases: Phrases) -> list[object]:
    words = phrases.words
    kind = words(f"forum_{forum.kind}") if words.has(f"forum_{forum.kind}") else forum.kind
    state = words(f"fstate_{forum.state}") if words.has(f"fstate_{forum.state}") else forum.state
    told = [state]
    if forum.date is not None:
        told.append(words.date(forum.date))
    minutes = forum.facts.get("duration_minutes")
    if isinstance(minutes, int):
        told.append(words("minutes", n=minutes))
    if forum.facts.get("online") is True:
        told.append(words("online"))
    by = forum.facts.get("proposed_by")
    if isinstance(by, str):
        told.append(words("proposed_by", party=phrases.party(by)))
    return [tag("b", phrases.quote(forum.title)), f" ({kind}): {', '.join(told)}"]
