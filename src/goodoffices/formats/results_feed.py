"""The feed of changes of the public record, in Atom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes
    ----------
    id
        For ever the same, unique in the feed.
    title, text
        In the reader's language.
    address
        Page that shows it.
    at
        When it was published.
    """

    id: str
    title: str
    text: str
    address: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed.

    Attributes
    ----------
    id, title, address, language
        Of the feed; `address` is its own.
    page
        The page whose changes it tells.
    changes
        The latest first.
    """

    id: str
    title: str
    address: str
    page: str
    language: str
    changes: Sequence[Change]


def atom(feed: Feed) -> bytes:
    """Write the feed (RFC 4287)."""
    latest = max((change.at for change in feed.changes), default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>',
        f"<id>{escape(feed.id)}</id>",
        f"<title>{escape(feed.title)}</title>",
        f"<updated>{_moment(latest)}</updated>",
        "<author><name>Good Offices</name></author>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(feed.address)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(feed.page)}/>',
    ]
    return "\n".join([*head, *map(_entry, feed.changes), "</feed>", ""]).encode()


def _entry(change: Change) -> str:
    return (
        f"<entry><id>{escape(change.id)}</id><title>{escape(change.title)}</title>"
        f"<updated>{_moment(change.at)}</updated><link href={quoteattr(change.address)}/>"
        f'<summary type="text">{escape(change.text)}</summary></entry>'
    )


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
