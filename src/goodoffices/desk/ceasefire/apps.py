"""The app as Django knows it."""

from collections.abc import Callable, Mapping

from django.apps import AppConfig


class CeasefireConfig(AppConfig):
    """Windows, plans, the frontier, teams, incidents."""

    name = "goodoffices.desk.ceasefire"
    label = "ceasefire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the work, and tell Today what ceasefires have to tell."""
        from goodoffices.desk.ceasefire import selectors, services
        from goodoffices.desk.ceasefire.papers import of_day
        from goodoffices.desk.ceasefire.telling import notices
        from goodoffices.desk.daypapers import give
        from goodoffices.desk.jobs.work import work
        from goodoffices.desk.keeping.retention import scope
        from goodoffices.desk.notices import tell

        for kind in (services.MAKE, services.REPLAN, services.REHEARSE):
            work(kind)(_later(kind))
        tell("ceasefire", notices)
        give("ceasefire", of_day)
        scope(selectors.PLANS, selectors.rows_of_window)


def _later(kind: str) -> Callable[..., tuple[Mapping[str, object], str]]:
    """Load the search, which takes seconds to load, only when it is asked for."""

    def done(given: Mapping[str, object], progress: object) -> tuple[Mapping[str, object], str]:
        from goodoffices.desk.ceasefire.tasks import WORK

        return WORK[kind](given, progress)  # type: ignore[arg-type]

    return done
