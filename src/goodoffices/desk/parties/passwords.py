"""Words that everybody at this desk would try first are no password."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from goodoffices.desk.access import Role
from goodoffices.desk.parties.models import Party, Process, User

_WORDS = frozenset({"goodoffices", "office", "offices", "desk", "peace", "talks", "istanbul", "ceasefire", "exchange"})


class NoWordOfTheDesk:
    """Refuses a password that is little more than words of the desk: its name, roles, parties, process."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  Django's signature
        """Refuse if fewer than eight characters are left when the words are taken out.

        Raises
        ------
        ValidationError
            If too little is left.
        """
        words = _WORDS | {role.value for role in Role}
        for text in (*Party.objects.values_list("name", flat=True), *Process.objects.values_list("title", flat=True)):
            words |= {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}
        left = password.lower()
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        if len(re.sub(r"\W|\d", "", left)) + len(set(re.findall(r"\d", left))) < 8:
            raise ValidationError(self.get_help_text(), code="word_of_the_desk")

    def get_help_text(self) -> str:
        """Say it in the words that Django has in every language."""
        return gettext("This password is too common.")
