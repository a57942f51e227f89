"""Results of 100,000 assertions, beside the same group-by in DuckDB and in plain Python dictionaries.

Prints size, seconds (best of three), peak memory, whether the answers are the same, and the ratio.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import sys
import time
from collections import defaultdict

from goodoffices.flow.result import results
from goodoffices.formats.process import read_process
from goodoffices.store.example import example_process

SIZE = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000


def invented(size: int) -> bytes:
    """Write a process of `size` assertions, giver and receiver of each movement, on the example's commitments."""
    chance = random.Random(1)
    talks = json.loads(example_process())
    base = next(a for a in talks["assertions"] if a["kind"] == "movement")
    told = []
    for number in range(size // 2):
        giver, receiver = chance.choice([("UA", "RU"), ("RU", "UA")])
        figure, unit = chance.randrange(1, 1000), chance.choice(["handed_over", "declared_body"])
        for party in (giver, receiver):
            hidden = chance.random() < 0.05
            told.append(
                base
                | {
                    "id": f"a{number}-{party}",
                    "movement": f"m{number}",
                    "date": f"20{25 + number % 5}-{1 + number % 12:02}-{1 + number % 28:02}",
                    "party": party,
                    "from": giver,
                    "to": receiver,
                    "unit": unit,
                    "quantity": None if hidden else figure + (chance.random() < 0.03),
                    "bound": "withheld" if hidden else "exact",
                    "commitment": chance.choice(["C1", "C2", "C3", "C4", "C5", None]),
                }
            )
    talks["assertions"], talks["proposals"] = told, []
    return json.dumps(talks, ensure_ascii=False).encode()


def best(work, times: int = 3):
    """Give the shortest of some runs in seconds, and the last answer."""
    seconds, answer = [], None
    for _ in range(times):
        begin = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), answer


def plain(process):
    """Count movements by status with dictionaries, straight from the contract; sums and readings left out."""
    groups = defaultdict(lambda: (set(), set()))
    for a in process.assertions:
        giver, receiver = groups[a.movement]
        if a.quantity is not None:
            (giver if a.party == a.direction.giver else receiver).add(a.quantity)
    counts = defaultdict(int)
    for giver, receiver in groups.values():
        both = giver | receiver
        word = "withheld" if not both else "differ" if len(both) > 1 else "agree" if giver and receiver else "one-sided"
        counts[word] += 1
    return dict(counts)


def duckdb_counts(process):
    """Count the same in DuckDB from a table that is already in memory."""
    import duckdb
    import pyarrow as pa

    table = pa.table(
        {
            "movement": [a.movement for a in process.assertions],
            "gives": [a.party == a.direction.giver for a in process.assertions],
            "quantity": [a.quantity for a in process.assertions],
        }
    )
    query = """
        with m as (select count(quantity) filter (gives) g, count(quantity) filter (not gives) r,
                          count(distinct quantity) k from t group by movement)
        select case when g + r = 0 then 'withheld' when k > 1 then 'differ'
                    when g > 0 and r > 0 then 'agree' else 'one-sided' end s, count(*) from m group by s"""
    base = duckdb.connect()
    base.register("t", table)
    return best(lambda: dict(base.execute(query).fetchall()))


def main() -> None:
    """Measure and print."""
    data = invented(SIZE)
    reading, process = best(lambda: read_process(data, "invented.json"))
    gc.freeze()  # as the command does: what was read stays
    ours, result = best(lambda: results(process))
    counts = {status.value: number for status, number in result.counts.items() if number}
    simple, same = best(lambda: plain(process))
    print(f"assertions {len(process.assertions):,}, movements {len(result.movements):,}, file {len(data) / 1e6:.0f} MB")
    print(f"  reading the file, strictly     {reading:6.2f} s")
    print(f"  results (counts, sums, totals, status, divergences) {ours:6.2f} s")
    print(
        f"  plain dictionaries, counts only {simple:5.2f} s; same counts: {same == counts}; ratio {ours / simple:.1f}"
    )
    try:
        seconds, theirs = duckdb_counts(process)
        print(
            f"  DuckDB, counts only, from columns {seconds:.2f} s; same counts: {theirs == counts}; "
            f"ratio {ours / seconds:.1f}"
        )
    except ImportError as error:
        print(f"  DuckDB is not installed here ({error.name}): not compared")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
