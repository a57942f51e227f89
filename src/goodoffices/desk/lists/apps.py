"""The app as Django knows it."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Lists as sides send them: versions, faults, seals, releases, answers."""

    name = "goodoffices.desk.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"
