"""Filters of the room: probabilities near one, small ratios."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def share(value: float) -> str:
    """Write a probability in per cent; one that is nearly certain by what it lacks."""
    if value > 0.999999:
        return "> 99.9999 %"
    return f"{100 * value:.4f}".rstrip("0").rstrip(".") + "\u202f%" if value >= 0.0001 else "< 0.01\u202f%"


@register.filter
def small(value: float) -> str:
    """Write a likelihood ratio with four digits."""
    return f"{value:.4g}"
