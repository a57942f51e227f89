"""The app as Django knows it."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    """Forums, the single text, consent, commitments."""

    name = "goodoffices.desk.talks"
    label = "talks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell Today and the pack what the talks have; at each beat note what comes to be without a button."""
        from goodoffices.desk.daypapers import give
        from goodoffices.desk.ledger.services import before_sequencing
        from goodoffices.desk.notices import tell
        from goodoffices.desk.talks.minuting import minutes_adopt
        from goodoffices.desk.talks.owing import commitments_enter
        from goodoffices.desk.talks.papers import of_day
        from goodoffices.desk.talks.telling import notices
        from goodoffices.desk.talks.tying import packages_close
        from goodoffices.desk.talks.validity import validities_move

        tell("talks", notices)
        give("talks", of_day)
        before_sequencing(minutes_adopt)
        before_sequencing(packages_close)
        before_sequencing(commitments_enter)
        before_sequencing(validities_move)
