"""Pages of searches, candidates and the board."""

from __future__ import annotations

import math
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe

from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.services import reading_note
from goodoffices.desk.remains.forms import PART, SearchForm, VoteForm
from goodoffices.desk.remains.models import Candidate, Family
from goodoffices.desk.remains.selectors import board as reads
from goodoffices.desk.remains.selectors import standing
from goodoffices.desk.remains.services import board as deciding
from goodoffices.desk.remains.services.searching import search_ask
from goodoffices.desk.remains.views.common import language_of, page, plainly, take
from goodoffices.domain.kin import Person
from goodoffices.formats.kinship_page import waterfall
from goodoffices.formats.pedigree_svg import draw
from goodoffices.formats.words import Language, Words, number

A_PAGE = 60


@guard("remains", "search")
def searches(request: HttpRequest) -> HttpResponse:
    """Show the searches, and the form of a new one."""
    context = {
        "searches": reads.searches(viewer_of(request)),
        "form": SearchForm(language=language_of(request), initial={"prior": "default"}),
    }
    return page(request, "searches", context)


@guard("remains", "search")
@writes
@plainly
def search_start(request: HttpRequest) -> HttpResponse:
    """Ask for a search; lead to its job."""
    form = SearchForm(request.POST, language=language_of(request))

    def act() -> HttpResponse:
        told = form.cleaned_data
        search = search_ask(
            kind="kinship",
            by=viewer_of(request),
            at=timezone.now(),
            prior=form.told(),
            threshold=told["threshold"],
            theta=told["theta"],
            drop_out=told["drop_out"],
        )
        return done(request, f"/jobs/{search.job}", PART, "done_search")

    return take(request, form, title="search_new", back="/remains/searches", act=act)


@guard("remains", "search")
@writes
@plainly
def reassociate_start(request: HttpRequest) -> HttpResponse:
    """Ask which samples are one person; lead to the job."""
    search = search_ask(kind="reassociation", by=viewer_of(request), at=timezone.now())
    return done(request, f"/jobs/{search.job}", PART, "done_search")


@guard("remains", "search")
def search(request: HttpRequest, remains_search_id: str) -> HttpResponse:
    """Show what a search found."""
    viewer = viewer_of(request)
    found = reads.search_of(viewer, remains_search_id)
    context: dict[str, Any] = {"search": found, "notes": _notes(found.notes or [], language_of(request))}
    if found.kind == "kinship":
        rows = found.candidates.select_related("case", "family").order_by("-joint_posterior", "-log10_lr", "id")
        context["candidates"] = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    else:
        context |= {"groups": reads.groups_of(viewer, found), "commingled": reads.commingled_of(viewer, found)}
    return page(request, "search", context)


def _notes(notes: list[list[str]], language: str) -> list[tuple[str, int]]:
    """Say what was noticed, by kind, with how often."""
    words = Words(PART, Language(language))
    counted: dict[str, int] = {}
    for code, *_ in notes:
        counted[code] = counted.get(code, 0) + 1
    return [(words(f"note_{code}") if words.has(f"note_{code}") else code, n) for code, n in counted.items()]


@guard("remains", "search")
def board(request: HttpRequest) -> HttpResponse:
    """Show what waits for the board: pairs that meet the rule, disagreements, families to sample."""
    viewer = viewer_of(request)
    shown = Paginator(reads.waiting(viewer), A_PAGE).get_page(request.GET.get("page"))
    voted = {vote.candidate_id for vote in reads.open_votes(viewer)}
    context = {
        "waiting": [(one, one.id in voted) for one in shown],
        "shown": shown,
        "split": reads.disagreements(viewer),
        "to_sample": reads.to_sample(viewer)[:50],
    }
    return page(request, "board", context)


@guard("remains", "search")
def candidate(request: HttpRequest, candidate_id: str) -> HttpResponse:
    """Show one candidate: the weight, the rule, the pedigree, locus by locus; and vote."""
    viewer, language = viewer_of(request), language_of(request)
    found = reads.candidate_of(viewer, candidate_id)
    now = timezone.now()
    for owner in {found.case.owner, found.family.owner}:
        reading_note(by=viewer, owner=owner, kind="candidate", row=found.id, at=now)
    question = deciding.Question("identified", candidate=found)
    report = found.report
    context = {
        "candidate": found,
        "report": report,
        "lacks": standing.lacks(found),
        "bits": number(found.log10_lr / math.log10(2), 1),
        "steps": mark_safe(waterfall(_steps(found), Words("kinship", Language(language)))),  # noqa: S308  escaped there
        "pedigree": pedigree(found.family, report["typed"]),
        "people": list(dict.fromkeys(name for _, _, relatives, _ in report["loci"] for name in relatives)),
        "votes": standing.standing_votes(found.case, question.name),
        "findings": reads.findings(found.case),
        "form": VoteForm(language=language),
        "rivals": reads.of_case(viewer, found.case).exclude(id=found.id)[:4],
    }
    return page(request, "candidate", context)


def _steps(found: Candidate) -> list[tuple[str, float, float]]:
    """Lay prior, DNA and total out on one scale of bits."""
    missing, prior = int(found.report["missing"]), str(found.search.frame["prior"])
    size = int(prior.partition(":")[2]) if prior.startswith("open:") else missing + (prior == "default")
    start = -math.log2(max(size - 1, 1))
    stop = start + found.log10_lr / math.log10(2)
    return [("prior", 0.0, start), ("dna", start, stop), ("total", 0.0, stop)]


def pedigree(family: Family, typed: list[str]) -> str:
    """Draw a family by the letters of its members."""
    people = [Person(row[0], row[1], row[2], row[3]) for row in family.pedigree]
    missing = [row[0] for row in family.pedigree if row[4]]
    return mark_safe(draw(people, typed=set(typed), missing=missing))  # noqa: S308  every part is escaped by `tag`


@guard("remains", "decide")
@writes
@plainly
def candidate_vote(request: HttpRequest, candidate_id: str) -> HttpResponse:
    """Vote on a candidate."""
    viewer = viewer_of(request)
    found = reads.candidate_of(viewer, candidate_id)
    form = VoteForm(request.POST, language=language_of(request))

    def act() -> HttpResponse:
        finding = deciding.vote(
            case=found.case,
            question=deciding.Question("identified", candidate=found),
            agrees=form.cleaned_data["agrees"] == "yes",
            reason=form.cleaned_data["reason"],
            by=viewer,
            at=timezone.now(),
        )
        said = "done_vote" if finding is None else "found_identified"
        return done(request, f"/remains/candidate/{candidate_id}", PART, said)

    return take(request, form, title="board", back=f"/remains/candidate/{candidate_id}", act=act)
