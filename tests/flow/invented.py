"""Invented processes as JSON, small enough to read and odd enough to break what is wrong."""

import json

from hypothesis import strategies as st

from goodoffices.flow.result import results
from goodoffices.formats.process import read_process
from goodoffices.formats.results_json import results_json

SIDES = ("A", "B")


def computed(process):
    data = json.dumps(process).encode()
    talks = read_process(data, "invented.json")
    return json.loads(results_json(talks, results(talks)))


def owed(giver, receiver, quantity=100, bound="exact", unit="handed_over", category=None):
    return {"from": giver, "to": receiver, "unit": unit, "category": category, "bound": bound, "quantity": quantity}


def commitment(name="C1", **changes):
    reading = {"text": "a hundred each way", "owes": [owed("A", "B"), owed("B", "A")], "source": None}
    return {
        "id": name,
        "title": f"Commitment {name}",
        "forum": "R1",
        "state": "agreed",
        "date": "2030-01-01",
        "unit": "handed_over",
        "category": None,
        "bound": "exact",
        "quantity": 100,
        "direction": "both",
        "due": None,
        "condition": None,
        "readings": {"A": reading, "B": reading},
        "source": None,
        "note": None,
        **changes,
    }


def assertion(name, **changes):
    return {
        "id": name,
        "kind": "movement",
        "movement": "m1",
        "date": "2030-01-05",
        "party": "A",
        "organ": "Desk",
        "speaker": None,
        "from": "A",
        "to": "B",
        "unit": "handed_over",
        "category": None,
        "quantity": 100,
        "bound": "exact",
        "commitment": "C1",
        "standing": "official",
        "scope": None,
        "certainty": "high",
        "source": "invented",
        "note": None,
        "supersedes": None,
        **changes,
    }


def attested(movement="m1", quantity=100, parties=("A", "B", "N"), **changes):
    return [
        assertion(
            f"{movement}-{party}", movement=movement, party=party, quantity=quantity, standing="attested", **changes
        )
        for party in parties
    ]


def process(assertions=(), commitments=None, **rules):
    return {
        "process": {
            "id": "invented",
            "name": "Invented talks",
            "host": "H",
            "languages": ["en"],
            "as_of": "2030-02-01",
            "note": None,
            "rules": {
                "smallest_published_count": 10,
                "silence_hours": 72,
                "embargo": None,
                "must_attest": {"handed_over": ["giver", "receiver", "neutral"]},
                **rules,
            },
        },
        "parties": [
            {"code": "A", "name": "Side A", "kind": "side"},
            {"code": "B", "name": "Side B", "kind": "side"},
            {"code": "N", "name": "The neutral", "kind": "neutral"},
            {"code": "H", "name": "The host", "kind": "host"},
        ],
        "forums": [
            {
                "id": "R1", "kind": "round", "title": "First round", "state": "closed", "place": None, "online": None,
                "date": "2030-01-01", "start": None, "end": None, "duration_minutes": None, "duration_note": None,
                "chair": None, "delegations": [], "proposed_by": None, "proposed_in": None, "certainty": None,
                "source": None, "note": None,
            }
        ],
        "proposals": [],
        "commitments": [commitment()] if commitments is None else commitments,
        "assertions": list(assertions),
        "transfers": [],
    }  # fmt: skip


FIGURES = st.one_of(
    st.tuples(st.integers(0, 3), st.sampled_from(["exact", "exact", "exact", "about", "at_least", "more_than"])),
    st.tuples(st.none(), st.sampled_from(["withheld", "withheld", "no_count", "all"])),
)


@st.composite
def processes(draw):
    """A process of up to five movements and thirty assertions, attested and not, some superseded."""
    shapes = draw(
        st.lists(
            st.tuples(
                st.sampled_from([("A", "B"), ("B", "A")]),
                st.sampled_from(["handed_over", "declared_body"]),
                st.sampled_from([None, "civilian", "prisoner_of_war"]),
            ),
            min_size=1,
            max_size=5,
        )
    )
    told = []
    for number in range(draw(st.integers(0, 30))):
        which = draw(st.integers(0, len(shapes) - 1))
        (giver, receiver), unit, category = shapes[which]
        quantity, bound = draw(FIGURES)
        is_total = draw(st.integers(0, 5)) == 0
        party = draw(st.sampled_from(["A", "B", "N", "H"]))
        mine = [a["id"] for a in told if a["party"] == party]
        told.append(
            assertion(
                f"a{number:02}",
                kind="cumulative" if is_total else draw(st.sampled_from(["movement", "movement", "observation"])),
                movement=None if is_total else f"m{which}",
                date=f"2030-01-{draw(st.integers(2, 28)):02}",
                party=party,
                **{"from": giver, "to": receiver},
                unit=unit,
                category=category,
                quantity=quantity,
                bound=bound,
                commitment=draw(st.sampled_from([None, "C1", "C1", "C2"])),
                standing=draw(st.sampled_from(["attested", "attested", "official", "relayed", "anonymous"])),
                supersedes=draw(st.sampled_from(mine)) if mine and draw(st.integers(0, 4)) == 0 else None,
            )
        )
    roles = st.lists(st.sampled_from(["giver", "receiver", "neutral"]), min_size=1, max_size=3, unique=True)
    must = draw(st.fixed_dictionaries({}, optional={"handed_over": roles, "declared_body": roles}))
    reading = {"text": "one way", "owes": [owed("A", "B", 2)], "source": None}
    lines = [commitment(), commitment("C2", readings={"A": None, "B": reading}, due="2030-01-20", quantity=2)]
    return process(told, lines, must_attest=must)
