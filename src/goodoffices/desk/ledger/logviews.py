"""The log itself, for programs: tiles and heads that anyone may keep, the exchange with witnesses, the bundle."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from goodoffices.desk.http import guard, show, viewer_of
from goodoffices.desk.ledger import files, selectors, services
from goodoffices.desk.ledger.forms import OldForm
from goodoffices.domain.errors import InputError

PART = "desk_ledger"
_FOREVER = "public, max-age=31536000, immutable"
_BRIEF = "public, max-age=5"
_TEXT = "text/plain; charset=utf-8"


@guard("head", "read")
def verify(request: HttpRequest) -> HttpResponse:
    """Show how anyone checks the record without this desk."""
    found = selectors.record(viewer_of(request), most=1)
    context = {"record": found, "pages": files.offline()}
    answer = show(request, "ledger/verify.html", context, part=PART)
    if not viewer_of(request).user and "lang" not in request.GET:
        answer["Cache-Control"] = _BRIEF
        answer["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return answer


@guard("head", "read")
def page(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Give an offline page; it is opened from disk, under the policy it carries itself."""
    return HttpResponse(
        files.offline()[name][0],
        content_type="text/html; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "public, max-age=3600"},
    )


@guard("head", "read")
def bundle(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Give the public bundle, which `goodoffices-verify` checks."""
    return HttpResponse(
        files.bundle(),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="bundle.zip"', "Cache-Control": _BRIEF},
    )


@guard("head", "read")
def log_file(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Give a file of the log: tiles never change, the head does."""
    is_tile = name.startswith("tile/")
    return HttpResponse(
        files.log_file(name),
        content_type="application/octet-stream" if is_tile else _TEXT,
        headers={"Cache-Control": _FOREVER if is_tile else _BRIEF},
    )


@guard("head", "read")
def cosign_request(request: HttpRequest) -> HttpResponse:
    """Give what a witness is asked to cosign: the body of add-checkpoint."""
    form = OldForm(request.GET)
    try:
        body = files.cosign_request(form.cleaned_data["old"] if form.is_valid() else 0)
    except InputError as error:
        return HttpResponse(f"{error}\n", status=400, content_type=_TEXT)
    return HttpResponse(
        body,
        content_type=_TEXT,
        headers={"Content-Disposition": 'attachment; filename="cosign.txt"', "Cache-Control": "no-store"},
    )


@csrf_exempt  # a witness is a program without a session; its signature is its right, and is checked
@guard("head", "read")
def cosignature(request: HttpRequest) -> HttpResponse:
    """Take the line that a witness has answered."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    try:
        head = services.line_take(request.read(services.LONGEST_LINE + 1))
    except InputError as error:
        return HttpResponse(f"{error}\n", status=403, content_type=_TEXT)
    return HttpResponse(f"{head.checkpoint.size}\n", content_type=_TEXT)
