"""The audit of one side's view of a plan: its own half in full, of the other half the numbers as the view says them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from goodoffices.domain.canonical import Json
from goodoffices.engines.audit import exchange_counts as counts
from goodoffices.engines.audit import exchange_order as order
from goodoffices.engines.audit.book import Book
from goodoffices.engines.audit.exchange_counts import Found
from goodoffices.engines.audit.exchange_people import CIVILIAN, EVERYONE, PRISONER, Held, read_held
from goodoffices.engines.audit.exchange_plan import Going, Paper, find_going
from goodoffices.engines.audit.exchange_rules import Rules, UnreadableError, read_rules
from goodoffices.engines.audit.verdict import Verdict

FORM = "goodoffices/plan-view@v1"
_NEEDS_BOTH = ("order_sha256", "objective", "unfilled")


@dataclass(frozen=True, slots=True)
class View:
    """A view, read strictly.

    Attributes
    ----------
    side
        Whose it is.
    paper
        Its own half, as a plan in which nobody else goes.
    headings
        Of the other half: heading to how many in all.
    legs
        Of the other half, per leg: how many in all, how many under the balance.
    """

    side: str
    paper: Paper
    headings: Mapping[str, int]
    legs: tuple[tuple[int, int], ...]


def audit_view(terms: bytes, view: bytes, own: bytes, *, side: str) -> Verdict:
    """Recount what one side can recount of a plan from its own sealed list and its view.

    Parameters
    ----------
    terms
        TERMS.toml as it was sealed.
    view
        The view of this side.
    own
        The sealed CSV of whom it holds.
    side
        Whose view it must be.

    Returns
    -------
    Verdict
        The other half's numbers are taken from the view and held against the terms; what needs its people is left out.
    """
    book = Book()
    try:
        rules = read_rules(terms)
        found = read_view(view, rules, side=side)
        gone = (found.paper.gone or {}).get(side, frozenset())
        held = read_held(own, side, rules, gone=gone)
    except UnreadableError as error:
        book.check("readable", [("unreadable", {"found": str(error)})])
        return book.verdict()
    paper = found.paper
    book.check("terms_sha256", _hash("terms", terms, paper.terms_sha256))
    book.check("lists_sha256", _hash(side, own, paper.lists_sha256.get(side, "")), side)
    book.skip("lists_sha256", "not_held", _other(rules, side))
    sealed = [(name, said) for name, said in rules.sealed.items() if paper.lists_sha256.get(name) != said]
    if sealed:
        book.check("sealed", [("sealed", {"side": name, "expected": said}) for name, said in sealed])
    going, faults = find_going(paper, {side: held})
    book.check("refs", faults)
    book.check("eligible", counts.persons(rules, paper, {side: held}, going), side)
    book.check("numbers", _numbers(rules, found, going))
    book.check("legs", _legs(rules, found, going))
    book.check("families", counts.families(held, going, whole=True), side)
    book.check("all_for_all", counts.everyone(held, going), side)
    book.check("left_out", counts.left_out(held, paper, going), side)
    _order(rules, paper, held, going, book)
    book.warn(counts.law_of_terms(rules))
    book.warn(counts.law(rules, held, going))
    ranks, gains = (["ranks_both"] if rules.groups else []), (["gains_both"] if rules.gain_minimum else [])
    for name in (*_NEEDS_BOTH, *ranks, *gains):
        book.skip(name, "needs_both")
    return book.verdict()


def read_view(data: bytes, rules: Rules, *, side: str) -> View:
    """Read a side's view.

    Raises
    ------
    UnreadableError
        If it is none; says where.
    """
    try:
        return _view(json.loads(data), rules, side)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableError(f"view: {type(error).__name__} {error}") from error


def _view(tree: Mapping[str, object], rules: Rules, side: str) -> View:
    if tree["side"] != side:
        raise ValueError(f"the view of {tree['side']!r}, expected that of {side}")
    if tree["form"] != FORM:
        raise ValueError(f"form {tree['form']!r}")
    if side not in rules.sides:
        raise ValueError(f"side {side!r} is none of {', '.join(rules.sides)}")
    other = _other(rules, side)
    release, headings, others = [], [], []
    for number, leg in enumerate(_list(tree["legs"]), 1):
        row = _table(leg)
        if row["number"] != number:
            raise ValueError(f"leg {row['number']} stands in place {number}")
        release.append({side: tuple(str(ref) for ref in _list(row["release"]))})
        headings.append({ref: str(said) for ref, said in _table(row["heading"]).items()})
        theirs = _table(_table(row["others"]).get(other, {"all": 0, "balance": 0}))
        others.append((_whole(theirs["all"]), _whole(theirs["balance"])))
    after, gone, before = -1, None, ""
    if "repair" in tree:
        repair = _table(tree["repair"])
        after, before = _whole(repair["after"]), str(repair["plan_sha256"])
        gone = {side: frozenset(str(ref) for ref in _list(repair["gone"]))}
    seed = _table(tree["lottery"])["seed"]
    paper = Paper(
        terms_sha256=str(tree["terms_sha256"]),
        lists_sha256={name: str(said) for name, said in _table(tree["lists_sha256"]).items()},
        legs=tuple(release),
        headings=tuple(headings),
        claims=(),
        seed=None if seed is None else str(seed),
        order_sha256="",
        left_out={side: {name: _whole(count) for name, count in _table(tree["left_out"]).items()}},
        after=after,
        gone=gone,
        repaired_from=before,
    )
    in_all = {name: _whole(count) for name, count in _table(_table(tree["others"])[other]).items()}
    if sum(in_all.values()) != sum(count for count, _ in others):
        raise ValueError("the other half's headings and legs differ in sum")
    if in_all.get("balance", 0) != sum(balance for _, balance in others):
        raise ValueError("the other half's balance and legs differ in sum")
    return View(side, paper, in_all, tuple(others))


def _numbers(rules: Rules, view: View, going: Going) -> Iterator[Found]:
    """Check minimum, balance and civilians: own people counted, the other half as the view says."""
    side, other = view.side, _other(rules, view.side)
    own = [person.kind for person in going.all(side)]
    mine = (sum(kind in {PRISONER, EVERYONE} for kind in own), own.count(CIVILIAN), own.count(PRISONER))
    balance = view.headings.get("balance", 0)
    everyone = sum(count for name, count in view.headings.items() if name.startswith("all_for_all"))
    theirs = (balance + everyone, view.headings.get("civilian", 0), balance)
    for name, (prisoners, civilians, _) in ((side, mine), (other, theirs)):
        if prisoners < rules.minimum.get(name, 0):
            yield "minimum", {"side": name, "found": prisoners, "expected": rules.minimum[name]}
        if civilians < rules.civilians.get(name, 0):
            yield "civilians", {"side": name, "found": civilians, "expected": rules.civilians[name]}
    if not _balanced(rules, side, mine[2], theirs[2]):
        yield "balance", {side: mine[2], other: theirs[2], "expected": "{}:{}".format(*(rules.ratio or (0, 0)))}


def _legs(rules: Rules, view: View, going: Going) -> Iterator[Found]:
    """Check number of legs, seats, own places of detention, and the balance of each leg."""
    side, other = view.side, _other(rules, view.side)
    if len(going.legs) != rules.legs:
        yield "legs", {"found": len(going.legs), "expected": rules.legs}
        return
    for number, (leg, (in_all, balance)) in enumerate(zip(going.legs, view.legs, strict=True), 1):
        for name, count in ((side, len(leg[side])), (other, in_all)):
            if rules.seats is not None and count > rules.seats[number - 1]:
                yield "seats", {"leg": number, "side": name, "found": count, "expected": rules.seats[number - 1]}
        sites: dict[str, int] = {}
        for person in leg[side]:
            sites[person.site] = sites.get(person.site, 0) + 1
        for site, count in sorted(sites.items()):
            if rules.per_site is not None and count > rules.per_site:
                found: dict[str, Json] = {"leg": number, "side": side, "site": site, "found": count}
                yield "per_site", {**found, "expected": rules.per_site}
        mine = sum(person.kind == PRISONER for person in leg[side])
        if rules.leg_by_leg and not _balanced(rules, side, mine, balance):
            yield "balance_leg", {"leg": number, side: mine, other: balance}


def _balanced(rules: Rules, side: str, mine: int, theirs: int) -> bool:
    if rules.ratio is None:
        return True
    one, other = (mine, theirs) if rules.sides[0] == side else (theirs, mine)
    return one * rules.ratio[1] == other * rules.ratio[0]


def _order(rules: Rules, paper: Paper, held: Held, going: Going, book: Book) -> None:
    """Check lottery and that nobody of the own half was passed over."""
    book.check("commit", order.commitments(rules))
    seed = order.seed_of(rules, paper)
    said = None if seed is None else seed.hex()
    book.check("seed", [] if paper.seed == said else [("seed", {"found": paper.seed, "expected": said})])
    if seed is None:
        book.warn([("no_lottery", {})])
    ticket = order.ticket_of(seed)
    tickets = {ref: ticket(ref) for ref, person in held.people.items() if not person.why}
    alike = order.classes(held, tickets)
    book.check("passed_over", order.prefixes(held, alike, going, after=paper.after), held.side)
    if paper.after < 0:
        book.check("envy", order.envy(held, rules, going), held.side)
        book.check("later_leg", order.earlier(held, rules, going), held.side)
    else:
        book.skip("done_legs", "no_before")


def _other(rules: Rules, side: str) -> str:
    return rules.sides[1] if rules.sides[0] == side else rules.sides[0]


def _hash(name: str, data: bytes, said: str) -> list[Found]:
    found = hashlib.sha256(data).hexdigest()
    return [] if found == said else [("sha256", {"of": name, "found": found, "expected": said})]


def _table(found: object) -> Mapping[str, object]:
    if not isinstance(found, dict):
        raise TypeError(f"found {type(found).__name__}, expected an object")
    return found


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise TypeError(f"found {type(found).__name__}, expected a list")
    return found


def _whole(found: object) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise TypeError(f"found {found!r}, expected a whole number")
    return found
