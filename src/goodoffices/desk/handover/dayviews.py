"""Pages of the day: who has handed in, what is counted, keys, the page to count with, files, the paper form, papers."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.frame.refusals import refusal
from goodoffices.desk.handover import dayservices, papers, selectors, showing
from goodoffices.desk.handover.forms import FileForm, HandoverForm, KeyForm, OutcomeForm, PaperForm
from goodoffices.desk.handover.models import Transfer
from goodoffices.desk.handover.records import day_of
from goodoffices.desk.handover.views import PART, form_page, found_of, languages_all, page
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.domain.assertion import Scope
from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import InputError, NotYoursError
from goodoffices.domain.process import Role
from goodoffices.formats.day import day_bytes
from goodoffices.formats.daypage import day_page
from goodoffices.formats.pack import pack_pdf, pack_zip
from goodoffices.formats.print.countread import read_form
from goodoffices.formats.print.frame import printed
from goodoffices.formats.words import Language

_META = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')


@guard("transfer", "read")
def day(request: HttpRequest, code: str) -> HttpResponse:
    """Show the day: the clock, who has handed in, what is counted, what is missing."""
    viewer, found = found_of(request, code)
    return _day_page(request, viewer, found)


def _day_page(
    request: HttpRequest, viewer: Viewer, found: Transfer, *, form: HandoverForm | None = None, status: int = 200
) -> HttpResponse:
    the = selectors.the_day(found)
    role = selectors.role_of(viewer, found)
    thing = selectors.thing_of(found)
    attests = may(viewer, "attest", thing) and role is not None
    keys = selectors.keys_in_force(found).get(role, []) if role else []
    may_note = may(viewer, "write", Thing("interview"))
    asked, n_asked = selectors.outcomes(viewer, found, at_gate=the is not None and the.has_met)
    is_live = found.state not in selectors.OVER
    shown: dict[str, Any] = {}
    if the is not None:
        which = "all" if request.GET.get("show") == "all" else "open"
        start = request.GET.get("from", "")
        shown = showing.day(
            viewer, found, the, start=int(start) if start.isdecimal() and len(start) < 6 else 0, which=which
        )
    return page(
        request, "day", status=status, transfer=found, the=the, role=role, failed=form,
        keys=keys, may_make=may(viewer, "write", thing) and _may_make(found), persons=selectors.is_of_persons(found),
        counters=_counters(found, role) if attests else [], key_form=KeyForm(language=viewer.language, prefix="key"),
        file_form=FileForm(language=viewer.language), papers=papers.papers(viewer, found), outcomes=asked,
        asked=n_asked,
        outcome_form=OutcomeForm(language=viewer.language) if may_note and is_live else None, ready=_ready(found),
        is_live=is_live, languages_all=languages_all(), **shown,
    )  # fmt: skip


def _may_make(found: Transfer) -> bool:
    """Whether a manifest can be made: nothing is missing, and the present one names other keys than those in force."""
    if _ready(found) or found.state not in {"drafted", "conditions", "set"}:
        return False
    if found.day is None:
        return True
    named = {key for keys in day_of(found.day).keys.values() for key in keys if not key.startswith("paper.")}
    in_force = {key.vkey for keys in selectors.keys_in_force(found).values() for key in keys}
    return named != in_force and not found.day.files.exists()


def _ready(found: Transfer) -> list[str]:
    """Name what the manifest of the day still lacks."""
    keys = selectors.keys_in_force(found)
    there = {
        "items": bool(found.items),
        "starts_at": found.starts_at is not None,
        "place": bool(found.place),
        "giver": Role.GIVER in keys,
        "receiver": Role.RECEIVER in keys,
    }
    return [name for name, is_there in there.items() if not is_there]


def _counters(found: Transfer, role: Role | None) -> list[dict[str, str]]:
    """Give the pages to count with that a member may take, each with its hash."""
    if found.day is None or role is None:
        return []
    made = day_page(day_of(found.day), role).encode()
    return [{"role": role.value, "sha256": sha256_hex(made)}]


def _own_page(request: HttpRequest, code: str, name: str) -> str:
    """Give the page to count with of one's own role, and no other's."""
    viewer, found = found_of(request, code)
    role = selectors.role_of(viewer, found)
    if role is None or role.value != name or found.day is None or not may(viewer, "attest", selectors.thing_of(found)):
        raise NotYoursError("no such page")
    return day_page(day_of(found.day), role)


def _of_the_neutral(viewer: Viewer, found: Transfer) -> None:
    if selectors.role_of(viewer, found) is not Role.NEUTRAL or found.day is None:
        raise NotYoursError("the neutral types its form")


@guard("transfer", "attest")
def counter(request: HttpRequest, code: str, role: str) -> HttpResponse:
    """Give the page of one's own role to be saved and opened from disk."""
    return file_answer(_own_page(request, code, role).encode(), "text/html; charset=utf-8", f"{code}-{role}.html")


@csp_exempt()
@guard("transfer", "attest")
def count_here(request: HttpRequest, code: str, role: str) -> HttpResponse:
    """Open the same page here; it brings its own, narrower policy, and sends nothing."""
    text = _own_page(request, code, role)
    answer = HttpResponse(text, content_type="text/html; charset=utf-8")
    policy = _META.search(text)
    if policy is None:
        raise NotYoursError("a page without its policy")
    answer["Content-Security-Policy"] = f"{unescape(policy[1])}; frame-ancestors 'none'"
    return answer


@guard("transfer", "attest")
def day_json(request: HttpRequest, code: str) -> HttpResponse:
    """Give the manifest of the day as its file."""
    viewer, found = found_of(request, code)
    if found.day is None or selectors.role_of(viewer, found) is None:
        raise NotYoursError("no manifest")
    return file_answer(day_bytes(day_of(found.day)), "application/json", f"{code}-DAY.json")


@guard("transfer", "attest")
def evidence(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Give a file of statements whole, as it came."""
    viewer, found = found_of(request, code)
    row = selectors.file_of(viewer, found, key)
    return file_answer(
        row.content.encode(), "text/plain; charset=utf-8", f"{code}-{row.role}-{row.sha256[:8]}.statements"
    )


def file_answer(data: bytes, kind: str, name: str) -> HttpResponse:
    """Answer with a file to be kept."""
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@guard("transfer", "write")
@writes
def day_make(request: HttpRequest, code: str) -> HttpResponse:
    """Make the manifest of the day."""
    viewer, found = found_of(request, code)
    dayservices.day_make(transfer=found, by=viewer, at=timezone.now())
    return done(request, f"/transfers/{code}/day", PART, "day_done")


@guard("transfer", "attest")
@writes
def key_register(request: HttpRequest, code: str) -> HttpResponse:
    """Register a key of one's own role."""
    viewer, found = found_of(request, code)
    form = KeyForm(request.POST, language=viewer.language, prefix="key")
    if form.is_valid():
        try:
            dayservices.key_register(transfer=found, vkey=form.cleaned_data["vkey"], by=viewer, at=timezone.now())
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return _day_page(request, viewer, found, form=form, status=422)
    return done(request, f"/transfers/{code}/day", PART, "key_done")


@guard("transfer", "attest")
@writes
def key_end(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """End a key of one's own role."""
    viewer, found = found_of(request, code)
    row = found.keys.filter(id=key).first()
    if row is None:
        raise NotYoursError("no such key")
    dayservices.key_end(transfer=found, key=row, by=viewer, at=timezone.now())
    return done(request, f"/transfers/{code}/day", PART, "key_ended")


@guard("transfer", "attest")
@writes
def file_hand_in(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file of signed statements, or say by line why not."""
    viewer, found = found_of(request, code)
    form = FileForm(request.POST, request.FILES, language=viewer.language)
    taken = None
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            data = given.read(dayservices.MOST_BYTES + 1)
            taken = dayservices.file_hand_in(transfer=found, data=data, by=viewer, at=timezone.now())
            for line in showing.problem_lines(taken.problems, viewer.language):
                form.add_error("file", line)
        except InputError as error:
            form.take_faults(error)
    if form.errors or taken is None:
        return _day_page(request, viewer, found, form=form, status=422)
    key = "file_done" if taken.is_new else "file_again"
    return done(request, f"/transfers/{code}/day", PART, key, n=taken.statements)


@guard("transfer", "attest")
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Show where the neutral types its count form back."""
    viewer, found = found_of(request, code)
    _of_the_neutral(viewer, found)
    back = f"/transfers/{code}/day"
    form = PaperForm(language=viewer.language)
    return form_page(request, form, title="paper", back=back, action=f"{back}/typed", status=200)


@guard("transfer", "attest")
@writes
def paper_typed(request: HttpRequest, code: str) -> HttpResponse:
    """Take the count form as it was typed back."""
    viewer, found = found_of(request, code)
    _of_the_neutral(viewer, found)
    form, back, at = PaperForm(request.POST, language=viewer.language), f"/transfers/{code}/day", timezone.now()
    taken = None
    if form.is_valid():
        scope = form.cleaned_data["scope"]
        try:
            pages = read_form(papers.count_form(found, papers.frame_of(viewer, found, at)), form.cleaned_data["typed"])
            taken = dayservices.paper_type(
                transfer=found, pages=pages, scope=Scope(scope) if scope else None, by=viewer, at=at
            )
        except InputError as error:
            for fault in error.faults:
                form.add_error("typed", refusal(fault, viewer.language))
    if form.errors or taken is None:
        return form_page(request, form, title="paper", back=back, action=f"{back}/typed")
    return done(request, back, PART, "file_done" if taken.is_new else "file_again", n=taken.statements)


@guard("interview", "write")
@writes
def outcome(request: HttpRequest, code: str) -> HttpResponse:
    """Note whether a person goes."""
    viewer, found = found_of(request, code)
    form = OutcomeForm(request.POST, language=viewer.language)
    if form.is_valid():
        given = form.cleaned_data
        try:
            dayservices.outcome_note(
                transfer=found, number=given["number"], goes=given["goes"] == "yes", by=viewer, at=timezone.now()
            )
        except InputError as error:
            form.take_faults(error)
    if form.errors:
        return _day_page(request, viewer, found, form=form, status=422)
    return done(request, f"/transfers/{code}/day", PART, "outcome_done")


def languages_asked(request: HttpRequest, viewer: Viewer) -> list[Language]:
    """Give the languages a paper is asked for in: one's own if none is named."""
    known = {each.value: each for each in Language}
    asked = [known[code] for code in dict.fromkeys(request.GET.getlist("language")) if code in known]
    return asked or [Language(viewer.language)]


@guard("print", "read")
def paper_pdf(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Give one paper of a transfer as PDF."""
    viewer, found = found_of(request, code)
    languages = languages_asked(request, viewer)
    sheet = papers.sheet_of(viewer, found, name, languages=languages, at=timezone.now())
    return file_answer(printed([sheet]), "application/pdf", f"{code}-{name}.pdf")


@guard("print", "read")
def prints(request: HttpRequest) -> HttpResponse:
    """Show the papers of one day: every transfer, every sheet that is the reader's, and the pack."""
    viewer = viewer_of(request)
    date = _date(request, viewer)
    found = papers.of_date(viewer, date) if may(viewer, "read", selectors.thing_of(Transfer())) else []
    rows = [{"transfer": one, "papers": papers.papers(viewer, one)} for one in found]
    days = sorted({one for one in papers.dates(viewer) if one >= timezone.localdate() - dt.timedelta(days=1)})[:10]
    others = papers.others_of(viewer, date, language=Language(viewer.language), at=timezone.now())
    return page(
        request, "print", date=date, rows=rows, others=others, days=days, languages_all=languages_all(),
        is_packed=any(row["papers"] for row in rows) or any(not one.is_file for one in others),
    )  # fmt: skip


def _date(request: HttpRequest, viewer: Viewer) -> dt.date:
    """Give the day that is asked for; without one, tomorrow by the reader's clock."""
    try:
        return dt.date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        return papers.today(viewer, timezone.now()) + dt.timedelta(days=1)


@guard("print", "read")
def pack(request: HttpRequest, form: str) -> HttpResponse:
    """Give the pack of a day as one PDF or one ZIP."""
    viewer = viewer_of(request)
    date, language = _date(request, viewer), languages_asked(request, viewer)[0]
    made = papers.pack_of(viewer, date, language=language, at=timezone.now(), with_files=form == "zip")
    if made is None:
        raise NotYoursError("nothing to print on this day")
    if form == "pdf":
        return file_answer(pack_pdf(made, language), "application/pdf", f"pack-{date}.pdf")
    return file_answer(pack_zip(made, language), "application/zip", f"pack-{date}.zip")
