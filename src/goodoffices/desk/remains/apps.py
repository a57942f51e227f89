"""The app as Django knows it."""

from django.apps import AppConfig


class RemainsConfig(AppConfig):
    """Transfers of the dead, containers, cases, samples, candidates, the board."""

    name = "goodoffices.desk.remains"
    label = "remains"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the room's long work and what it has to tell."""
        from goodoffices.desk import notices
        from goodoffices.desk.parties import crossing
        from goodoffices.desk.remains import tasks, telling  # noqa: F401  importing registers the long work
        from goodoffices.desk.remains.selectors import cases

        notices.tell("remains", telling.tell)
        crossing.releasable(
            "remains",
            crossing.Crossing(
                fields=frozenset({"number", *cases.RELEASED_FIELDS}),
                part=telling.PART,
                prefix="choice_fields_seen_",
                title=cases.number_of,
                address=lambda key: f"/remains/case/{key}",
            ),
        )
