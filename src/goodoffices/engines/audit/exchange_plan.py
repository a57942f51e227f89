"""The plan as the auditor reads it: who goes in which leg, and what it claims."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from goodoffices.engines.audit.exchange_people import Held, Person
from goodoffices.engines.audit.exchange_rules import UnreadableError


@dataclass(frozen=True, slots=True)
class Claim:
    """What a plan claims of one criterion."""

    criterion: str
    value: int
    bound: int
    multipliers: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Paper:
    """A plan, read strictly.

    Attributes
    ----------
    terms_sha256, lists_sha256
        Of what it says it was made from.
    legs
        Per leg: side to references.
    headings
        Per leg: key to heading.
    claims
        Criteria with value, bound and proof, in order.
    seed, order_sha256
        Of the lottery.
    left_out
        Side to reason to count.
    after, gone
        Of a repair: the last leg that was done, and by side who cannot go; -1 where nothing was repaired.
    repaired_from
        Of a repair: the SHA-256 of the plan that was repaired.
    infeasible
        Terms that are said to clash; empty for a plan.
    """

    terms_sha256: str
    lists_sha256: Mapping[str, str]
    legs: tuple[Mapping[str, tuple[str, ...]], ...]
    headings: tuple[Mapping[str, str], ...]
    claims: tuple[Claim, ...]
    seed: str | None
    order_sha256: str
    left_out: Mapping[str, Mapping[str, int]]
    after: int = -1
    gone: Mapping[str, frozenset[str]] | None = None
    repaired_from: str = ""
    infeasible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Going:
    """Who goes, found on the lists.

    Attributes
    ----------
    legs
        Per leg: side to persons.
    leg
        Side to reference to the number of the leg, from 1.
    """

    legs: tuple[Mapping[str, tuple[Person, ...]], ...]
    leg: Mapping[str, Mapping[str, int]]

    def all(self, side: str) -> list[Person]:
        """Everyone whom a side releases."""
        return [person for leg in self.legs for person in leg[side]]


def read_paper(data: bytes) -> Paper:
    """Read PLAN.json.

    Raises
    ------
    UnreadableError
        If it is not such a plan; says where.
    """
    try:
        tree = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
        if "infeasible" in tree:
            return Paper("", {}, (), (), (), None, "", {}, infeasible=tuple(map(str, tree["infeasible"])))
        return _paper(tree)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise UnreadableError(f"plan: {type(error).__name__} {error}") from error


def _no_float(text: str) -> int:
    raise ValueError(f"{text} is no whole number")


def _paper(tree: Mapping[str, object]) -> Paper:
    legs, headings = [], []
    for number, leg in enumerate(_list(tree["legs"]), 1):
        found = _table(leg)
        if found["number"] != number:
            raise ValueError(f"leg {found['number']} stands in place {number}")
        legs.append({side: tuple(_text(ref) for ref in _list(refs)) for side, refs in _table(found["release"]).items()})
        headings.append({key: _text(heading) for key, heading in _table(found["heading"]).items()})
    proofs = {
        _text(_table(row)["criterion"]): {
            name: Fraction(_text(value)) for name, value in _table(_table(row)["multipliers"]).items()
        }
        for row in _list(tree["certificate"])
    }
    claims = []
    for row in _list(tree["objective"]):
        inner = _table(row)
        name = _text(inner["criterion"])
        claims.append(Claim(name, _whole(inner["value"]), _whole(inner["bound"]), proofs.get(name, {})))
    lottery = _table(tree["lottery"])
    after, gone, repaired_from = -1, None, ""
    if "repair" in tree:
        repair = _table(tree["repair"])
        after = _whole(repair["after"])
        if not 0 <= after < len(legs):
            raise ValueError(f"a repair after leg {after} of {len(legs)}")
        repaired_from = _text(repair["plan_sha256"])
        gone = {side: frozenset(_text(ref) for ref in _list(refs)) for side, refs in _table(repair["gone"]).items()}
    return Paper(
        terms_sha256=_text(tree["terms_sha256"]),
        lists_sha256={side: _text(value) for side, value in _table(tree["lists_sha256"]).items()},
        legs=tuple(legs),
        headings=tuple(headings),
        claims=tuple(claims),
        seed=None if lottery.get("seed") is None else _text(lottery["seed"]),
        order_sha256=_text(lottery["order_sha256"]),
        left_out={
            side: {reason: _whole(count) for reason, count in _table(counts).items()}
            for side, counts in _table(tree["left_out"]).items()
        },
        after=after,
        gone=gone,
        repaired_from=repaired_from,
    )


def find_going(paper: Paper, held: Mapping[str, Held]) -> tuple[Going, list[tuple[str, dict[str, str | int]]]]:
    """Look every released reference up on its holder's list.

    Returns
    -------
    tuple
        Who goes, and the faults found on the way: `unknown_side`, `unknown_ref`, `twice`.
    """
    faults: list[tuple[str, dict[str, str | int]]] = []
    where: dict[str, dict[str, int]] = {side: {} for side in held}
    legs = []
    for number, release in enumerate(paper.legs, 1):
        found: dict[str, tuple[Person, ...]] = dict.fromkeys(held, ())
        for side, refs in release.items():
            if side not in held:
                faults.append(("unknown_side", {"leg": number, "side": side}))
                continue
            known = []
            for ref in refs:
                person = held[side].people.get(ref)
                if person is None:
                    faults.append(("unknown_ref", {"leg": number, "side": side, "ref": ref}))
                elif ref in where[side]:
                    faults.append(("twice", {"leg": number, "side": side, "ref": ref}))
                else:
                    where[side][ref] = number
                    known.append(person)
            found[side] = tuple(known)
        legs.append(found)
    return Going(tuple(legs), where), faults


def _table(found: object) -> Mapping[str, object]:
    if not isinstance(found, dict):
        raise TypeError(f"found {type(found).__name__}, expected an object")
    return found


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise TypeError(f"found {type(found).__name__}, expected a list")
    return found


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError(f"found {type(found).__name__}, expected text")
    return found


def _whole(found: object) -> int:
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError(f"found {type(found).__name__}, expected a whole number")
    return found
