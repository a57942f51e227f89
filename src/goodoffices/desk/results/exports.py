"""The public record as files: what the page shows and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.results.selectors import Shown, changes
from goodoffices.desk.results.showing import PART, kept, phrases_of
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.formats.print.frame import Frame, Place
from goodoffices.formats.print.results import ResultsSheet, results_pdf
from goodoffices.formats.results_claims import claims
from goodoffices.formats.results_csv import results_csv
from goodoffices.formats.results_feed import Change, Feed, atom
from goodoffices.formats.results_json import results_json
from goodoffices.formats.results_sheet import results_sheet
from goodoffices.formats.words import Language

Write = Callable[[Shown, str, str], bytes]
"""Takes what is shown, the reader's language and the site's address."""


def as_json(shown: Shown, language: str, base: str) -> bytes:  # noqa: ARG001  one form for all
    """Write the JSON of `goodoffices results --json`."""
    return results_json(shown.process, shown.result).encode()


def as_csv(shown: Shown, language: str, base: str) -> bytes:  # noqa: ARG001  one form for all
    """Write CSV with a row of HXL tags."""
    return results_csv(shown.result)


def as_xlsx(shown: Shown, language: str, base: str) -> bytes:  # noqa: ARG001  one form for all
    """Write the workbook in the reader's language."""
    return results_sheet(shown.process, shown.result, phrases_of(shown, language))


def as_pdf(shown: Shown, language: str, base: str) -> bytes:
    """Print the figures in the reader's language; the hash at its foot is that of the JSON."""
    phrases = phrases_of(shown, language)
    frame = Frame(phrases.text(shown.process.name), "", shown.at, (Place("", "UTC"),))
    digest = sha256_hex(as_json(shown, language, base))
    texts = {Language(language): phrases.texts}
    return results_pdf(ResultsSheet(frame, shown.process, shown.result, digest, texts), Language(language))


def as_claims(shown: Shown, language: str, base: str) -> bytes:
    """Write ClaimReview JSON-LD."""
    return claims_text(shown, language, base).encode()


def as_feed(shown: Shown, language: str, base: str) -> bytes:
    """Write the feed of changes."""
    found = [
        Change(
            f"tag:goodoffices,2025:{shown.process.id}:{change.name}",
            say(PART, language, f"change_{change.kind}", n=change.number),
            say(PART, language, f"change_{change.kind}_text", n=change.count),
            f"{base}/results/publications" if change.kind == "publication" else f"{base}/results",
            change.at,
        )
        for change in changes()
    ]
    title = f"{say('results', language, 'title')}: {phrases_of(shown, language).text(shown.process.name)}"
    address = f"{base}/results/changes.atom"
    return atom(Feed(f"tag:goodoffices,2025:{shown.process.id}", title, address, f"{base}/results", language, found))


def claims_text(shown: Shown, language: str, base: str, commitment: str = "") -> str:
    """Write ClaimReview of all movements, or of one commitment's."""
    return kept(("claims", shown.key, language, base, commitment), lambda: _claims(shown, language, base, commitment))


def written(file: str, shown: Shown, language: str, base: str) -> bytes:
    """Write a file once for what is shown; the feed tells of more than that, so it is written anew."""
    write = FORMS[file][2]
    if file.endswith(".atom"):
        return write(shown, language, base)
    return kept(("file", file, shown.key, language, base), lambda: write(shown, language, base))


def _claims(shown: Shown, language: str, base: str, commitment: str) -> str:
    movements = [m for m in shown.result.movements if not commitment or any(a.commitment == commitment for a in m.told)]
    found: Json = claims(movements, phrases_of(shown, language), base=base)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


FORMS: dict[str, tuple[str, str, Write]] = {
    "results.json": ("json", "application/json", as_json),
    "results.csv": ("csv", "text/csv; charset=utf-8", as_csv),
    "results.xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "results.pdf": ("pdf", "application/pdf", as_pdf),
    "claims.jsonld": ("claims", "application/ld+json", as_claims),
    "changes.atom": ("atom", "application/atom+xml; charset=utf-8", as_feed),
}
"""Name of each file, the key of its word, its type, and what writes it."""
