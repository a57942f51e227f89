"""Pages of a case of remains."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.http import done, guard, viewer_of, writes
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.parties.services import reading_note, release_ask
from goodoffices.desk.remains.forms import PART, BoardForm, ExamineForm, ItemForm, ReleaseForm, SampleForm, SplitForm
from goodoffices.desk.remains.models import Case
from goodoffices.desk.remains.selectors import board, cases, standing
from goodoffices.desk.remains.services import board as deciding
from goodoffices.desk.remains.services import chain, samples
from goodoffices.desk.remains.views.common import language_of, page, plainly, take
from goodoffices.domain.errors import NotYoursError, TransitionError

A_PAGE = 60
EVENTS = {"identified": ("tell_family",), "family_told": ("release",), "not_ours": ("declare",)}


@guard("remains", "read")
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the viewer's cases."""
    viewer, now = viewer_of(request), timezone.now()
    found = cases.mine(viewer, now).order_by("number")
    state, number = request.GET.get("state", ""), request.GET.get("number", "").strip()[:12]
    if state:
        found = found.filter(state=state)
    if number:
        found = found.filter(number__icontains=number)
    if request.GET.get("reopened"):
        found = found.filter(id__in=standing.reopenings(kind="case").values("object"))
    states = sorted(set(cases.mine(viewer, now).values_list("state", flat=True)))
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"cases": shown, "states": [(one, f"state_{one}") for one in states], "state": state, "number": number}
    return page(request, "cases", context)


@guard("remains", "read")
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show one case: items, custody, samples, candidates, board; to the other side what was released."""
    viewer, now = viewer_of(request), timezone.now()
    found = cases.case_of(viewer, case_id, now)
    reading_note(by=viewer, owner=found.owner, kind="remains", row=found.id, at=now)
    seen = cases.fields_seen(viewer, found, now)
    context = {
        "case": found,
        "seen": seen,
        "whole": may(viewer, "read", standing.thing(found.owner)),
        "tree": cases.tree(found) if "items" in seen else [],
        "line": cases.line_of(found.container) if "custody" in seen else [],
        "samples": found.samples.prefetch_related("profiles").order_by("code") if "samples" in seen else [],
        "findings": board.findings(found),
        "steps": found.steps.order_by("at", "id"),
        "reopened": standing.reopenings(kind="case", key=found.id),
        "joined": found.joined.order_by("number"),
    }
    return page(request, "case", context | _work(request, viewer, found) | _release(request, viewer, found))


def _work(request: HttpRequest, viewer: Viewer, found: Case) -> dict[str, object]:
    """Give the forms and the board's part, to who works on the case."""
    language, items = language_of(request), _items(found)
    context: dict[str, object] = {}
    if cases.may_write(viewer, found):
        context |= {
            "item_form": ItemForm(items=items, language=language, prefix="i"),
            "sample_form": SampleForm(items=items, language=language, prefix="s"),
            "examine_form": ExamineForm(language=language, prefix="e", initial=found.about or {}),
            "split_form": SplitForm(items=items, language=language, prefix="p") if len(items) > 1 else None,
            "events": EVENTS.get(found.state, ()),
        }
    if may(viewer, "decide", standing.thing(found.owner)):
        context |= {
            "candidates": list(board.of_case(viewer, found)[:5]),
            "asked": board.asked(found),
            "board_form": BoardForm(language=language, prefix="b"),
            "decides": True,
        }
    return context


def _release(request: HttpRequest, viewer: Viewer, found: Case) -> dict[str, object]:
    if not may(viewer, "make", Thing("remains_release", found.owner)):
        return {}
    return {"release_form": ReleaseForm(language=language_of(request), prefix="r")}


def _items(found: Case) -> list[tuple[str, str]]:
    return [(one.item.id, f"{'· ' * one.depth}{one.item.number}") for one in cases.tree(found)]


def _working(request: HttpRequest, key: str) -> Case:
    """Give a case to who works on it.

    Raises
    ------
    NotYoursError
        If it is not there for this viewer.
    """
    viewer = viewer_of(request)
    found = cases.case_of(viewer, key, timezone.now())
    if not cases.may_write(viewer, found):
        raise NotYoursError("not yours to change")
    return found


@guard("remains", "write")
@writes
@plainly
def case_step(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take a case a step on: family told, released to the family, declared to the other side.

    Raises
    ------
    TransitionError
        If the state does not allow it.
    """
    found = _working(request, case_id)
    event = request.POST.get("event", "")
    if event not in EVENTS.get(found.state, ()):
        raise TransitionError("state")
    chain.case_step(cases=[found], event=event, by=viewer_of(request), at=timezone.now())
    return done(request, f"/remains/case/{case_id}", PART, "done_step")


@guard("remains", "write")
@writes
@plainly
def case_examine(request: HttpRequest, case_id: str) -> HttpResponse:
    """Note what the examination has seen."""
    found = _working(request, case_id)
    form = ExamineForm(request.POST, language=language_of(request), prefix="e")
    back = f"/remains/case/{case_id}"

    def act() -> HttpResponse:
        about = {name: str(value).strip() for name, value in form.cleaned_data.items()}
        chain.case_examine(case=found, about=about, by=viewer_of(request), at=timezone.now())
        return done(request, back, PART, "done_examined")

    return take(request, form, title="examine", back=back, act=act)


@guard("remains", "write")
@writes
@plainly
def item_add(request: HttpRequest, case_id: str) -> HttpResponse:
    """Add an item."""
    found = _working(request, case_id)
    form = ItemForm(request.POST, items=_items(found), language=language_of(request), prefix="i")
    back = f"/remains/case/{case_id}"

    def act() -> HttpResponse:
        told = form.cleaned_data
        parent = found.items.filter(id=told["parent"]).first() if told["parent"] else None
        chain.item_add(
            case=found,
            number=told["number"].strip(),
            kind=told["kind"],
            what=told["what"],
            parent=parent,
            by=viewer_of(request),
        )
        return done(request, back, PART, "done_item")

    return take(request, form, title="item_add", back=back, act=act)


@guard("remains", "write")
@writes
@plainly
def sample_add(request: HttpRequest, case_id: str) -> HttpResponse:
    """Note a sample."""
    found = _working(request, case_id)
    form = SampleForm(request.POST, items=_items(found), language=language_of(request), prefix="s")
    back = f"/remains/case/{case_id}"

    def act() -> HttpResponse:
        told = form.cleaned_data
        item = found.items.filter(id=told["item"]).first() if told["item"] else None
        samples.sample_add(
            case=found,
            code=told["code"].strip(),
            tissue=told["tissue"],
            taken_at=timezone.now(),
            item=item,
            by=viewer_of(request),
        )
        return done(request, back, PART, "done_sample")

    return take(request, form, title="sample_add", back=back, act=act)


@guard("remains", "write")
@writes
@plainly
def case_split(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take items into a case of their own."""
    found = _working(request, case_id)
    form = SplitForm(request.POST, items=_items(found), language=language_of(request), prefix="p")

    def act() -> HttpResponse:
        chosen = list(found.items.filter(id__in=form.cleaned_data["items"]))
        fresh = chain.case_split(case=found, items=chosen, by=viewer_of(request), at=timezone.now())
        return done(request, f"/remains/case/{fresh.id}", PART, "done_split", number=fresh.number)

    return take(request, form, title="split", back=f"/remains/case/{case_id}", act=act)


@guard("remains", "decide")
@writes
@plainly
def case_vote(request: HttpRequest, case_id: str) -> HttpResponse:
    """Vote on a question about a case: not ours, one person with another case, an identification that falls."""
    viewer, now = viewer_of(request), timezone.now()
    found = cases.case_of(viewer, case_id, now)
    form = BoardForm(request.POST, language=language_of(request), prefix="b")
    back = f"/remains/case/{case_id}"

    def act() -> HttpResponse:
        told = form.cleaned_data
        other, about = None, None
        if told["verdict"] == "reassociated":
            other = cases.mine(viewer, now).filter(number=told["other"].strip().upper()).first()
            if other is None:
                raise TransitionError("other_case")
        if told["verdict"] == "retracted":
            about = next(iter(standing.standing_findings(found)), None)
            if about is None:
                raise TransitionError("fallen")
        question = deciding.Question(told["verdict"], other=other, about=about)
        finding = deciding.vote(
            case=found, question=question, agrees=told["agrees"] == "yes", reason=told["reason"], by=viewer, at=now
        )
        return done(request, back, PART, "done_vote" if finding is None else f"found_{finding.kind}")

    return take(request, form, title="board", back=back, act=act)


@guard("remains_release", "make")
@writes
@plainly
def case_release(request: HttpRequest, case_id: str) -> HttpResponse:
    """Ask that the other side may see a case; a second member approves it among the releases."""
    viewer, now = viewer_of(request), timezone.now()
    found = cases.case_of(viewer, case_id, now)
    require(viewer, "make", Thing("remains_release", found.owner))
    form = ReleaseForm(request.POST, language=language_of(request), prefix="r")

    def act() -> HttpResponse:
        for side in sides():
            if side.code != found.owner:
                release_ask(
                    owner=found.owner,
                    audience=side.code,
                    kind="remains",
                    row=found.id,
                    fields=("number", *form.cleaned_data["fields_seen"]),
                    starts_at=now,
                    ends_at=None,
                    by=viewer,
                    at=now,
                )
        return done(request, "/releases", PART, "done_release_asked")

    return take(request, form, title="release", back=f"/remains/case/{case_id}", act=act)
