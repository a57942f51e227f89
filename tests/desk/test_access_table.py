"""access.csv says what the table "Who may do what" of docs/domain.md says, cell by cell.

The reading of each cell is written out here, in verbs, and compared as a whole set: a verb too many fails as one too
few. Cells are found by their words, so that a change of the table fails until it is read anew.
"""

import itertools
from pathlib import Path

import pytest

from goodoffices.desk.access import Role, Thing, Viewer, may, rows

DOMAIN = Path(__file__).parents[2] / "docs/domain.md"
OWN, OTHER = Viewer(Role.SIDE, "A", "a"), Viewer(Role.SIDE, "B", "b")
COLUMNS = {
    "own side": OWN,
    "other side": OTHER,
    "secretariat": Viewer(Role.SECRETARIAT, "N", "n"),
    "humanitarian": Viewer(Role.HUMANITARIAN, "N", "n"),
    "forensic": Viewer(Role.FORENSIC, "N", "n"),
    "observer": Viewer(Role.OBSERVER, "O", "o"),
    "auditor": Viewer(Role.AUDITOR, "N", "n"),
    "operator": Viewer(Role.OPERATOR, "N", "n"),
    "public": Viewer(),
}
PLANNER = {"own side": Viewer(Role.PLANNER, "A", "p"), "other side": Viewer(Role.PLANNER, "B", "q")}
# What a side may do with a list of its own, whoever else may see it by now.
ALL = "read write seal release revoke export log erase"
# The verbs in which a transfer is confirmed or refused: the condition, the figure afterwards, an objection.
SIDE_CONFIRMS = "read confirm attest object"

# Who sits in a forum by a mandate for it; the host's row, which the table does not have, lets it note the address too.
SEATED = [("minutes", "", ""), ("minutes", "seated", "read"), ("video", "", ""), ("video", "seated", "read")]

# (row, column, words of the cell): [(object, facts, verbs)]; the owner is side A. "-" needs no entry: it means nothing
# beyond what everyone, the public too, may.
READING = {
    ("own list, draft", "own side", "all"): [("list", "", ALL)],
    ("list, fields released to the neutral", "own side", "read, new version, read log"): [
        ("list", "released_neutral", ALL)
    ],
    ("list, fields released to the neutral", "secretariat", "that it exists, count"): [
        ("list", "released_neutral", "exists count"),
        ("list", "", ""),
    ],
    ("list, fields released to the neutral", "humanitarian", "read, export (logged)"): [
        ("list", "released_neutral", "read export"),
        ("list", "", ""),
    ],
    ("list, fields released to the neutral", "forensic", "if remains"): [
        ("list", "released_neutral", ""),
        ("list", "remains", ""),
        ("list", "released_neutral remains", "read"),
    ],
    ("list, fields released to the neutral", "auditor", "read log"): [
        ("list", "released_neutral", "log"),
        ("list", "", ""),
    ],
    ("list, fields released to the other side", "own side", "read, revoke, read log"): [("list", "released_side", ALL)],
    ("list, fields released to the other side", "other side", "read, answer"): [
        ("list", "released_side", "read answer"),
        ("list", "released_neutral", ""),
    ],
    ("list, fields released to the other side", "secretariat", "exists"): [("list", "released_side", "exists")],
    ("list, fields released to the other side", "humanitarian", "read"): [("list", "released_side", "read")],
    ("list, fields released to the other side", "forensic", "read"): [("list", "released_side", "read")],
    ("list, fields released to the other side", "auditor", "read log"): [("list", "released_side", "log")],
    (
        "candidate pair",
        "own side",
        "the holder: its own record and the neutral's question; the seeker: nothing until the holder acknowledges",
    ): [("pair", "", ""), ("pair", "acknowledgeable", "read answer"), ("pair", "acknowledged", "read")],
    ("candidate pair", "other side", "the same"): [
        ("pair", "", ""),
        ("pair", "acknowledgeable", ""),
        ("pair", "acknowledged", "read"),
    ],
    ("candidate pair", "secretariat", "count"): [("pair", "acknowledged remains", "count")],
    ("candidate pair", "humanitarian", "read, decide"): [("pair", "", "count read decide run")],
    ("candidate pair", "forensic", "read, decide (remains)"): [
        ("pair", "acknowledged", ""),
        ("pair", "remains", "count read decide"),
    ],
    ("candidate pair", "auditor", "read log"): [("pair", "acknowledged remains", "log")],
    ("medical code, DNA profile, kin", "own side", "own"): [("medical", "", "read write")],
    ("medical code, DNA profile, kin", "humanitarian", "yes or no by category"): [("medical", "pseudonym", "category")],
    ("medical code, DNA profile, kin", "forensic", "read, decide, by pseudonym"): [
        ("medical", "", ""),
        ("medical", "pseudonym", "read decide"),
    ],
    ("medical code, DNA profile, kin", "auditor", "read log"): [("medical", "pseudonym", "log")],
    ("interview outcome", "own side", "goes or not, at the gate, no reason"): [
        ("interview", "", ""),
        ("interview", "at_gate", "outcome"),
    ],
    ("interview outcome", "secretariat", "status"): [("interview", "at_gate", "status")],
    ("interview outcome", "humanitarian", "status"): [("interview", "at_gate", "status")],
    ("interview outcome", "observer", "writes, reads"): [("interview", "", "read write")],
    ("interview outcome", "auditor", "read log"): [("interview", "at_gate", "log")],
    ("transfer: terms, list, date, place", "own side", "read, confirm"): [("transfer", "", SIDE_CONFIRMS)],
    ("transfer: terms, list, date, place", "other side", "read, confirm"): [("transfer", "", SIDE_CONFIRMS)],
    ("transfer: terms, list, date, place", "secretariat", "read, write"): [("transfer", "", "read write attest")],
    ("transfer: terms, list, date, place", "humanitarian", "read, write, confirm"): [
        ("transfer", "", "read write confirm attest object")
    ],
    ("transfer: terms, list, date, place", "forensic", "read, confirm"): [("transfer", "", "read confirm attest")],
    ("transfer: terms, list, date, place", "observer", "read, confirm its scope"): [("transfer", "", "read attest")],
    ("transfer: terms, list, date, place", "auditor", "read log"): [("transfer", "", "log")],
    ("transfer: terms, list, date, place", "public", "after closing and embargo, coarse"): [
        ("transfer", "", ""),
        ("transfer", "closed", ""),
        ("transfer", "embargo_over", ""),
        ("transfer", "closed embargo_over", "read"),
    ],
    ("remains case", "own side", "own side's cases"): [("remains", "", "read write")],
    ("remains case", "other side", '"yours", once released'): [
        ("remains", "", ""),
        ("remains", "released_side", "read"),
    ],
    ("remains case", "secretariat", "count"): [("remains", "released_side", "count")],
    ("remains case", "humanitarian", "count"): [("remains", "released_side", "count")],
    ("remains case", "forensic", "all"): [("remains", "", "count read write decide search")],
    ("remains case", "auditor", "read log"): [("remains", "released_side", "log")],
    ("remains case", "public", "aggregate"): [("remains", "", ""), ("remains", "published", "count")],
    ("single text", "own side", "read; own wordings write"): [("text", "", "read write position sign")],
    ("single text", "other side", "read; own wordings write"): [("text", "", "read write position sign")],
    ("single text", "secretariat", "read, write, publish"): [("text", "", "read write publish freeze")],
    ("single text", "humanitarian", "read"): [("text", "", "read")],
    ("single text", "observer", "read if invited"): [("text", "", ""), ("text", "invited", "read")],
    ("single text", "auditor", "read log"): [("text", "", "log")],
    ("single text", "public", "once signed and agreed so"): [
        ("text", "", ""),
        ("text", "signed", ""),
        ("text", "published", ""),
        ("text", "signed published", "read"),
    ],
    ("caucus paper, non-paper", "own side", "author and named audience"): [("paper", "", "read write")],
    ("caucus paper, non-paper", "secretariat", "chair"): [("paper", "", ""), ("paper", "chair", "read write")],
    ("caucus paper, non-paper", "auditor", "that it exists"): [("paper", "", "exists")],
    ("minutes of a sitting, address of its video", "own side", "read if seated"): SEATED,
    ("minutes of a sitting, address of its video", "other side", "read if seated"): SEATED,
    ("minutes of a sitting, address of its video", "observer", "read if seated"): SEATED,
    ("minutes of a sitting, address of its video", "secretariat", "read, write"): [
        ("minutes", "", "read"),
        ("video", "", "read write"),
    ],
    ("what is decided together", "own side", "read, answer; own answer"): [
        ("accord", "", ""),
        ("accord", "mandated", ""),
        ("accord", "asked", "read"),
        ("accord", "asked mandated", "read answer"),
    ],
    ("what is decided together", "other side", "read, answer; own answer"): [
        ("accord", "", ""),
        ("accord", "asked", "read"),
        ("accord", "asked mandated", "read answer"),
    ],
    ("what is decided together", "secretariat", "read, put, every answer"): [
        ("accord", "", "read put hear"),
        ("accord", "asked mandated", "read put hear"),
    ],
    ("what is decided together", "auditor", "that it exists"): [("accord", "asked mandated", "exists")],
    ("package", "own side", "read"): [("package", "", "read")],
    ("package", "other side", "read"): [("package", "", "read")],
    ("package", "secretariat", "read, write"): [("package", "", "read write")],
    ("package", "humanitarian", "read"): [("package", "", "read")],
    ("package", "auditor", "read log"): [("package", "", "log")],
    ("ceasefire plan", "own side", "planner: own part and window"): [
        ("ceasefire", "", ""),
        ("ceasefire_window", "", "read propose assure"),
        ("planner:ceasefire", "", "read write plan rehearse replan"),
        ("planner:ceasefire_window", "", "read report"),
    ],
    ("ceasefire plan", "other side", "window, area"): [
        ("ceasefire", "", ""),
        ("ceasefire_window", "", "read propose assure"),
        ("planner:ceasefire", "", ""),
        ("planner:ceasefire_window", "", "read report"),
    ],
    ("ceasefire plan", "secretariat", "window"): [("ceasefire", "", ""), ("ceasefire_window", "", "read write close")],
    ("ceasefire plan", "humanitarian", "window"): [("ceasefire", "", ""), ("ceasefire_window", "", "read report")],
    ("ceasefire plan", "observer", "window"): [("ceasefire", "", ""), ("ceasefire_window", "", "read")],
    ("ceasefire plan", "auditor", "read log"): [("ceasefire", "", "log")],
    ("ceasefire plan", "public", "after its end"): [
        ("ceasefire", "ended published", ""),
        ("ceasefire_window", "", ""),
        ("ceasefire_window", "ended", ""),
        ("ceasefire_window", "ended published", "read"),
    ],
    ("assertion, attested", "own side", "read, make own"): [("assertion", "", "read make")],
    ("assertion, attested", "other side", "read"): [("assertion", "", "read")],
    ("assertion, attested", "secretariat", "read, make"): [("assertion", "", "read make")],
    ("assertion, attested", "humanitarian", "read, make"): [("assertion", "", "read make")],
    ("assertion, attested", "forensic", "read, make"): [("assertion", "", "read make")],
    ("assertion, attested", "observer", "read, make"): [("assertion", "", "read make")],
    ("assertion, attested", "auditor", "read log"): [("assertion", "", "log")],
    ("assertion, attested", "public", "per release"): [("assertion", "", ""), ("assertion", "released", "read")],
    ("assertion, public statement", "own side", "read, make"): [("statement", "", "read make")],
    ("assertion, public statement", "other side", "read, make"): [("statement", "", "read make")],
    ("assertion, public statement", "secretariat", "read, make"): [("statement", "", "read make")],
    ("assertion, public statement", "humanitarian", "read"): [("statement", "", "read")],
    ("assertion, public statement", "forensic", "read"): [("statement", "", "read")],
    ("assertion, public statement", "observer", "read"): [("statement", "", "read")],
    ("assertion, public statement", "auditor", "read"): [("statement", "", "read")],
    ("assertion, public statement", "public", "read"): [("statement", "", "read")],
    ("ledger heads, proofs", "own side", "read, cosign"): [("head", "", "read cosign")],
    ("ledger heads, proofs", "other side", "read, cosign"): [("head", "", "read cosign")],
    ("ledger heads, proofs", "secretariat", "read"): [("head", "", "read")],
    ("ledger heads, proofs", "humanitarian", "read"): [("head", "", "read")],
    ("ledger heads, proofs", "forensic", "read"): [("head", "", "read")],
    ("ledger heads, proofs", "observer", "read, cosign"): [("head", "", "read cosign")],
    ("ledger heads, proofs", "auditor", "read"): [("head", "", "read")],
    ("ledger heads, proofs", "operator", "append"): [("head", "", "read append")],
    ("ledger heads, proofs", "public", "read heads"): [("head", "", "read")],
}
# For a cell that says "-": the objects and facts of its row, under which nothing beyond the public's may be allowed.
NOTHING = {
    "own list, draft": [("list", "")],
    "list, fields released to the neutral": [("list", "released_neutral"), ("list", "released_neutral remains")],
    "list, fields released to the other side": [("list", "released_side")],
    "candidate pair": [("pair", "acknowledged remains acknowledgeable")],
    "medical code, DNA profile, kin": [("medical", "pseudonym")],
    "interview outcome": [("interview", "at_gate")],
    "transfer: terms, list, date, place": [("transfer", ""), ("transfer", "closed embargo_over")],
    "remains case": [("remains", "released_side"), ("remains", "published")],
    "single text": [("text", "invited"), ("text", "signed published")],
    "caucus paper, non-paper": [("paper", "")],
    "minutes of a sitting, address of its video": [("minutes", "seated"), ("video", "seated")],
    "what is decided together": [("accord", ""), ("accord", "asked mandated")],
    "package": [("package", ""), ("package", "invited")],
    "ceasefire plan": [("ceasefire", ""), ("ceasefire_window", "")],
    "assertion, attested": [("assertion", ""), ("assertion", "released")],
    "assertion, public statement": [("statement", "")],
    "ledger heads, proofs": [("head", "")],
}


def table():
    """Give the cells of the table: (row, column, words)."""
    text = DOMAIN.read_text(encoding="utf-8").split("## Who may do what", 1)[1]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    header, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]
    return [(row[0], column, cell) for row in body for column, cell in zip(header[1:], row[1:], strict=True)]


CELLS = table()
VERBS = {kind: {row.verb for row in rows() if row.kind == kind} for kind in {row.kind for row in rows()}}


def allowed(viewer, kind, facts, owner="A"):
    """Every verb that a viewer may on such a thing."""
    thing = Thing(kind, owner, frozenset(facts.split()))
    return {verb for verb in VERBS[kind] if may(viewer, verb, thing)}


def test_the_table_is_read_whole():
    assert {column for _, column, _ in CELLS} == set(COLUMNS)
    assert {row for row, _, _ in CELLS} == set(NOTHING)
    assert {cell for cell in CELLS if cell[2] != "-"} == set(READING)


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell[2] != "-"], ids=lambda cell: f"{cell[0]}: {cell[1]}")
def test_a_cell_allows_what_it_says_and_no_more(cell):
    for kind, facts, verbs in READING[cell]:
        viewer = COLUMNS[cell[1]]
        if kind.startswith("planner:"):
            kind, viewer = kind.removeprefix("planner:"), PLANNER[cell[1]]  # noqa: PLW2901
        assert allowed(viewer, kind, facts) == set(verbs.split()), f"{cell}: {kind} with {facts or 'no fact'}"


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell[2] == "-"], ids=lambda cell: f"{cell[0]}: {cell[1]}")
def test_a_dash_allows_nothing_beyond_what_everyone_may(cell):
    for kind, facts in NOTHING[cell[0]]:
        assert allowed(COLUMNS[cell[1]], kind, facts) <= allowed(Viewer(), kind, facts), (kind, facts)


def test_the_planner_sees_nothing_of_the_talks_and_the_lists():
    facts = " ".join(sorted({word for row in rows() for word in row.conditions} - {"own", "other"}))
    for viewer in PLANNER.values():
        for kind in ("list", "pair", "medical", "interview", "transfer", "remains", "text", "paper", "assertion"):
            assert allowed(viewer, kind, facts) == set(), kind


def test_swapping_the_sides_swaps_the_answers():
    """No row names a party, and no fact does: what A may on A's, B may on B's, whatever else holds."""
    compared = 0
    for role, kind in itertools.product((Role.SIDE, Role.PLANNER), VERBS):
        words = sorted({word for row in rows() if row.kind == kind for word in row.conditions} - {"own", "other"})
        for count in range(len(words) + 1):
            for facts in map(" ".join, itertools.combinations(words, count)):
                a, b = Viewer(role, "A", "a"), Viewer(role, "B", "b")
                assert allowed(a, kind, facts, "A") == allowed(b, kind, facts, "B")
                assert allowed(a, kind, facts, "B") == allowed(b, kind, facts, "A")
                compared += 1
    assert compared > 100


def test_the_public_only_reads():
    assert {row.verb for row in rows() if row.role is Role.PUBLIC} <= {"read", "count"}


def test_the_operator_reaches_nothing_that_holds_a_person():
    kinds = {row.kind for row in rows() if row.role is Role.OPERATOR}
    persons = {
        "list",
        "pair",
        "medical",
        "interview",
        "remains",
        "exchange_people",
        "transfer",
        "reads",
        "message",
        "release",
    }
    assert kinds & persons == set()


def test_the_auditor_sees_that_and_by_whom_but_decides_nothing():
    verbs = {(row.kind, row.verb) for row in rows() if row.role is Role.AUDITOR and row.kind not in {"job", "account"}}
    assert {verb for _, verb in verbs} <= {"log", "exists", "read"}
