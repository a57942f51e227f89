"""What the commands of a ceasefire read: the window and its neighbours, delays, and how long to search."""

from __future__ import annotations

import dataclasses
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.visits import DayState
from goodoffices.domain.window import Metric, Window
from goodoffices.engines.ceasefire.delay import SOURCES, Delays
from goodoffices.engines.ceasefire.search import Each, Effort
from goodoffices.engines.ceasefire.travel import TravelTimes
from goodoffices.flow.ceasefire import Papers, read_papers, warm_up
from goodoffices.formats.visits import read_state
from goodoffices.store.travel import cache_folder, cached_times
from goodoffices.store.work import share_of
from goodoffices.store.write import read_bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """All that was read of one window.

    Attributes
    ----------
    papers
        The files as they came.
    window
        Read; with the closures of the state.
    times
        Travel minutes.
    state
        How the day stands; None at its beginning.
    """

    papers: Papers
    window: Window
    times: TravelTimes
    state: DayState | None


def read_desk(path: Path, *, state: Path | None = None) -> Desk:
    """Read a window, the travel file it names, and a state.

    Raises
    ------
    InputError
        With every fault of the first file that has any.
    """
    papers = Papers(read_bytes(path), name=str(path))
    window = read_papers(papers)
    if window.travel.metric is Metric.FILE:
        papers = dataclasses.replace(papers, travel=read_bytes(path.parent / window.travel.file))
    day = None
    if state is not None:
        papers = dataclasses.replace(papers, state=read_bytes(state))
        day = read_state(papers.state or b"", window, file=str(state))
        window = dataclasses.replace(window, closed=(*window.closed, *day.closed))
    if len(window.sites) > 200:
        say("travel times")
    return Desk(papers, window, cached_times(window, papers, folder=cache_folder()), day)


def read_delays(path: Path | None) -> tuple[Delays, dict[str, str]]:
    """Read parameters of the delay model, `name = value` or `name = {value = ..., source = "..."}`, over the defaults.

    Raises
    ------
    InputError
        If a name is unknown or a value out of bounds.
    """
    values, sources = dataclasses.asdict(Delays()), dict(SOURCES)
    if path is None:
        return Delays(), sources
    try:
        table = tomllib.loads(read_bytes(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Fault(str(path), "", "", str(error), "TOML")) from error
    faults = []
    for name, given in table.items():
        value = given.get("value") if isinstance(given, dict) else given
        high = 1.0 if name == "stop_chance" else 1000.0
        low = 1.0 if name == "work_shape" else 0.0
        if name not in values:
            faults.append(Fault(str(path), "", name, "an unknown name", "one of " + ", ".join(values)))
        elif isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            faults.append(Fault(str(path), "", name, str(value), f"a number from {low:g} to {high:g}"))
        else:
            values[name] = float(value)
            sources[name] = str(given.get("source", path.name)) if isinstance(given, dict) else path.name
    if faults:
        raise InputError(*faults)
    return Delays(**values), sources


def effort_of(options: Mapping[str, object], each: Each, *, default: float = 10.0) -> Callable[[int, int], Effort]:
    """Say how long to search for plan k of n: an equal share of the seconds, or of the iterations.

    Raises
    ------
    UsageError
        If both are given.
    """
    seed, iterations, seconds = options["seed"], options["iterations"], options["seconds"]
    if isinstance(iterations, int) and seconds is not None:
        raise click.UsageError("--seconds and --iterations exclude one another")

    say("compiling what is not compiled yet")
    warm_up()

    def effort(k: int, n: int) -> Effort:
        at = int(str(seed)) * 1000 + k
        if isinstance(iterations, int):
            return Effort(at, iterations=iterations // n, each=each, tell=progress())
        total = float(str(seconds)) if seconds is not None else default
        return Effort(at, clock=share_of(total / n), each=each, tell=progress())

    return effort


def progress() -> Callable[[float, int, int], None] | None:
    """Give what shows progress on standard error, if a person is watching."""
    if not sys.stderr.isatty():
        return None

    def tell(share: float, wounded: int, bodies: int) -> None:
        end = "\n" if share >= 1 else ""
        click.echo(f"\r  {share:4.0%}  {wounded} wounded, {bodies} bodies", nl=False, err=True)
        click.echo(end, nl=False, err=True)

    return tell


def say(line: str) -> None:
    """Show one line of progress if a person is watching."""
    if sys.stderr.isatty():
        click.echo(f"  {line} ...", err=True)
