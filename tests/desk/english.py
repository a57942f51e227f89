"""Finds English where a page should speak another language: in what a refusal says, not in what somebody wrote."""

import re
from html import unescape

_MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
_WRITTEN = re.compile(r"<(code|textarea|select|script|samp)\b.*?</\1>", re.DOTALL)
_ERRORS = re.compile(r'<(p|div|aside|section) class="(?:[^"]* )?errors?\b[^"]*".*?</\1>', re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_LATIN = re.compile(r"[A-Za-z][a-z]+(?:[ ,:;]+[a-z]{2,}){2,}")
_COMMON = re.compile(
    r"\b(?:the|of|is|are|not|no|found|expected|with|and|or|this|that|must|has|have|been|from|one|any|nothing|only)\b"
)


def english_in(page, language):
    """Give the English sentences of a refusal: of its errors, or of the whole page if it shows no form.

    Parameters
    ----------
    page
        The answer's HTML.
    language
        In which it should speak.
    """
    main = _MAIN.search(page)
    text = _WRITTEN.sub(" ", main[0] if main else page)
    is_whole = "<form" not in text and 'class="card' not in text  # the page of a refusal alone
    parts = [text] if is_whole else [found[0] for found in _ERRORS.finditer(text)]
    found = ['lang="en"' for part in parts if 'lang="en"' in part]
    for line in (unescape(line) for part in parts for line in _TAGS.sub("\n", part).splitlines()):
        if language != "tr":
            found += _LATIN.findall(line)
        elif len(set(_COMMON.findall(line))) > 1:
            found.append(line)
    return found
