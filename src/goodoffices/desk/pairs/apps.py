"""The app as Django knows it."""

from django.apps import AppConfig


class PairsConfig(AppConfig):
    """Candidate pairs and what reviewers decide of them."""

    name = "goodoffices.desk.pairs"
    label = "pairs"
    default_auto_field = "django.db.models.BigAutoField"
