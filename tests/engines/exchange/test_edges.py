"""Terms and lists at their edges: nobody, one, no legs, sixty legs, no seats. Never a crash; always audited."""

import itertools

import pytest

from goodoffices.domain.plan import Clash
from goodoffices.domain.ranks import Rank
from goodoffices.domain.terms import Gain, Legs
from goodoffices.engines.audit.exchange import audit
from goodoffices.engines.exchange.compose import compose
from goodoffices.engines.exchange.options import menu, prices
from tests.engines.exchange.cases import papers, people, prepared, records, terms

BARE: dict[str, object] = {
    "minimum": {},
    "all_for_all": (),
    "rank_groups": (),
    "civilians": {},
    "order": (),
    "legs": Legs(),
}
NOBODY = records()
ONE = records({"ref": "x"})
NONE_CAN = records({"ref": "y", "withheld": "так"}, {"ref": "z", "fit_to_travel": "НЕТ"})
LISTS = {
    "nobody": (NOBODY, NOBODY),
    "one": (ONE, NOBODY),
    "one each": (ONE, ONE),
    "none can": (NONE_CAN, ONE),
    "some": (people(40, 1, "A"), people(30, 2, "B")),
}
AGREED: dict[str, dict[str, object]] = {
    "bare": {},
    "longest": {"order": ("longest_held", "women")},
    "no seats": {"legs": Legs((0, 0))},
    "places alone": {"legs": Legs(None, 2)},
    "sixty legs": {"legs": Legs((1,) * 60, 1)},
    "free": {"ratio": None, "legs": Legs((9, 9), None, balanced=False)},
    "ratio": {
        "ratio": (3, 2),
        "legs": Legs((9, 9), 3, balanced=False),
        "all_for_all": ("wounded", "requested:1", "medical"),
        "retained_apart": True,
        "lottery": None,
        "gain": Gain({"A": {"women": 3}, "B": {"under_25": 1}}, {"A": 1}),
    },
    "ranks": {"minimum": {"A": 1, "B": 1}, "rank_groups": ((Rank.PRIVATE,), (Rank.SERGEANT, Rank.CAPTAIN))},
}


@pytest.mark.parametrize(("who", "what"), list(itertools.product(LISTS, AGREED)))
def test_every_edge_has_an_audited_plan_or_a_named_clash(who, what):
    agreed = terms(**{**BARE, **AGREED[what]})
    lists = dict(zip("AB", LISTS[who], strict=True))
    case = prepared(agreed, lists)
    plan = compose(case)
    if isinstance(plan, Clash):
        assert plan.terms
        assert menu(case) is None
        return
    assert audit(*papers(agreed, lists, plan)).violations == ()
    assert menu(case, between=1) is not None
    prices(case)
