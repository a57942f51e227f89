"""Codes that can be typed, and letters that betray a slip of the pen, alike on a Latin and a Cyrillic keyboard."""

from __future__ import annotations

from goodoffices.domain.errors import RangeError

ALPHABET = "ABCEHKMPTXY"
"""Eleven letters that both scripts have and write alike; by their place they stand for remainders 0 to 10."""

LONGEST_CODE = 24
"""Letters of a code that is printed in a box of fixed size."""

_CYRILLIC = str.maketrans("АВСЕНКМРТХУ", ALPHABET)
_TURKISH = str.maketrans("ı", "i")


def check_letter(digits: str, offset: int = 0) -> str:
    """Give the check letter of a row of digits.

    The last digit counts twice, the one before it three times, and so on; the sum's remainder by eleven names the
    letter. Eleven is prime, so one wrong digit, or two neighbours swapped, always changes it (to ten digits).

    Raises
    ------
    RangeError
        If there are no digits, more than nine, or anything else among them.
    """
    if not 1 <= len(digits) <= 9 or not (digits.isascii() and digits.isdigit()):
        raise RangeError(f"{digits!r}, expected one to nine digits")
    total = sum(weight * int(digit) for weight, digit in enumerate(reversed(digits), 2))
    return ALPHABET[(total + offset) % 11]


def folded(typed: str) -> str:
    """Write what an officer typed in capitals of the Latin script, whatever the keyboard was."""
    return typed.translate(_TURKISH).upper().translate(_CYRILLIC)


def check_code(code: str, what: str) -> None:
    """Refuse a code that nobody could type from paper.

    Raises
    ------
    RangeError
        If it is empty, too long, or holds anything but visible ASCII letters.
    """
    if not 1 <= len(code) <= LONGEST_CODE or not code.isascii() or not code.isprintable():
        raise RangeError(f"{what}: {len(code)} letters, expected 1 to {LONGEST_CODE} that stand on any keyboard")
