"""How long a day of 1,200 numbers and three roles takes to check, merge and attest: python benchmarks/handover.py."""

import datetime as dt
import resource
import time

from goodoffices.domain.assertion import Scope
from goodoffices.domain.commitment import Direction, Unit
from goodoffices.domain.handover import Day, Item, Say, Statement, slip_codes
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.note import ED25519, SigningKey
from goodoffices.flow.handover.attest import attest
from goodoffices.flow.handover.merge import merge
from goodoffices.flow.handover.signed import follow, receive, sign
from goodoffices.flow.handover.state import course
from goodoffices.formats.daypage import day_page

SIZE = 1_200
AT = "2025-07-24T10:00:00+03:00"


def timed(what, work):
    start = time.perf_counter()
    found = work()
    print(f"{what:<36}{time.perf_counter() - start:8.3f} s")
    return found


def main():
    numbers = [str(n) for n in range(1, SIZE + 1)]
    codes = slip_codes("x1", numbers)
    keys = {r: SigningKey.from_seed(f"{r}.example", ED25519, seed=bytes([n]) * 32) for n, r in enumerate(Role, 1)}
    held = {role: (str(key.vkey),) for role, key in keys.items()}
    day = Day(
        "x1", None, Direction("A", "B"), "N", Unit.CONTAINER, None, "c1", dt.datetime.fromisoformat(AT),
        tuple(Item(number, codes[number]) for number in numbers), held,
    )  # fmt: skip
    files = []
    for place, (role, key) in enumerate(keys.items(), 1):
        chain = ()
        for number in numbers:
            chain = follow(day, chain, Statement(role, f"{place:016x}", 0, "", Say.COUNTED, AT, number))
        act = Statement(role, f"{place:016x}", 0, "", Say.ACT_SIGNED, AT, scope=Scope.CHECKED_AGAINST_MANIFEST)
        files.append(sign(day, follow(day, chain, act), key))
    print(f"{SIZE} numbers, {len(files)} files of {len(files[0]):,} bytes")
    received = timed("check signatures and chains", lambda: [receive(data, day) for data in files])
    merged = timed("merge", lambda: merge(day, received))
    found = timed("state and assertions", lambda: (course(merged, is_set=True), attest(merged)))
    assert [a.quantity for a in found[1].assertions] == [SIZE] * 3
    print(f"page: {len(day_page(day, Role.NEUTRAL).encode()):,} bytes")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
