"""Small invented cases of an exchange."""

import datetime as dt
import hashlib
import json

import numpy as np
import polars as pl

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.plan import Clash
from goodoffices.domain.ranks import Rank
from goodoffices.domain.tables import RECORDS
from goodoffices.domain.terms import Legs, Lottery, Terms
from goodoffices.engines.exchange.compose import compose, prepare
from goodoffices.formats.plans import plan_bytes
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.terms_out import terms_bytes

ON = dt.date(2025, 8, 14)
REVEAL = {"A": "the word of the first side", "B": "the word of the second side"}
LOTTERY = Lottery({side: hashlib.sha256(text.encode()).hexdigest() for side, text in REVEAL.items()}, REVEAL)
RANKS = ("private", "sergeant", "captain", "major", "lieutenant_colonel")


def records(*rows):
    """Rows as mappings to a list; what is not given is blank, a category is military."""
    full = [{"category": "military", **row} for row in rows]
    return RECORDS.check(
        pl.DataFrame(full, schema_overrides=dict.fromkeys(full[0], pl.String))
        if full
        else pl.DataFrame({"ref": []}, schema={"ref": pl.String})
    )


def people(count, seed, letter, *, families=0.05, sites=4):
    """Invent a list with every column that terms look at."""
    rng = np.random.default_rng(seed)

    def days(low, high):
        return [str(ON - dt.timedelta(days=int(day))) for day in rng.integers(low, high, count)]

    def some(words, shares):
        return rng.choice(words, count, p=shares).tolist()

    names = [
        f"F{rng.integers(0, max(1, int(count * families / 2)))}" if x < families else None for x in rng.random(count)
    ]
    return RECORDS.check(
        pl.DataFrame(
            {
                "ref": [f"{letter}-{number:05d}" for number in rng.permutation(count)],
                "sex": some(["m", "f"], [0.93, 0.07]),
                "birth_date": days(18 * 365, 58 * 365),
                "rank": some(list(RANKS), [0.6, 0.25, 0.07, 0.05, 0.03]),
                "category": some(
                    ["military", "medical", "chaplain", "civilian", "child"], [0.88, 0.04, 0.01, 0.06, 0.01]
                ),
                "health": some(["fit", "wounded", "seriously_wounded", "seriously_ill"], [0.85, 0.1, 0.03, 0.02]),
                "captured_on": days(10, 1200),
                "held_at": [f"Place {x}" for x in rng.integers(0, sites, count)],
                "requested": some(["1", "2", "3", ""], [0.06, 0.1, 0.14, 0.7]),
                "withheld": some(["yes", ""], [0.03, 0.97]),
                "fit_to_travel": some(["no", ""], [0.03, 0.97]),
                "status": some(["held", "", "died", "judicial_hold"], [0.5, 0.48, 0.01, 0.01]),
                "family": names,
            },
            schema_overrides={"family": pl.String},
        )
    )


def terms(**changes):
    """Terms as most tests use them."""
    usual = {
        "sides": ("A", "B"),
        "on": ON,
        "held": {"A": "held-by-a.csv", "B": "held-by-b.csv"},
        "minimum": {"A": 30, "B": 30},
        "all_for_all": ("seriously_wounded_or_ill", "aged_18_to_25"),
        "rank_groups": ((Rank.CAPTAIN, Rank.MAJOR), (Rank.LIEUTENANT_COLONEL,)),
        "civilians": {"A": 2, "B": 0},
        "order": ("requested:1", "women", "requested:2", "longest_held"),
        "legs": Legs((25, 25, 20), 15),
        "lottery": LOTTERY,
    }
    return Terms(**{**usual, **changes})


def hashes(lists):
    return {side: sha256_hex(sealed_csv(frame)) for side, frame in lists.items()}


def prepared(agreed, lists, **more):
    return prepare(agreed, lists, terms_sha256=sha256_hex(terms_bytes(agreed)), lists_sha256=hashes(lists), **more)


def composed(agreed, lists):
    """Compose and insist on a plan."""
    plan = compose(prepared(agreed, lists))
    assert not isinstance(plan, Clash), plan
    return plan


def papers(agreed, lists, plan):
    """What an auditor gets: terms, plan, sealed lists."""
    paths = {side: f"PLAN.lists/{side}.csv" for side in agreed.sides}
    sealed = {side: sealed_csv(frame) for side, frame in lists.items()}
    return terms_bytes(agreed), plan_bytes(plan, lists=paths), sealed


def tree(plan_data):
    return json.loads(plan_data)


def usual(seed=1, count=160):
    return {"A": people(count, seed, "A"), "B": people(count - 20, seed + 1000, "B")}
