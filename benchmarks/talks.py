"""The single text at size: parse, views, diff; beside Python's own difflib on the same lines.

Run by `make bench`, or alone: python benchmarks/talks.py
"""

import difflib
import random
import time
import tracemalloc

from goodoffices.engines.talks.align import alarms
from goodoffices.engines.talks.diff import diff
from goodoffices.engines.talks.text import parse, unparse
from goodoffices.engines.talks.views import bracket_counts, negotiating_view, open_places, signing_view

WORDS = [
    "the",
    "parties",
    "agree",
    "to",
    "exchange",
    "wounded",
    "prisoners",
    "and",
    "return",
    "bodies",
    "through",
    "crossing",
    "list",
    "date",
    "place",
    "days",
]


def text(clauses, brackets, seed):
    rng = random.Random(seed)
    lines = ["@parties A B"]
    for number in range(clauses):
        words = [rng.choice(WORDS) for _ in range(30)]
        for _ in range(brackets // clauses + (number < brackets % clauses)):
            at = rng.randrange(len(words))
            words[at] = f"[{words[at]} {rng.randrange(2000)}]{{{rng.choice(['A', 'B', 'A,B', 'A!', 'B?'])}}}"
        lines.append(f"{number // 20 + 1}.{number % 20 + 1} {' '.join(words)}")
    return "\n".join(lines) + "\n"


def changed(source, seed):
    """One clause in ten reworded, one in fifty under another number, one in fifty moved."""
    rng = random.Random(seed)
    lines = source.splitlines()
    for at in range(1, len(lines)):
        dice = rng.random()
        if dice < 0.1:
            lines[at] = lines[at].replace("agree", "undertake", 1)
        elif dice < 0.12:
            lines[at] = f"X.{lines[at]}"
        elif dice < 0.14:
            other = rng.randrange(1, len(lines))
            lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines) + "\n"


def timed(name, work):
    start = time.perf_counter()
    found = work()
    print(f"  {name:<40}{time.perf_counter() - start:8.3f} s")
    return found


def main():
    source = text(2000, 5000, seed=1)
    later = changed(source, seed=2)
    print(f"2,000 clauses, 5,000 bracketed wordings, {len(source):,} characters")
    document = timed("parse", lambda: parse(source))
    assert timed("print", lambda: unparse(document)) == source
    other = parse(later)
    timed("negotiating view", lambda: negotiating_view(document, "A"))
    timed("signing view", lambda: signing_view(document, "B"))
    timed("what is open", lambda: open_places(document))
    timed("counts of brackets", lambda: bracket_counts(document))
    found = timed("diff of two versions", lambda: diff(document, other))
    print(f"    {len(found)} clauses differ: {', '.join(sorted({d.fate for d in found}))}")
    timed("alarms between two languages", lambda: alarms({"en": document, "uk": other}))
    peer = timed(
        "peer: difflib.unified_diff of the lines",
        lambda: list(difflib.unified_diff(source.splitlines(), later.splitlines())),
    )
    print(f"    {sum(line.startswith(('+', '-')) for line in peer)} lines differ, without a word on who holds what")
    tracemalloc.start()
    diff(parse(source), parse(later))
    print(f"  peak memory of parse and diff {tracemalloc.get_traced_memory()[1] / 1e6:18.1f} MB")


if __name__ == "__main__":
    main()
