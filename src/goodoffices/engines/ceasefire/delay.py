"""What goes otherwise than planned: the delay model of the rehearsal, every figure with where it is from."""

from __future__ import annotations

from dataclasses import dataclass, fields

ASSUMPTION = "assumption: no public record of such a window was found; set it from your own reports"


@dataclass(frozen=True, slots=True)
class Delays:
    """Parameters of the rehearsal.

    Attributes
    ----------
    leg_spread
        Standard deviation of the logarithm of one leg's time over its nominal time.
    day_spread
        The same for the day as a whole, shared by all teams: weather, congestion, orders.
    stop_chance
        Share of legs on which a team is stopped (checkpoint, breakdown, incident).
    stop_minutes
        Mean length of such a stop, exponentially distributed.
    stop_spread
        Standard deviation of the logarithm of the day's factor on `stop_chance`, shared by all teams.
    work_shape
        Shape of the gamma distribution of a service time over its nominal time (16: one quarter either way).
    found_shape
        Shape of the negative binomial distribution of bodies found around the number expected; 0: as expected.
    """

    leg_spread: float = 0.25
    day_spread: float = 0.15
    stop_chance: float = 0.03
    stop_minutes: float = 45.0
    stop_spread: float = 0.5
    work_shape: float = 16.0
    found_shape: float = 4.0


SOURCES = {field.name: ASSUMPTION for field in fields(Delays)}
"""Where each default is from."""
