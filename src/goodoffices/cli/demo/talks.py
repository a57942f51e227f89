"""The talks: the third round's proposals as a bracketed text, and the way of two clauses to commitments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.resources import files

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.cli.text_words import alarm_lines, change_lines
from goodoffices.domain.process import Forum, Stance
from goodoffices.domain.result import TransferResult
from goodoffices.domain.text import Document
from goodoffices.engines.talks.align import alarms
from goodoffices.engines.talks.commitment import Grounded, ground
from goodoffices.engines.talks.conditions import conditions
from goodoffices.engines.talks.consent import text_hash
from goodoffices.engines.talks.diff import diff
from goodoffices.engines.talks.text import parse
from goodoffices.engines.talks.views import bracket_counts, negotiating_view, open_places, signing_view
from goodoffices.formats.diary import Date, diary_ics
from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.process import read_process
from goodoffices.formats.text_akn import text_akn
from goodoffices.formats.text_docx import text_docx
from goodoffices.formats.text_page import STYLE, bracket_bars, clauses, conditions_table, open_table, readings, signing
from goodoffices.formats.text_pdf import NAMES, text_pdf
from goodoffices.formats.words import Language, Words
from goodoffices.store.example import example_process
from goodoffices.store.write import write_whole

LANGUAGES = ("en", "uk", "ru")
ROUND = dt.datetime(2025, 7, 23, 17, 37, tzinfo=dt.UTC)
"""The third round began at 20:37 in Istanbul and lasted 39 minutes."""


def run(stage: Stage) -> Outcome:
    """Parse, view, compare and export the text; follow two clauses to their commitments."""
    stage.say("reading the single text in three languages")
    before, now = _texts(6), _texts(7)
    public = {language: negotiating_view(document, None) for language, document in now.items()}
    process = read_process(example_process(), "istanbul-2025.json")
    owed = {commitment.id: commitment for commitment in process.commitments}
    made = [ground(owed[name], public, clause=clause) for clause, name in (("2.1", "C3"), ("3.1", "C4"))]
    transfer = conditions(process.transfers[0])
    for language in Language:
        page = _page(before, public, made, transfer, process.forums, Words("talks", language))
        write_whole(stage.folder / f"talks.{language}.html", page)
    digest = text_hash(public)
    title = public["en"].value("title")
    stage.say("printing DOCX, PDF, Akoma Ntoso")
    write_whole(stage.folder / "text.pdf", text_pdf(public, digest, title=title, language=Language.EN, at=ROUND))
    write_whole(stage.folder / "text.en.docx", text_docx(public["en"], title=title))
    write_whole(stage.folder / "text.en.xml", text_akn(public["en"], name="round-3", language="en", on=ROUND.date()))
    sitting = Date("round-3@goodoffices", ROUND, ROUND + dt.timedelta(minutes=39), title, "Istanbul")
    write_whole(stage.folder / "sittings.ics", diary_ics([sitting], now=ROUND))
    places = open_places(public["en"])
    held = ", ".join(f"{who} holds {count}" for who, count in bracket_counts(public["en"]).items() if count)
    differ = ", ".join(f"{g.commitment.id} (clause {g.clause})" for g in made if g.commitment.readings_differ)
    lines = (
        f"{len(public['en'].clauses)} clauses in 3 languages; {len(places)} places open: {held}",
        f"languages: {len(alarms(public))} divergences; the chair's hidden bridge is in no view but the chair's",
        f"commitments whose readings differ, both kept: {differ}",
        "6 and 7 June 2025: date accepted by one side only; nobody is called late",
    )
    acts = (
        Act("text_circulated", "talks/round-3/rev-7", {"sha256": digest, "languages": list(LANGUAGES)}, ("A", "B")),
        *map(_agreed, made),
    )
    pages = (
        ("talks.en.html", "the single text, what is open, who holds it"),
        ("text.pdf", "the text in three languages as PDF"),
        ("text.en.docx", "the text as DOCX"),
    )
    return Outcome(lines, pages, acts)


def _texts(version: int) -> dict[str, Document]:
    folder = files("goodoffices") / "data" / "talks"
    names = {language: f"round-3.rev-{version}.{language}.txt" for language in LANGUAGES}
    return {language: parse((folder / name).read_text(encoding="utf-8"), file=name) for language, name in names.items()}


def _page(
    before: Mapping[str, Document],
    now: Mapping[str, Document],
    made: Sequence[Grounded],
    transfer: TransferResult,
    forums: Sequence[Forum],
    words: Words,
) -> str:
    """Write the page of the talks in one language; the text itself stands in its own languages."""
    code = words.language.value if words.language.value in now else "en"
    text, earlier = now[code], negotiating_view(before[code], None)
    places = [(p.clause, p.why.value, p.wordings, p.waits_for) for p in open_places(text)]
    counts = {f"{words('version')} {d.value('version')}": bracket_counts(d) for d in (earlier, text)}
    changed = change_lines(diff(earlier, text), words)
    views = [(party, signing_view(text, party).clauses) for party in text.parties]
    body = join(
        [
            tag("h1", text.value("title")),
            tag("p", words("lead"), " ", words("example"), class_="lead"),
            _card(
                words("forums"),
                tag("ul", *(tag("li", tag("b", f.id), " ", words(f"forum_{f.state}")) for f in forums)),
            ),
            tag("section", open_table(places, words), class_="card"),
            _card(words("counts"), bracket_bars(counts, words)),
            _card(
                words("title"), *(tag("div", tag("h3", NAMES[k]), clauses(d, words), lang=k) for k, d in now.items())
            ),
            _card(words("changes"), tag("ul", *(tag("li", line) for line in changed))),
            _card(words("alarms"), tag("ul", *(tag("li", line) for line in alarm_lines(alarms(now), words)))),
            tag(
                "div",
                *(
                    _card(words("signing", party=party), tag("p", words("signing_lead")), signing(view))
                    for party, view in views
                ),
                class_="facing",
            ),
            _card(
                words("commitments"),
                *(_reading(g, code, words) for g in made),
            ),
            _card(
                words("conditions"),
                tag("p", "6–7 June 2025 · T-2025-06-06"),
                conditions_table(_stands(transfer), words),
            ),
            _staged(transfer, words),
        ]
    )
    return render(Page(words("title"), body, words.language, f"SHA-256 {text_hash(now)}", STYLE))


def _card(title: str, *inner: Html) -> Html:
    return tag("section", tag("h2", title), *inner, class_="card")


def _agreed(grounded: Grounded) -> Act:
    content = {"clause": grounded.clause, "text": grounded.text_hash}
    return Act("terms_agreed", f"talks/{grounded.commitment.id}", content, ("A", "B"))


def _staged(transfer: TransferResult, words: Words) -> Html:
    staged = transfer.transfer.staged
    if staged is None or transfer.is_set:
        return Html("")
    return tag("p", words("staged_one_sided", party=staged.party))


def _reading(grounded: Grounded, language: str, words: Words) -> Html:
    read = [(party, reading.text) for party, reading in grounded.commitment.readings if reading is not None]
    return readings(grounded.commitment.id, grounded.clause, grounded.wording[language], read, words)


def _stands(transfer: TransferResult) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    rows = []
    for condition in transfer.conditions:
        objected = tuple(side for side, stance in condition.stances if stance is Stance.OBJECT)
        rest = tuple(s for s, _ in condition.stances if s not in (*condition.accepted_by, *objected))
        met = "both" if condition.holds else "one" if condition.accepted_by else "none"
        rows.append((condition.condition.value, met, condition.accepted_by, objected, rest))
    return rows
