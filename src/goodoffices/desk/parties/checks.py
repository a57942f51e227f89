"""Checks of a real desk, run by `check` and `check --deploy`."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


@register(Tags.security, deploy=True)
def master_key_is_given(**_: Any) -> list[CheckMessage]:
    """Ask for the master key from outside: beside the keys it protects nothing."""
    if settings.PRODUCTION and not settings.MASTER_KEY:
        return [
            Error(
                "GOODOFFICES_MASTER_KEY: nothing found",
                hint="64 hex digits from a secret store; a file beside the keys opens them for whoever copies both",
                id="goodoffices.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def demo_is_off(**_: Any) -> list[CheckMessage]:
    """Refuse a desk that lets in without a second factor."""
    if settings.DEMO:
        return [Error("GOODOFFICES_MODE is demo: one press lets in", id="goodoffices.E002")]
    return []


@register(Tags.security, deploy=True)
def session_secret_is_long(**_: Any) -> list[CheckMessage]:
    """Ask for a secret that is not the workspace's own file."""
    if settings.PRODUCTION and len(os.environ.get("GOODOFFICES_SECRET", "")) < 50:
        return [Error("GOODOFFICES_SECRET: fewer than 50 characters", id="goodoffices.E003")]
    return []


@register(Tags.database)
def counts_are_shared(**given: Any) -> list[CheckMessage]:
    """Ask for the table in which every process counts attempts (only with `--database default`)."""
    if not given.get("databases"):
        return []
    table = settings.CACHES["default"]["LOCATION"]
    if table not in connection.introspection.table_names():
        return [Error(f"the table {table} is missing", hint="open the desk once: it makes it", id="goodoffices.E004")]
    return []


def old_sqlite() -> str:
    """Name the SQLite library if it has the rare write-ahead-log fault (3.7.0 to 3.51.2); empty if it is sound."""
    if connection.vendor != "sqlite":
        return ""
    return sqlite3.sqlite_version if (3, 7, 0) <= sqlite3.sqlite_version_info < (3, 51, 3) else ""
