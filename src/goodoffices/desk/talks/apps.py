"""The app as Django knows it."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    """Forums, the single text, consent, commitments."""

    name = "goodoffices.desk.talks"
    label = "talks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell Today what the talks have to tell."""
        from goodoffices.desk.notices import tell
        from goodoffices.desk.talks.telling import notices

        tell("talks", notices)
