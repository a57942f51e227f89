"""Pages of a list's files: upload, check, mapping of columns, yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.http import guard, show, viewer_of, writes
from goodoffices.desk.lists import selectors, services
from goodoffices.desk.lists.forms import PART, FileForm, NewForm
from goodoffices.desk.lists.models import List, ListFile
from goodoffices.desk.lists.page import Cell, cell_of
from goodoffices.domain.errors import InputError
from goodoffices.domain.lists import COLUMNS

_PAGE = 50


@guard("list", "write")
def list_new(request: HttpRequest) -> HttpResponse:
    """Begin a list with its first file."""
    return _list_take(request) if request.method == "POST" else _list_form(request)


def _list_form(request: HttpRequest, form: DeskForm | None = None) -> HttpResponse:
    form = form or NewForm(language=viewer_of(request).language)
    return show(request, "lists/new.html", {"form": form}, part=PART, status=422 if form.errors else 200)


@writes
def _list_take(request: HttpRequest) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    form = NewForm(request.POST, request.FILES, language=viewer.language)
    if not form.is_valid():
        return _list_form(request, form)
    given = form.cleaned_data
    made = services.list_start(kind=given["kind"], title=given["title"], by=viewer, at=now)
    return _take(request, form, made)


@guard("list", "write")
def file_new(request: HttpRequest, key: str) -> HttpResponse:
    """Send the next version of a list."""
    found = selectors.list_of(viewer_of(request), key, "write")
    return _file_take(request, found) if request.method == "POST" else _file_form(request, found)


def _file_form(request: HttpRequest, list_: List, form: DeskForm | None = None) -> HttpResponse:
    form = form or FileForm(language=viewer_of(request).language)
    context = {"form": form, "list": list_}
    return show(request, "lists/new.html", context, part=PART, status=422 if form.errors else 200)


@writes
def _file_take(request: HttpRequest, list_: List) -> HttpResponse:
    form = FileForm(request.POST, request.FILES, language=viewer_of(request).language)
    return _take(request, form, list_) if form.is_valid() else _file_form(request, list_, form)


def _take(request: HttpRequest, form: FileForm, list_: List) -> HttpResponse:
    file = form.cleaned_data["file"]
    taken = services.file_take(
        list_=list_, name=file.name or "", data=file.read(), by=viewer_of(request), at=timezone.now()
    )
    return HttpResponseRedirect(f"/jobs/{taken.job}")


@guard("list", "write")
def check(request: HttpRequest, key: str, file: str = "") -> HttpResponse:
    """Show what was understood of a file, its faults by row, what changed since the last version."""
    return _check(request, selectors.file_of(viewer_of(request), key, file))


def _check(request: HttpRequest, file: ListFile, faults: tuple[object, ...] = ()) -> HttpResponse:
    report: Mapping[str, Any] = file.report or {}
    shown = "warnings" if request.GET.get("show") == "warnings" or not file.faults else "faults"
    problems = Paginator(report.get(shown, ()), _PAGE).get_page(request.GET.get("page"))
    context = {
        "file": file,
        "list": file.list,
        "report": report,
        "shown": shown,
        "problems": problems,
        "titles": _titles(report, cast("Mapping[str, Any]", file.mapping or {})),
        "columns": COLUMNS,
        "sheet": (file.mapping or {}).get("sheet", ""),
        "faults": faults,
        "sample": [
            (
                record["row"],
                [cell_of(c, record[c]) if c in record else Cell(c, "", "unknown") for c in report["stated"]],
            )
            for record in report.get("sample", ())
        ],
        "may_map": file.state in {"refused", "faulty", "understood"},
        "may_drop": file.state in {"refused", "faulty", "understood"} or selectors.is_stopped(file),
        "is_stopped": selectors.is_stopped(file),
    }
    return show(request, "lists/check.html", context, part=PART, status=422 if faults else 200)


def _titles(report: Mapping[str, Any], mapping: Mapping[str, Any]) -> list[dict[str, str]]:
    """Give every title of the header with what it means now, now; of a refused file its fullest row."""
    said = mapping.get("columns", {})
    meant = {title: column for column, title in report.get("columns", {}).items()}
    meant |= dict.fromkeys(report.get("unknown", ()), "")
    if not meant and report.get("glance"):
        fullest = max(report["glance"], key=lambda row: sum(bool(cell.strip()) for cell in row["cells"]))
        meant = {cell.strip(): "" for cell in fullest["cells"] if cell.strip()}
    return [{"title": title, "column": said.get(title, column)} for title, column in meant.items()]


@guard("list", "write")
@writes
def file_map_columns(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """Say what the columns mean and have the file read again."""
    found = selectors.file_of(viewer_of(request), key, file)
    titles = request.POST.getlist("title")
    columns = dict(zip(titles, request.POST.getlist("column"), strict=False))
    try:
        file_ = services.file_map(
            file=found, columns=columns, sheet=request.POST.get("sheet", "").strip(), by=viewer_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except InputError as error:
        return _check(request, found, error.faults)
    return HttpResponseRedirect(f"/jobs/{file_.job}")


@guard("list", "write")
@writes
def file_once_more(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """Have a file read, or stored, whose job was cancelled or has failed."""
    found = selectors.file_of(viewer_of(request), key, file)
    services.file_again(file=found, by=viewer_of(request), at=timezone.now())
    return HttpResponseRedirect(f"/jobs/{found.job}")


@guard("list", "write")
@writes
def file_yes(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """Take the file as the next version."""
    found = selectors.file_of(viewer_of(request), key, file)
    services.file_accept(file=found, by=viewer_of(request), at=timezone.now())
    return HttpResponseRedirect(f"/jobs/{found.job}")


@guard("list", "write")
@writes
def file_away(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """Drop the file; nothing of it stays."""
    services.file_drop(file=selectors.file_of(viewer_of(request), key, file), by=viewer_of(request))
    return HttpResponseRedirect("/lists")
