"""Results as ClaimReview (schema.org) in JSON-LD: each statement about a movement beside what the others say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from goodoffices.domain.canonical import Json
from goodoffices.domain.result import Movement
from goodoffices.formats.results_phrases import Phrases

_ADDRESS = re.compile(r"https?://\S+")


def claims(movements: Iterable[Movement], phrases: Phrases, *, base: str) -> Json:
    """Write one review for each statement; the verdict is how the figures stand to one another, never true or false.

    Parameters
    ----------
    movements
        Whose statements are reviewed.
    phrases
        Words of the process in the reader's language.
    base
        Address of the site, without a slash at its end.
    """
    reviews = [_review(m, place, phrases, base) for m in movements for place in range(len(m.told))]
    return {"@context": "https://schema.org", "@graph": reviews}


def _review(m: Movement, place: int, phrases: Phrases, base: str) -> Json:
    a = m.told[place]
    what = f"{phrases.direction(m.direction)}, {phrases.unit(m.unit)}, {phrases.category(m.category)}"
    figure = phrases.figure(a.quantity, a.bound)
    found = _ADDRESS.search(a.source)
    claim: dict[str, Json] = {
        "@type": "Claim",
        "author": {"@type": "Organization", "name": f"{phrases.party(a.party)}: {phrases.text(a.organ)}"},
        "datePublished": a.date.isoformat(),
    }
    if found:
        claim["appearance"] = {"@type": "CreativeWork", "url": found[0].rstrip(".,;)")}
    else:
        claim["citation"] = a.source
    page = f"{base}/results" + (f"/{a.commitment}" if a.commitment else "")
    return {
        "@type": "ClaimReview",
        "url": page,
        "identifier": a.id,
        "inLanguage": phrases.words.language.value,
        "datePublished": a.date.isoformat(),
        "author": {"@type": "Organization", "name": "Good Offices", "url": f"{base}/results"},
        "claimReviewed": f"{phrases.words.date(a.date)}: {what}: {figure}",
        "itemReviewed": claim,
        "reviewRating": {"@type": "Rating", "alternateName": phrases.status(m)},
    }
