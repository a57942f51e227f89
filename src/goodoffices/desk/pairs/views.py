"""Pages of pairs: the queue, one pair, decide and undo; for a side the neutral's question about its own record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.frame.told import told
from goodoffices.desk.http import done, guard, show, viewer_of, writes
from goodoffices.desk.lists.selectors import Seen, versions_seen
from goodoffices.desk.lists.services import reads_note
from goodoffices.desk.pairs import page, selectors, services
from goodoffices.desk.pairs.forms import PART, RunForm
from goodoffices.desk.pairs.models import Pair
from goodoffices.desk.pairs.selectors import KIND, RunSeen, Tally
from goodoffices.desk.pairs.states import ANSWERS
from goodoffices.desk.parties.selectors import process, sides
from goodoffices.domain.errors import InputError, TransitionError


@guard(KIND, "read")
def pairs(request: HttpRequest) -> HttpResponse:
    """Show the neutral's queue; to a side what it is asked, and what was acknowledged to it."""
    viewer = viewer_of(request)
    if viewer.party in {side.code for side in sides()}:
        return show(request, "pairs/questions.html", {"questions": selectors.questions(viewer)}, part=PART)
    versions = versions_seen(viewer, timezone.now())
    runs = selectors.runs_among(viewer, versions)
    key = request.GET.get("run", "")
    chosen = selectors.run_named(runs, key) if key else next((one for one in runs if one[0].is_done), None)
    context: dict[str, Any] = {
        "runs": [run for run, _, _ in runs],
        "run": chosen and chosen[0],
        "may_run": may(viewer, "run", Thing(KIND)),
        "may_link": len(selectors.choices_among(versions)) > 1,
    }
    if chosen is not None and chosen[0].is_done:
        tally = selectors.tally_of(chosen[0])
        context |= _queue(request, chosen, "read", tally) | page.told(chosen[0], tally)
    return show(request, "pairs/pairs.html", context, part=PART)


@guard(KIND, "read")
def found(request: HttpRequest) -> HttpResponse:
    """Give the pairs that match what is being typed: the table alone."""
    viewer = viewer_of(request)
    chosen = selectors.run_of(viewer, request.GET.get("run", ""), timezone.now())
    if "warm" in request.GET:
        page.warm(request.session.session_key or "", chosen)
        return HttpResponse(status=204)
    return show(request, "pairs/_queue.html", _queue(request, chosen, "search"), part=PART)


def _queue(request: HttpRequest, run: RunSeen, verb: str, tally: Tally | None = None) -> dict[str, Any]:
    viewer = viewer_of(request)
    wanted = page.asked(request.GET)
    queue = page.found_pairs(request.session.session_key or "", run, wanted)
    verdict = wanted["verdict"].removeprefix("any")
    total = tally.count(state=wanted["state"], verdict=verdict) if tally and not wanted["q"] else None
    shown, lines = page.queue_lines(run, queue, request.GET.get("page"), tongue=viewer.language, total=total)
    _note(viewer, run, [line.pair for line in lines], verb)
    kept = urlencode({name: wanted[name] for name in ("state", "verdict", "order") if wanted[name]})
    return {"run": run[0], "lines": lines, "page": shown, "wanted": wanted, "kept": f"run={run[0].id}&{kept}"}


def _note(viewer: Viewer, run: RunSeen, pairs_: Sequence[Pair], verb: str = "read") -> None:
    """Note for both owners that these records are about to be shown."""
    lines = [
        (seen, [str(record.fields.get("ref", "")) for record in records])
        for seen, records in zip(
            run[1:], ([pair.left for pair in pairs_], [pair.right for pair in pairs_]), strict=True
        )
    ]
    reads_note(lines=lines, by=viewer, at=timezone.now(), verb=verb)


@guard(KIND, "count")
def counts(request: HttpRequest) -> HttpResponse:
    """Show how many pairs wait and how many are decided; nothing of what is in them."""
    return show(request, "pairs/counts.html", {"counts": selectors.counts()}, part=PART)


@guard(KIND, "run")
def link(request: HttpRequest) -> HttpResponse:
    """Choose two released lists and have them compared."""
    return _link(request) if request.method == "POST" else _link_page(request)


def _named(seen: Seen, language: str) -> str:
    version = seen.version
    kind = say("lists", language, f"kind_{version.list.kind}")
    return f"{told(version.list.owner.name)}: {kind} ({version.records}, {version.sealed_at:%Y-%m-%d})"


def _run_form(viewer: Viewer, data: Any = None) -> tuple[RunForm, dict[str, Seen]]:
    seen_now = versions_seen(viewer, timezone.now())
    versions = {seen.version.id: seen for seen in selectors.choices_among(seen_now)}
    choices = [(key, _named(seen, viewer.language)) for key, seen in versions.items()]
    return RunForm(data, versions=choices, language=viewer.language), versions


def _link_page(request: HttpRequest, form: RunForm | None = None) -> HttpResponse:
    made, versions = _run_form(viewer_of(request))
    form = form or made
    context = {"form": form, "is_enough": len(versions) > 1}
    return show(request, "pairs/link.html", context, part=PART, status=422 if form.errors else 200)


@writes
def _link(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form, versions = _run_form(viewer, request.POST)
    if not form.is_valid():
        return _link_page(request, form)
    left, right = (versions[form.cleaned_data[name]] for name in ("left", "right"))
    try:
        run = services.run_ask(left=left, right=right, by=viewer, at=timezone.now())
    except InputError:
        form.add_error("right", say(PART, viewer.language, "two_sides"))
        return _link_page(request, form)
    return done(request, f"/jobs/{run.job}", PART, "run_asked")


@guard(KIND, "read")
def pair(request: HttpRequest, key: str) -> HttpResponse:
    """Show one pair: to the neutral both records and the evidence, to a side its own record and the question."""
    viewer = viewer_of(request)
    seen = selectors.pair_seen(viewer, key, timezone.now())
    if seen.left is None or seen.right is None:
        return _question(request, seen)
    run = (seen.pair.run, seen.left, seen.right)
    _note(viewer, run, [seen.pair])
    wanted = page.asked(request.GET)
    before, after = selectors.neighbours(
        seen.pair, page.found_pairs(request.session.session_key or "", run, wanted), wanted["order"]
    )
    rows, silent = page.side_by_side(seen.pair, seen.left, seen.right)
    decisions = list(seen.pair.decisions.select_related("by").order_by("number"))
    context = page.evidence(seen.pair, viewer.language) | {
        "pair": seen.pair,
        "seen": seen,
        "rows": rows,
        "silent": silent,
        "owners": (seen.left.version.list.owner, seen.right.version.list.owner),
        "kinds": (seen.left.version.list.kind, seen.right.version.list.kind),
        "decisions": decisions,
        "number": len(decisions),
        "replies": seen.pair.replies.select_related("by", "party").order_by("-number"),
        "may_decide": may(viewer, "decide", Thing(KIND, seen.holder, seen.facts)),
        "two": process().two_reviewers,
        "previous": before,
        "following": after,
        "kept": urlencode({name: value for name, value in wanted.items() if value}),
        "wanted": wanted,
    }
    return show(request, "pairs/pair.html", context, part=PART)


def _question(request: HttpRequest, seen: selectors.SeenPair) -> HttpResponse:
    viewer = viewer_of(request)
    record, version = selectors.own_record(viewer, seen)
    is_holder = viewer.party == seen.holder
    context = {
        "pair": seen.pair,
        "list": version.list,
        "record": record,
        "lines": page.own_lines(record),
        "is_holder": is_holder,
        "answers": ANSWERS,
        "replies": seen.pair.replies.select_related("by").order_by("-number") if is_holder else (),
    }
    return show(request, "pairs/question.html", context, part=PART)


@guard(KIND, "decide")
@writes
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Take a verdict, and lead on to the next pair that waits."""
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.pair_seen(viewer, key, now, "decide")
    if seen.left is None or seen.right is None:
        raise TransitionError("a side does not decide on a pair")
    verdict, shown = request.POST.get("verdict", ""), request.POST.get("seen", "")
    decided = services.pair_decide(
        pair=seen.pair,
        verdict=verdict,
        seen=int(shown) if shown.isdecimal() and len(shown) < 6 else -1,
        by=viewer,
        at=now,
    )
    kept = request.POST.get("kept", "")[:300]
    wanted = page.asked(dict(parse_qsl(kept)))
    run = (seen.pair.run, seen.left, seen.right)
    waiting = page.found_pairs(request.session.session_key or "", run, wanted)
    _, after = selectors.neighbours(seen.pair, waiting, wanted["order"])
    following: Pair | None = after or waiting.exclude(id=seen.pair.id).first()
    address = f"/pairs/{following.id}?{kept}" if following else f"/pairs?run={seen.pair.run_id}"
    return done(request, address, PART, f"decided_{decided.state}")


@guard(KIND, "decide")
@writes
def undo(request: HttpRequest) -> HttpResponse:
    """Undo the viewer's own last decision by one of its own, and show that pair again."""
    viewer, now = viewer_of(request), timezone.now()
    last = services.last_own(viewer)
    if last is None:
        raise TransitionError("there is no decision of yours to undo")
    seen = selectors.pair_seen(viewer, last.id, now, "decide")
    services.pair_decide(pair=seen.pair, verdict="undo", seen=seen.pair.decisions.count(), by=viewer, at=now)
    return done(request, f"/pairs/{last.id}", PART, "undone")


@guard(KIND, "decide")
def confirm(request: HttpRequest, run: str) -> HttpResponse:
    """Show how many pairs the machine links, and confirm them together."""
    return _confirm(request, run) if request.method == "POST" else _confirm_page(request, run)


def _confirm_page(request: HttpRequest, key: str) -> HttpResponse:
    run, _, _ = selectors.run_of(viewer_of(request), key, timezone.now())
    context = {"run": run, "n": services.sure_pairs(run, viewer_of(request)).count(), "two": process().two_reviewers}
    return show(request, "pairs/confirm.html", context, part=PART)


@writes
def _confirm(request: HttpRequest, key: str) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    run, _, _ = selectors.run_of(viewer, key, now)
    shown = request.POST.get("seen", "")
    count = services.pairs_confirm(
        run=run, seen=int(shown) if shown.isdecimal() and len(shown) < 9 else -1, by=viewer, at=now
    )
    return done(request, f"/pairs?run={run.id}", PART, "confirmed", n=count)


@guard(KIND, "answer")
@writes
def reply(request: HttpRequest, key: str) -> HttpResponse:
    """Take the holder's answer."""
    viewer, now = viewer_of(request), timezone.now()
    seen = selectors.pair_seen(viewer, key, now, "answer")
    services.pair_reply(pair=seen.pair, answer=request.POST.get("answer", ""), by=viewer, at=now)
    return done(request, "/pairs", PART, "replied")
