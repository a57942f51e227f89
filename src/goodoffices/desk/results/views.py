"""Pages of results: the public record, one commitment, downloads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_http_date_safe, quote_etag

from goodoffices import __version__
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.http import guard, show, viewer_of
from goodoffices.desk.results import exports, makeviews, selectors, showing
from goodoffices.desk.results.selectors import Shown
from goodoffices.formats.results_page import results_style

PART = "desk_results"
Made = Callable[[], HttpResponse]
STYLE = hashlib.sha256(results_style().encode()).hexdigest()[:8]
_MAX_AGE = 60
_MANY = 400


@guard("result", "read")
def results(request: HttpRequest) -> HttpResponse:
    """Show the public record whole: promised, stated, confirmed, withheld."""
    shown = selectors.shown_public(viewer_of(request))
    return cached(request, shown, lambda: _page(request, shown, showing.whole(shown, viewer_of(request).language)))


@guard("result", "read")
def commitment(request: HttpRequest, name: str) -> HttpResponse:
    """Show one commitment: what was promised, every movement, who says so."""
    shown = selectors.shown_public(viewer_of(request))
    found = shown.commitment(name)

    def made() -> HttpResponse:
        body = showing.one(shown, found.id, viewer_of(request).language)
        title = f"{found.id} {showing.phrases_of(shown, viewer_of(request).language).text(found.title)}"
        return _page(request, shown, body, title=title, commitment=found.id)

    return cached(request, shown, made)


@guard("assertion", "read")
def everything(request: HttpRequest) -> HttpResponse:
    """Show what parties may read of one another's figures, published or not."""
    viewer = viewer_of(request)
    shown = selectors.shown_all(viewer)
    return _page(request, shown, showing.whole(shown, viewer.language, address=""), is_all=True)


def _page(request: HttpRequest, shown: Shown, body: str, **more: object) -> HttpResponse:
    viewer = viewer_of(request)
    title = more.pop("title", None) or say("results", viewer.language, "title")
    base = request.build_absolute_uri("/").rstrip("/")
    name = str(more.get("commitment", ""))
    is_long = len(shown.process.assertions) > _MANY  # then the file alone has them: the page stays small
    context = {
        "body": body,
        "title": title,
        "shown": shown,
        "downloads": {file: form[0] for file, form in exports.FORMS.items()},
        "style": STYLE,
        "makes": makeviews.may_make(viewer) if viewer.user else {},
        "claims": "" if is_long else exports.claims_text(shown, viewer.language, base, name),
    } | more
    return show(request, "results/results.html", context, part=PART)


def cached(request: HttpRequest, shown: Shown, made: Made) -> HttpResponse:
    """Answer 304 where the reader has this very page; anyone may keep the public's, nobody a member's."""
    viewer = viewer_of(request)
    if viewer.user or "lang" in request.GET:
        answer = made()
        answer["Cache-Control"] = "private, no-cache"
        return answer
    head = getattr(request, "head", None)
    text = "|".join([request.path, shown.key, viewer.language, str(head), __version__, STYLE])
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    is_same = etag in known if known != [""] else since is not None and since >= int(shown.at.timestamp())
    answer = HttpResponse(status=304) if is_same else made()
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(shown.at.timestamp())
    answer["Cache-Control"] = f"public, max-age={_MAX_AGE}"
    answer["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return answer


def style(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Give the rules of the page's pictures; the address changes with them, so they may be kept."""
    return HttpResponse(
        results_style(), content_type="text/css; charset=utf-8", headers={"Cache-Control": "public, max-age=31536000"}
    )


@guard("result", "read")
def download(request: HttpRequest, file: str) -> HttpResponse:
    """Give the public record as a file."""
    viewer = viewer_of(request)
    shown = selectors.shown_public(viewer)
    kind = exports.FORMS[file][1]

    def made() -> HttpResponse:
        base = request.build_absolute_uri("/").rstrip("/")
        answer = HttpResponse(exports.written(file, shown, viewer.language, base), content_type=kind)
        if not file.endswith(".atom"):
            answer["Content-Disposition"] = f'attachment; filename="{shown.process.id}-{file}"'
        return answer

    return cached(request, shown, made)
