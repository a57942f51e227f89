"""Splink in its stock configuration, the anchor that the linkage is measured against.

link_only; NameComparison on surname, given name and patronymic; DateOfBirthComparison; Jaro-Winkler .9, .7 with
term frequencies on the birth place; exact with term frequencies on the unit; one edit on the service number; five
blocking rules; m by EM on the birth date, then on surname and given name. Names and places are first written in Latin
letters by a library (anyascii, rigour); across scripts stock Splink fails without.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

NAMES = ("surname", "given_name", "patronymic", "birth_place", "unit", "service_number")
FIELDS = (*NAMES, "birth_date")
Latin = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Score:
    """How well pairs at or above a posterior meet the truth; every cross-list pair of one person counts."""

    threshold: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Run:
    """One run: scored pairs (left_ref, right_ref, probability), seconds."""

    pairs: pl.DataFrame
    seconds: float


def latin_by(library: str) -> Latin:
    """Give the library's function from any script to ASCII.

    Raises
    ------
    ImportError
        If the library is missing.
    """
    if library == "anyascii":
        from anyascii import anyascii

        return lambda text: anyascii(text).lower()
    if library == "rigour":
        from rigour.text.translit import ascii_text

        return lambda text: ascii_text(text).lower()
    if library == "icu":
        import icu

        return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII; Lower").transliterate
    if library == "splink":
        import splink  # noqa: F401
    if library in {"raw", "splink"}:
        return str.lower
    raise ValueError(f"found {library!r}, expected anyascii, rigour, icu or raw")


def is_there(library: str) -> bool:
    """Say whether the library is installed; print it if not."""
    try:
        latin_by(library)
    except ImportError:
        print(f"{library} is missing: not measured")
        return False
    return True


def prepared(frame: pl.DataFrame, latin: Latin) -> pl.DataFrame:
    """Give Splink's input: an id, and the compared fields in Latin letters."""
    columns = {"unique_id": frame["ref"], "birth_date": frame["birth_date"]}
    for name in NAMES:
        words = frame[name].drop_nulls().unique().to_list()
        table = {word: latin(word).replace("'", "") or None for word in words}
        columns[name] = pl.Series([table.get(word) for word in frame[name].to_list()], dtype=pl.String)
    return pl.DataFrame(columns)


def settings():
    """Give the stock settings."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("surname"),
            cl.NameComparison("given_name"),
            cl.NameComparison("patronymic"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.JaroWinklerAtThresholds("birth_place", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("unit").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("service_number", 1),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("birth_date"),
            block_on("surname", "given_name"),
            block_on("service_number"),
            block_on("surname", "substr(birth_date, 1, 4)"),
            block_on("given_name", "patronymic"),
        ],
    )


def link(left: pl.DataFrame, right: pl.DataFrame, *, library: str = "anyascii", seed: int = 1) -> Run:
    """Link two lists in the form of RECORDS with stock Splink; scores every pair that the blocks bring."""
    from splink import Linker, block_on
    from splink.backends.duckdb import DuckDBAPI

    log = logging.getLogger("splink")
    log.handlers, log.propagate = [logging.NullHandler()], False
    start = time.perf_counter()
    latin = latin_by(library)
    api = DuckDBAPI()
    tables = [
        api.register(prepared(frame, latin).to_arrow(), table_name=name) for frame, name in ((left, "a"), (right, "b"))
    ]
    linker = Linker(tables, settings())
    same = [block_on("birth_date", "surname", "given_name"), block_on("service_number", "birth_date")]
    linker.training.estimate_probability_two_random_records_match(same, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
    for rule in (block_on("birth_date"), block_on("surname", "given_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=1e-7).as_duckdbpyrelation().pl()
    pairs = found.select(
        left_ref="unique_id_l", right_ref="unique_id_r", probability="match_probability", weight="match_weight"
    )
    return Run(pairs, time.perf_counter() - start)


def score(pairs: pl.DataFrame, truth: pl.DataFrame, threshold: float) -> Score:
    """Score the pairs at or above the threshold; columns left_ref, right_ref, probability."""
    given = pairs.filter(pl.col("probability") >= threshold).select("left_ref", "right_ref").unique()
    right = given.join(truth, on=["left_ref", "right_ref"], how="semi").height
    precision, recall = right / max(given.height, 1), right / max(truth.height, 1)
    return Score(threshold, precision, recall, 2 * right / max(given.height + truth.height, 1))


def best(pairs: pl.DataFrame, truth: pl.DataFrame) -> Score:
    """Give the best F1 over all thresholds."""
    marked = pairs.join(truth.with_columns(true=pl.lit(value=True)), on=["left_ref", "right_ref"], how="left")
    marked = marked.with_columns(pl.col("true").fill_null(value=False)).sort("weight", descending=True)
    hits = marked["true"].cum_sum().to_numpy()
    f1 = 2 * hits / (np.arange(1, marked.height + 1) + truth.height)
    at = int(f1.argmax())
    return Score(marked["probability"][at], hits[at] / (at + 1), hits[at] / truth.height, float(f1[at]))
