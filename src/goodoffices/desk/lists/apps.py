"""The app as Django knows it."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Lists in: files checked, versions, seals, answers."""

    name = "goodoffices.desk.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the long work and what Today is told."""
        from goodoffices.desk.keeping.retention import scope
        from goodoffices.desk.lists import selectors, tasks, telling
        from goodoffices.desk.notices import tell
        from goodoffices.desk.parties.crossing import Crossing, releasable
        from goodoffices.domain.lists import COLUMNS

        releasable(
            selectors.KIND,
            Crossing(frozenset(COLUMNS), "lists", "col_", selectors.title_of_version, selectors.address_of_version),
        )
        scope(selectors.KIND, selectors.rows_of_list)
        tasks.register()
        tell("lists", telling.tell)
