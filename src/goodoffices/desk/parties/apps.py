"""The app as Django knows it."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Parties, members, mandates, releases, and who read what."""

    name = "goodoffices.desk.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """End other sessions when a way in changes; register the checks of a real desk; tell who waits."""
        from allauth.account.signals import password_changed, password_set
        from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
        from django.db.models.signals import post_delete, post_save

        import goodoffices.desk.parties.checks  # noqa: F401  importing registers them
        from goodoffices.desk import notices, remember
        from goodoffices.desk.parties.codes import put_in_place
        from goodoffices.desk.parties.doors import end_others, note_doors
        from goodoffices.desk.parties.people import recoveries_told

        for signal in (password_changed, password_set, authenticator_added, authenticator_removed, authenticator_reset):
            signal.connect(end_others, dispatch_uid="end_others")
        for name in ("Party", "Process", "Mandate"):
            for changed in (post_save, post_delete):
                changed.connect(remember.forget, sender=self.get_model(name), dispatch_uid=f"forget {name}")
        put_in_place()
        note_doors()
        notices.tell("parties", recoveries_told)
