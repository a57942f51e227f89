"""The app as Django knows it."""

from django.apps import AppConfig


class FrameConfig(AppConfig):
    """The frame of every page: template, style sheet, tags, base of forms."""

    name = "goodoffices.desk.frame"
    label = "frame"
    default_auto_field = "django.db.models.BigAutoField"
