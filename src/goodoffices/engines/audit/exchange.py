"""The audit of an exchange plan: every term recounted from the sealed lists, standard library only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from goodoffices.domain.canonical import Json
from goodoffices.engines.audit import exchange_counts as counts
from goodoffices.engines.audit import exchange_order as order
from goodoffices.engines.audit import exchange_proof as proof
from goodoffices.engines.audit.book import Book
from goodoffices.engines.audit.exchange_people import Held, read_held
from goodoffices.engines.audit.exchange_plan import Going, Paper, find_going, read_paper
from goodoffices.engines.audit.exchange_rules import Rules, UnreadableError, read_rules
from goodoffices.engines.audit.verdict import Verdict


def audit(
    terms: bytes, plan: bytes, lists: Mapping[str, bytes], *, side: str | None = None, before: bytes | None = None
) -> Verdict:
    """Recount every term of an exchange from the sealed lists.

    Parameters
    ----------
    terms
        TERMS.toml as it was sealed.
    plan
        PLAN.json.
    lists
        Side to the sealed CSV of whom it holds. With `side`, the other side's entry holds the
        rows of the released people alone.
    side
        Audit as this side: whom it holds in full, the other half by hash and by the released
        people's own fields. None: as the neutral, who sees both.
    before
        For a repaired plan, the plan that was repaired: legs that are done must be the same.

    Returns
    -------
    Verdict
        Violations, warnings, checks passed and checks left out.
    """
    book = Book()
    try:
        rules, paper = read_rules(terms), read_paper(plan)
        held = {} if paper.infeasible else _read(rules, paper, lists, book, side)
    except UnreadableError as error:
        book.check("readable", [("unreadable", {"found": str(error)})])
        return book.verdict()
    if paper.infeasible:
        book.check("plan", [("no_plan", {"terms": list(paper.infeasible)})])
        return book.verdict()
    full = [held[name] for name in rules.sides if side in (None, name)]
    book.check("terms_sha256", _hash("terms", terms, paper.terms_sha256))
    going, faults = find_going(paper, held)
    book.check("refs", faults)
    book.check("eligible", counts.persons(rules, paper, held, going))
    book.check("numbers", counts.numbers(rules, going))
    book.check("legs", counts.legs(rules, going))
    for listed in held.values():
        book.check("families", counts.families(listed, going, whole=listed in full), listed.side)
    for listed in full:
        book.check("all_for_all", counts.everyone(listed, going), listed.side)
        book.check("left_out", counts.left_out(listed, paper, going), listed.side)
    _order(rules, paper, full, going, book)
    book.warn(counts.law_of_terms(rules))
    for listed in full:
        book.warn(counts.law(rules, listed, going))
        book.warn((code, {"side": listed.side, "count": count}) for code, count in sorted(listed.unsure.items()))
    if paper.after >= 0:
        _repaired(paper, before, book)
    return book.verdict()


def _read(rules: Rules, paper: Paper, lists: Mapping[str, bytes], book: Book, side: str | None) -> dict[str, Held]:
    if side is not None and side not in rules.sides:
        raise UnreadableError(f"side {side!r} is none of {', '.join(rules.sides)}")
    held: dict[str, Held] = {}
    for name in rules.sides:
        if name not in lists:
            raise UnreadableError(f"no list of {name}")
        said = paper.lists_sha256.get(name, "")
        if name in rules.sealed and rules.sealed[name] != said:
            book.check("sealed", [("sealed", {"side": name, "found": said, "expected": rules.sealed[name]})])
        if side in (None, name):
            book.check("lists_sha256", _hash(name, lists[name], said), name)
        else:
            book.skip("lists_sha256", "not_held", name)
        held[name] = read_held(lists[name], name, rules, gone=(paper.gone or {}).get(name, frozenset()))
        gone = (paper.gone or {}).get(name, frozenset())
        if gone and side in (None, name):
            missing = sorted(gone - set(held[name].people))
            book.check("gone", [("unknown_ref", {"side": name, "ref": ref}) for ref in missing], name)
    return held


def _repaired(paper: Paper, before: bytes | None, book: Book) -> None:
    """Name a repair, and hold the legs that are done against the plan that was repaired."""
    gone = paper.gone or {}
    book.warn([("repaired", {"after": paper.after, **{side: len(refs) for side, refs in gone.items()}})])
    if before is None:
        book.skip("done_legs", "no_before")
        return
    found = hashlib.sha256(before).hexdigest()
    faults: list[tuple[str, Mapping[str, Json]]] = []
    if found != paper.repaired_from:
        faults.append(("sha256", {"of": "the plan before", "found": found, "expected": paper.repaired_from}))
    try:
        old = read_paper(before)
    except UnreadableError as error:
        book.check("done_legs", [("unreadable", {"found": str(error)})])
        return
    for number in range(paper.after):
        same = number < len(old.legs) and old.legs[number] == paper.legs[number]
        if not same or old.headings[number] != paper.headings[number]:
            faults.append(("done_legs", {"leg": number + 1}))
    for side, refs in (old.gone or {}).items():
        if refs - gone.get(side, frozenset()):
            faults.append(("done_legs", {"side": side, "gone": len(refs - gone.get(side, frozenset()))}))
    book.check("done_legs", faults)


def _hash(name: str, data: bytes, said: str) -> list[tuple[str, dict[str, Json]]]:
    found = hashlib.sha256(data).hexdigest()
    return [] if found == said else [("sha256", {"of": name, "found": found, "expected": said})]


def _order(rules: Rules, paper: Paper, full: list[Held], going: Going, book: Book) -> None:
    """Check lottery, order and proof."""
    book.check("commit", order.commitments(rules))
    seed = order.seed_of(rules, paper)
    said = None if seed is None else seed.hex()
    book.check("seed", [] if paper.seed == said else [("seed", {"found": paper.seed, "expected": said})])
    if seed is None:
        book.warn([("no_lottery", {})])
    ticket = order.ticket_of(seed)
    key = proof.tie_key(seed, paper.lists_sha256)
    tickets = {
        listed.side: {ref: ticket(ref) for ref, person in listed.people.items() if not person.why} for listed in full
    }
    cols: list[proof.Column] = []
    lottery = 0
    for listed in full:
        alike = order.classes(listed, tickets[listed.side])
        mine = proof.columns(listed, alike, key=key, list_sha256=paper.lists_sha256.get(listed.side, ""))
        lottery += proof.lottery_value(listed, alike, mine, going)
        cols += mine
        book.check("passed_over", order.prefixes(listed, alike, going, after=paper.after), listed.side)
        if paper.after < 0:
            book.check("envy", order.envy(listed, rules, going), listed.side)
            book.check("later_leg", order.earlier(listed, rules, going), listed.side)
    if len(full) < 2:
        for name in ("order_sha256", "objective", "unfilled"):
            book.skip(name, "needs_both")
        return
    book.check("order_sha256", order.order(paper, full, tickets))
    if paper.after < 0:
        book.check("unfilled", order.unfilled(rules, {listed.side: listed for listed in full}, going))
    names = proof.criteria(rules, proof.kinds_of(cols))
    values = {name: lottery if name == "lottery" else proof.recount(rules, going, name) for name in names}
    book.check("objective", proof.objective(rules, paper, proof.Proof(rules, cols, values)))
    if paper.after >= 0:
        return  # a repair changes as little as it can, and says so
    book.warn(("gap", {"criterion": name, "gap": gap}) for name, gap in proof.gaps(paper).items())
