"""Pages of signed statements on paper: printed as numbered codes, and taken back as they were scanned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.frame.refusals import refusal
from goodoffices.desk.handover import dayservices, papers, selectors, showing
from goodoffices.desk.handover.dayviews import file_answer, languages_asked
from goodoffices.desk.handover.forms import PartsForm
from goodoffices.desk.handover.views import PART, form_page, found_of
from goodoffices.desk.http import done, guard, writes
from goodoffices.domain.errors import InputError
from goodoffices.domain.process import Role
from goodoffices.formats.parts import gather
from goodoffices.formats.print.parts import Parts, parts_pdf


@guard("transfer", "attest")
def codes(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Print a file of statements as numbered codes."""
    viewer, found = found_of(request, code)
    row = selectors.file_of(viewer, found, key)
    frame = papers.frame_of(viewer, found, timezone.now())
    data = parts_pdf(Parts(frame, Role(row.role), row.content.encode()), languages_asked(request, viewer)[0])
    return file_answer(data, "application/pdf", f"{code}-{row.role}-codes.pdf")


@guard("transfer", "attest")
def codes_form(request: HttpRequest, code: str) -> HttpResponse:
    """Show where scanned codes are put in."""
    viewer, _ = found_of(request, code)
    back = f"/transfers/{code}/day"
    form = PartsForm(language=viewer.language)
    return form_page(request, form, title="codes", back=back, action=f"{back}/codes/scanned", status=200)


@guard("transfer", "attest")
@writes
def codes_scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Take every file of which all parts are there; if one lacks a part nothing is taken, and the part is named."""
    viewer, found = found_of(request, code)
    form, back, taken = PartsForm(request.POST, language=viewer.language), f"/transfers/{code}/day", []
    if form.is_valid():
        gathered = gather(form.cleaned_data["scanned"])
        for line in showing.parts_lines(gathered, viewer.language):
            form.add_error("scanned", line)
        whole = [one.data for one in gathered if one.data is not None]
        for data in whole if not form.errors else ():
            try:
                taken.append(dayservices.file_hand_in(transfer=found, data=data, by=viewer, at=timezone.now()))
                for line in showing.problem_lines(taken[-1].problems, viewer.language):
                    form.add_error("scanned", line)
            except InputError as error:
                for fault in error.faults:
                    form.add_error("scanned", refusal(fault, viewer.language))
    if form.errors:
        return form_page(request, form, title="codes", back=back, action=f"{back}/codes/scanned")
    key = "file_done" if any(one.is_new for one in taken) else "file_again"
    return done(request, back, PART, key, n=sum(one.statements for one in taken))
