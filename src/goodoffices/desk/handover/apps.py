"""The app as Django knows it."""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """The four conditions, the day, the count, the act."""

    name = "goodoffices.desk.handover"
    label = "handover"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell Today and the pages of legs what the handovers have to tell; follow the findings of the remains."""
        from goodoffices.desk.exchange.legs import told_by
        from goodoffices.desk.handover.legs import told
        from goodoffices.desk.handover.services import findings_follow
        from goodoffices.desk.handover.telling import notices
        from goodoffices.desk.ledger.services import before_sequencing
        from goodoffices.desk.notices import tell

        tell("handover", notices)
        told_by(told)
        before_sequencing(findings_follow)
