"""A ceasefire plan: who visits which site when, what is left and why; and how a day stands when it is planned anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.window import Closure


@dataclass(frozen=True, slots=True)
class Visit:
    """One team at one site.

    Attributes
    ----------
    team, trip, site
        Who, on which trip (from 1), where.
    wounded, bodies
        Taken.
    arrive
        When the team gets there.
    leave
        When its work ends.
    turn_back
        From this instant on the team goes to a crossing instead of to the next stop; None without a rule.
    """

    team: str
    trip: int
    site: str
    wounded: int
    bodies: int
    arrive: dt.datetime
    leave: dt.datetime
    turn_back: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """The end of a trip.

    Attributes
    ----------
    team, trip, crossing
        Who, which trip, where.
    at
        When the team is there.
    """

    team: str
    trip: int
    crossing: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """The beginning of a trip.

    Attributes
    ----------
    team, trip, place
        Who, which trip, from which crossing (or site, when a day is planned anew from a state).
    at
        When the team leaves.
    """

    team: str
    trip: int
    place: str
    at: dt.datetime


class Why(StrEnum):
    """Why something is left at a site."""

    NO_TEAM = "no_team"
    TOO_FAR = "too_far"
    NEVER_OPEN = "never_open"
    PREDECESSOR = "predecessor"
    NO_TIME = "no_time"
    NOT_NEEDED = "not_needed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Left:
    """What is not taken from a site.

    Attributes
    ----------
    site
        Where.
    wounded, bodies
        How many stay.
    reason
        Why.
    """

    site: str
    wounded: int
    bodies: int
    reason: Why


@dataclass(frozen=True, slots=True)
class TurnBack:
    """The rule in the field: go to a crossing when the next stop needs more than the time left allows.

    Attributes
    ----------
    factor
        Nominal minutes to the next stop, there and to a crossing are multiplied by this.
    buffer_minutes
        Added to it.
    """

    factor: float
    buffer_minutes: int = 0


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """A plan of one window.

    Attributes
    ----------
    visits, departures, returns
        By team and time.
    left
        Every site that is not emptied.
    margin_minutes
        The margin planned with.
    rule
        The turn-back rule that the times in `visits` follow.
    """

    visits: tuple[Visit, ...]
    departures: tuple[Departure, ...]
    returns: tuple[Return, ...]
    left: tuple[Left, ...]
    margin_minutes: int
    rule: TurnBack | None = None

    @property
    def wounded(self) -> int:
        """Wounded taken."""
        return sum(visit.wounded for visit in self.visits)

    @property
    def bodies(self) -> int:
        """Bodies taken."""
        return sum(visit.bodies for visit in self.visits)

    @property
    def latest_return(self) -> dt.datetime | None:
        """When the last team is back; None if nobody goes."""
        return max((back.at for back in self.returns), default=None)


@dataclass(frozen=True, slots=True)
class TeamState:
    """Where a team stands when the day is planned anew.

    Attributes
    ----------
    team
        Its identifier.
    at
        A crossing or a site: where it is, or where it is bound and cannot be called back from.
    free
        From when it can go on.
    wounded, bodies
        Aboard.
    trip
        Number of the trip it is on, or that it would begin next.
    out_since
        Its first departure; None if it has not left yet.
    lost
        Whether it drops out (breakdown, incident); what is aboard stays with it.
    """

    team: str
    at: str
    free: dt.datetime
    wounded: int = 0
    bodies: int = 0
    trip: int = 1
    out_since: dt.datetime | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True)
class SiteState:
    """What is known of a site now.

    Attributes
    ----------
    site
        Its identifier.
    wounded, bodies
        Still there.
    done
        Whether the work there (demining) is done; for `after`.
    closed
        Whether nobody may go there any more.
    """

    site: str
    wounded: int
    bodies: int
    done: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class DayState:
    """How a day stands at an hour.

    Attributes
    ----------
    at
        The hour.
    teams, sites
        Those that differ from the beginning of the day.
    closed
        Roads closed from now on for some hours, beside those of the window.
    """

    at: dt.datetime
    teams: tuple[TeamState, ...]
    sites: tuple[SiteState, ...]
    closed: tuple[Closure, ...] = ()
