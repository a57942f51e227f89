"""What everybody would try first is no password: words of this desk, and common passwords made longer."""

from __future__ import annotations

import re
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
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


class NoCommonPieces:
    """Refuses a long password that is no more than two common ones, or one common one twice, with digits around.

    Of the common passwords that Django ships, few are as long as ours must be; people lengthen the short ones.
    """

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  Django's signature
        """Refuse if two common passwords, and whatever is no letter, make up the whole.

        Raises
        ------
        ValidationError
            If they do.
        """
        plain = password.lower()
        for letters in {_letters(plain), _letters(plain.translate(_DISGUISED))}:
            if any({letters[:at], letters[at:]} <= _common() | {""} for at in range(len(letters) + 1)):
                raise ValidationError(self.get_help_text(), code="common_pieces")

    def get_help_text(self) -> str:
        """Say it in the words that Django has in every language."""
        return gettext("This password is too common.")


_DISGUISED = str.maketrans("0134578@$!", "oieastbasi")


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())


@cache
def _common() -> frozenset[str]:
    """Give the letters of every common password that has three of them."""
    found = {_letters(one) for one in CommonPasswordValidator().passwords}
    return frozenset(one for one in found if len(one) > 2)
