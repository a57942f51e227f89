"""Back-up and restore of a desk: database, log and vault in one folder; the keys apart, in one file of their own.

DIR/manifest.json     version, moment, engine, head of the log, SHA-256 and size of every file
DIR/desk.sqlite       by SQLite's own back-up, or DIR/desk.dump by pg_dump
DIR/log/...           the transparency log, at one moment with the database
DIR/vault.sqlite      contents behind entries, sealed; their keys are in the keys' file
DIR.keys.age          everything of the keys' folder, the vault's keys, the demo's party keys; sealed to recipients
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import connection

import goodoffices
from goodoffices.desk.keeping.machine import head_size
from goodoffices.desk.keeping.models import Backup
from goodoffices.desk.ledger.services import alone, log_folder
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.log import check_log
from goodoffices.store.tiles import LogFolder
from goodoffices.store.write import read_bytes, write_whole

MANIFEST, DATABASE, DUMP, LOG, VAULT = "manifest.json", "desk.sqlite", "desk.dump", "log", "vault.sqlite"
_NOT_FILES = ("-wal", "-shm", "-journal", ".lock")


def recipients_of(path: Path) -> list[pyrage.x25519.Recipient]:
    """Read age public keys, one a line; `#` begins a comment.

    Raises
    ------
    InputError
        With every line that is no key.
    """
    found, faults = [], []
    for number, line in enumerate(read_bytes(path).decode("utf-8", "replace").splitlines(), 1):
        if text := line.partition("#")[0].strip():
            try:
                found.append(pyrage.x25519.Recipient.from_str(text))
            except pyrage.RecipientError:
                faults.append(Fault(str(path), f"line {number}", "", "no age key", "a public key: age1..."))
    if faults or not found:
        raise InputError(*(faults or [Fault(str(path), "", "", "no key", "an age public key a line")]))
    return found


def make(
    out: Path, keys_out: Path, *, recipients: Sequence[pyrage.x25519.Recipient], at: dt.datetime
) -> dict[str, int]:
    """Back up this desk; gives bytes of the folder and of the keys' file.

    Parameters
    ----------
    out
        Folder that is not there yet.
    keys_out
        File of the keys; it must not lie in `out`.
    recipients
        To whom the keys are sealed; none means in clear, which the caller must have been told to do.
    at
        Now.

    Raises
    ------
    InputError
        If something lies at either place, or the keys would lie beside what they open.
    """
    for path in (out, keys_out):
        if path.exists():
            raise InputError(Fault(str(path), "", "", "something there already", "a place for a new back-up"))
    if out.resolve() in keys_out.resolve().parents:
        raise InputError(Fault(str(keys_out), "", "", "a place inside the back-up", "a place apart from it"))
    hidden = out.with_name(f".{out.name}.part")
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir(parents=True, mode=0o700)
    try:
        with alone(settings.WORKSPACE / "sequencer.lock"):  # no entry moves from the database into the log meanwhile
            _database(hidden)
            if (settings.WORKSPACE / "log").exists():
                shutil.copytree(settings.WORKSPACE / "log", hidden / LOG)
            size = head_size()
            if (settings.WORKSPACE / "vault/content.sqlite").exists():
                (hidden / VAULT).write_bytes(_whole(settings.WORKSPACE / "vault/content.sqlite"))
            keys = _keys()
        _manifest(hidden, at, size)
        write_whole(keys_out, pyrage.encrypt(keys, list(recipients)) if recipients else keys)
        keys_out.chmod(0o600)
        hidden.replace(out)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    total = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    if Backup._meta.db_table in connection.introspection.table_names():  # noqa: SLF001  not before its first upgrade
        Backup.objects.create(at=at, bytes=total, keys="sealed" if recipients else "clear")
    return {"bytes": total, "keys": keys_out.stat().st_size, "entries": size}


def _database(folder: Path) -> None:
    """Copy the database at one moment, while the desk works on."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / DATABASE)) as copy:
            connection.connection.backup(copy)
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={folder / DUMP}")


def _postgres(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on this desk's database; its password is in no command line.

    Raises
    ------
    InputError
        If the program is not there, or fails.
    """
    base = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = os.environ | {name: str(base[key]) for name, key in named.items() if base.get(key)}
    found = shutil.which(program)
    if found is None:
        raise InputError(Fault(program, "", "", "no such program", "PostgreSQL's client programs"))
    done = subprocess.run([found, *arguments], env=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise InputError(Fault(program, "", "", done.stderr.strip()[:300] or "a failure", "success"))


def _whole(path: Path) -> bytes:
    """Give the bytes of an SQLite database at one moment, its write-ahead log taken in."""
    with closing(sqlite3.connect(path)) as base, closing(sqlite3.connect(":memory:")) as copy:
        base.backup(copy)
        return copy.serialize()


def _keys() -> bytes:
    """Pack the keys' folder, the vault's keys, and in the demo the parties' own keys."""
    out = io.BytesIO()
    places = [(settings.KEYS, "keys"), (settings.WORKSPACE / "party-keys", "party-keys")]
    with tarfile.open(fileobj=out, mode="w") as tar:
        for folder, name in places:
            for path in _files(folder):
                _pack(tar, f"{name}/{path.relative_to(folder).as_posix()}", path)
        if (settings.WORKSPACE / "vault/keys.sqlite").exists():
            _pack(tar, "vault/keys.sqlite", settings.WORKSPACE / "vault/keys.sqlite")
    return out.getvalue()


def _files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(_NOT_FILES):
            yield path


def _pack(tar: tarfile.TarFile, name: str, path: Path) -> None:
    data = _whole(path) if path.suffix == ".sqlite" else path.read_bytes()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), 0o600
    tar.addfile(entry, io.BytesIO(data))


def _manifest(folder: Path, at: dt.datetime, size: int) -> None:
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    told = {
        "version": goodoffices.__version__,
        "made_at": at.isoformat(),
        "database": connection.vendor,
        "entries": size,
        "files": files,
    }
    write_whole(folder / MANIFEST, json.dumps(told, indent=1, sort_keys=True))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(folder: Path) -> dict[str, object]:
    """Give the manifest of a back-up in which every file is as it was made, and the log holds.

    Raises
    ------
    InputError
        If it is no back-up.
    VerificationError
        If a file is missing, added or changed, or the log does not hold.
    """
    try:
        told = json.loads(read_bytes(folder / MANIFEST))
        files: dict[str, dict[str, object]] = dict(told["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(Fault(str(folder / MANIFEST), "", "", "no manifest", "a back-up's manifest")) from error
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    if there != set(files):
        odd = sorted(there ^ set(files))
        raise VerificationError(f"{folder}: files missing or added: {', '.join(odd[:5])}")
    changed = sorted(name for name, kept in files.items() if _sha256(folder / name) != kept["sha256"])
    if changed:
        raise VerificationError(f"{folder}: changed since the back-up: {', '.join(changed[:5])}")
    if (folder / LOG).exists():
        check_record(LogFolder(folder / LOG))
    return dict(told)


def check_record(folder: LogFolder | None = None) -> int:
    """Verify a log, this desk's if none is given; gives how many entries its head covers.

    Raises
    ------
    VerificationError
        With everything that fails but a quorum that is still gathered.
    """
    log = folder or log_folder()
    verdict = check_log(log.read, log.names())
    if not verdict.is_sound:
        raise VerificationError("; ".join(verdict.failures))
    return verdict.head.checkpoint.size if verdict.head else 0


def restore(folder: Path, keys: bytes, *, into: Path, keys_into: Path) -> None:
    """Put a checked back-up in place of nothing; what is there already is never touched.

    Parameters
    ----------
    folder
        The back-up.
    keys
        The keys' file, opened.
    into, keys_into
        Workspace and folder of keys; both must be empty or not there.

    Raises
    ------
    InputError
        If something is there already, or the keys' file is no such file.
    """
    told = check(folder)
    for place in (into, keys_into):
        if place.exists() and any(place.iterdir()):
            raise InputError(Fault(str(place), "", "", "something there already", "an empty folder, or none"))
    if told["database"] == "postgresql":
        _need_empty_database()
    hidden = into.with_name(f".{into.name}.part")
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir(parents=True, mode=0o700)
    try:
        _lay(folder, keys, hidden)
        if keys_into.resolve() != (into / "keys").resolve():
            keys_into.parent.mkdir(parents=True, exist_ok=True)
            if keys_into.exists():
                keys_into.rmdir()
            shutil.move(hidden / "keys", keys_into)
        if into.exists():
            into.rmdir()
        hidden.replace(into)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    if told["database"] == "postgresql":
        name = connection.settings_dict["NAME"]
        _postgres("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", str(folder / DUMP))


def _lay(folder: Path, keys: bytes, into: Path) -> None:
    """Put the files of a back-up where a workspace has them."""
    _unpack(keys, into)
    (into / "vault").mkdir(exist_ok=True, mode=0o700)
    for name, place in ((DATABASE, DATABASE), (VAULT, "vault/content.sqlite")):
        if (folder / name).exists():
            shutil.copyfile(folder / name, into / place)
    if (folder / LOG).exists():
        shutil.copytree(folder / LOG, into / "log")


def _need_empty_database() -> None:
    if connection.vendor != "postgresql":
        raise InputError(Fault("GOODOFFICES_DATABASE", "", "", connection.vendor, "an empty PostgreSQL database"))
    if tables := connection.introspection.table_names():
        raise InputError(Fault("GOODOFFICES_DATABASE", "", "", f"{len(tables)} tables", "an empty database"))


def _unpack(keys: bytes, into: Path) -> None:
    try:
        with tarfile.open(fileobj=io.BytesIO(keys)) as tar:
            tar.extractall(into, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise InputError(Fault("keys", "", "", "no such file", "a keys' file of a back-up, opened")) from error
    for path in into.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
