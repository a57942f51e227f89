"""The app as Django knows it."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Terms, options, plans, legs, repair."""

    name = "goodoffices.desk.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
