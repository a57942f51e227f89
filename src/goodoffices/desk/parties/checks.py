"""Checks of a real desk, run by `check` and `check --deploy`."""

from __future__ import annotations

import os
import sqlite3
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's name
from django.db import connection

from goodoffices.desk.parties.scanning import scanner_now
from goodoffices.domain.errors import UnexaminedError


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


@register(Tags.security, deploy=True)
def files_are_examined(**_: Any) -> list[CheckMessage]:
    """Ask for a virus scanner, and that the one that is set answers."""
    try:
        if scanner_now():
            return []
    except UnexaminedError as error:
        return [
            Error(
                f"GOODOFFICES_SCANNER: {error}",
                hint="clamd of this machine: unix:/run/clamav/clamd.ctl; while it is silent no file is taken",
                id="goodoffices.E005",
            )
        ]
    return [
        Warning(
            "GOODOFFICES_SCANNER: nothing found; uploaded files are read in a limited process, by no virus scanner",
            hint="unix:/run/clamav/clamd.ctl (docs/keeping.md)",
            id="goodoffices.W001",
        )
    ]


@register(Tags.security, deploy=True)
def database_is_reached_by_tls(**_: Any) -> list[CheckMessage]:
    """Ask for a checked certificate where the database is on another machine."""
    database = settings.DATABASES["default"]
    host = str(database.get("HOST", ""))
    if not host or host == "localhost" or host.startswith("/") or _is_loopback(host):
        return []
    if database["OPTIONS"].get("sslmode") == "verify-full":
        return []
    return [
        Error(
            "GOODOFFICES_DATABASE: the database is on another machine, and its certificate is not checked",
            hint="?sslmode=verify-full&sslrootcert=FILE after the address",
            id="goodoffices.E006",
        )
    ]


@register(Tags.database)
def counts_are_shared(**given: Any) -> list[CheckMessage]:
    """Ask for the table in which every process counts attempts (only with `--database default`)."""
    if not given.get("databases"):
        return []
    table = settings.CACHES["default"]["LOCATION"]
    if table not in connection.introspection.table_names():
        return [Error(f"the table {table} is missing", hint="open the desk once: it makes it", id="goodoffices.E004")]
    return []


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, and what it leads to may change
        return False


def old_sqlite() -> str:
    """Name the SQLite library if it has the rare write-ahead-log fault (3.7.0 to 3.51.2); empty if it is sound."""
    if connection.vendor != "sqlite":
        return ""
    return sqlite3.sqlite_version if (3, 7, 0) <= sqlite3.sqlite_version_info < (3, 51, 3) else ""
