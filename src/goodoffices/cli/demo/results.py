"""The demo's first part: the public record of 2025, replayed into results in four languages."""

from __future__ import annotations

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.result import Result
from goodoffices.flow.result import overall, results
from goodoffices.formats.process import read_process
from goodoffices.formats.results_json import results_json
from goodoffices.formats.results_page import Origin, results_page
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.results_sheet import results_sheet
from goodoffices.formats.results_text import results_text
from goodoffices.formats.texts import read_texts
from goodoffices.formats.words import Language
from goodoffices.store.example import EXAMPLE, TEXTS, example_process, example_texts
from goodoffices.store.write import write_whole


def run(stage: Stage) -> Outcome:
    """Compute the results of the public record and write page, workbook, table and JSON."""
    stage.say("reading the public record of the Istanbul talks")
    data = example_process()
    process = read_process(data, EXAMPLE)
    found = results(process)
    addresses = {language: _name(language) for language in Language}
    origin = Origin(EXAMPLE, sha256_hex(data), addresses)
    whole = overall(process, found)
    for language in Language:
        stage.say(f"writing the page in {language.value}")
        phrases = Phrases(process, language, read_texts(example_texts(), language, file=TEXTS))
        page = results_page(process, found, phrases, overall=whole, origin=origin)
        write_whole(stage.folder / addresses[language], page)
    english = Phrases(process, Language.EN)
    write_whole(stage.folder / EXAMPLE, data)
    write_whole(stage.folder / "results.xlsx", results_sheet(process, found, english))
    write_whole(stage.folder / "results.txt", results_text(process, found, english))
    answer = results_json(process, found)
    write_whole(stage.folder / "results.json", answer)
    content = {"process": process.id, "record": sha256_hex(data), "results": sha256_hex(answer.encode())}
    return Outcome(
        lines=_lines(found, english),
        pages=(
            (_name(Language.EN), "Tangible results"),
            (_name(Language.UK), "Українською"),
            (_name(Language.RU), "По-русски"),
            (_name(Language.TR), "Türkçe"),
            ("results.xlsx", "Workbook"),
            ("results.json", "JSON"),
        ),
        acts=(Act("results", f"results-{process.id}-{process.as_of}", content, ("neutral",)),),
    )


def _name(language: Language) -> str:
    return "results.html" if language is Language.EN else f"results.{language.value}.html"


def _lines(found: Result, phrases: Phrases) -> tuple[str, ...]:
    words = phrases.words
    shown = ", ".join(
        f"{count} {words(f'status_{status}')}" if count else f"{words('none')} {words(f'status_{status}')}"
        for status, count in found.counts.items()
    )
    lines = [f"{words('n_movements', n=len(found.movements))}: {shown}"]
    for divergence in found.divergences:
        figures = " beside ".join(dict.fromkeys(phrases.figure(a.quantity, a.bound) for a in divergence.totals))
        where = ", ".join(words.date(m.date) for m in divergence.movements)
        verdict = words("div_found" if divergence.found else "div_open", n=divergence.spread, date=where)
        lines.append(f"{figures}, {phrases.unit(divergence.unit)}. {verdict}")
    unsummed = [
        f"{c.commitment.id} {phrases.party(line.party)}"
        for c in found.commitments
        for line in c.stated
        if line.movements and not line.computable
    ]
    lines.append(f"{words('not_computable')}: {', '.join(unsummed)}")
    return tuple(lines)
