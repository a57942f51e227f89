"""What every test of the desk begins with, made once and copied: the tables, and the example process opened.

The migrations take many seconds and are the same until one of them changes; opening the process writes keys and a log.
"""

import fcntl
import hashlib
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from django.db import connection, transaction

import goodoffices.desk

_KEPT_IN = Path(__file__).parents[2] / ".pytest_cache" / "d" / "desk"
_MADE_BY = ("django", "django-allauth")
_NOT_COPIED = {"django_migrations", "django_content_type", "auth_permission", "shared_cache", "sqlite_sequence"}
_MAKE = """
import django; django.setup()
from django.db import connection
from goodoffices.desk.demo import prepare
prepare()
connection.cursor().execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
connection.close()
"""


def bring(to):
    """Lay an SQLite file with all tables of this version at a place; the first to come makes it, others wait."""
    digest = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _MADE_BY).encode())
    for path in sorted(Path(goodoffices.desk.__file__).parent.glob("*/migrations/*.py")):
        digest.update(path.as_posix().encode() + path.read_bytes())
    kept = _KEPT_IN / f"tables-{digest.hexdigest()[:16]}.sqlite"
    _KEPT_IN.mkdir(parents=True, exist_ok=True)
    with (_KEPT_IN / "tables.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in _KEPT_IN.glob("tables-*"):
                old.unlink()
            _make(kept)
    shutil.copyfile(kept, to)


def _make(kept):
    """Run every migration in a process of its own, as a desk does that begins."""
    from tests.desk.serving import python

    with tempfile.TemporaryDirectory(dir=_KEPT_IN) as folder:
        python(_MAKE, folder)
        (Path(folder) / "desk.sqlite").rename(kept)


class Opened:
    """The rows and files of a desk just opened; laid into an empty database and folder in a few milliseconds."""

    def __init__(self, workspace, keys, kept):
        self.workspace, self.keys = shutil.copytree(workspace, kept / "desk"), shutil.copytree(keys, kept / "keys")
        self.rows = {}
        with connection.cursor() as cursor:
            for table in set(connection.introspection.table_names(cursor)) - _NOT_COPIED:
                rows = cursor.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608  our own tables
                if rows:
                    self.rows[table] = rows

    def lay(self, workspace, keys):
        """Copy it all; references between the rows are checked when the test's transaction asks for it."""
        shutil.copytree(self.workspace, workspace, dirs_exist_ok=True)
        shutil.copytree(self.keys, keys, dirs_exist_ok=True)
        with transaction.atomic():
            for table, rows in self.rows.items():
                holes = ", ".join("?" * len(rows[0]))
                connection.connection.executemany(f'INSERT INTO "{table}" VALUES ({holes})', rows)  # noqa: S608
