"""The app as Django knows it."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Terms, options, plans, legs, repair."""

    name = "goodoffices.desk.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the work, and tell Today what exchanges have to tell."""
        from goodoffices.desk.exchange.tasks import register
        from goodoffices.desk.exchange.telling import notices
        from goodoffices.desk.notices import tell

        register()
        tell("exchange", notices)
