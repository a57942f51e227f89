"""The record as files: the public bundle, the offline pages, requests to sign and to cosign, receipts."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache

from django.conf import settings

from goodoffices.desk.access import Thing, Viewer, require
from goodoffices.desk.ledger import selectors
from goodoffices.desk.ledger.models import Consent, Statement
from goodoffices.domain.canonical import canonical_bytes, sha256_hex
from goodoffices.domain.errors import Fault, InputError, NotYoursError
from goodoffices.engines.ledger.log import HEAD, POLICY
from goodoffices.engines.ledger.tiles import layout
from goodoffices.formats.offline import offline_pages
from goodoffices.formats.qr import qr_svg
from goodoffices.formats.receipt import receipt_pdf
from goodoffices.formats.words import Language
from goodoffices.store.asks import content_of, request_at, request_for, slip_of
from goodoffices.store.publish import current

PUBLIC_KINDS = ("results",)
"""Kinds of statements whose content the desk discloses to everyone: what was published."""
_STAMP = (2000, 1, 1, 0, 0, 0)


@cache
def offline() -> dict[str, tuple[str, str]]:
    """Give each offline page and its SHA-256, by file name."""
    return {name: (page, sha256_hex(page.encode())) for name, page in offline_pages().items()}


def bundle() -> bytes:
    """Write what anyone may check: the log as far as it binds, and the contents that were published.

    The head is the newest that meets the quorum, so that the verifier accepts it; what came later lies below
    `/record/log`. Without such a head it is the newest of all, and the verifier says what it lacks.
    """
    found = selectors.opened()
    folder = found.folder
    head = next((one for one in found.heads() if one.quorum_met), found.head(HEAD))
    size = head.checkpoint.size
    names = {HEAD: bytes(head.note), POLICY: folder.read(POLICY) or b""}
    for name in layout(size):
        names[name] = folder.read(name) or b""
    published = Statement.objects.filter(kind__in=PUBLIC_KINDS, index__lt=size).values_list("index", "name")
    files = {f"log/{name}": data for name, data in names.items()}
    statements = {}
    for index, name in published.order_by("index"):
        content, salt = content_of(settings.WORKSPACE / "vault", name)
        value = {"content": content, "index": index, "salt": salt}
        statements[f"statements/{index}.json"] = canonical_bytes(value) + b"\n"
    manifest = {"form": "goodoffices/bundle@v1", "log": "log", "plans": [], "statements": list(statements)}
    files |= statements | {"bundle.json": canonical_bytes(manifest) + b"\n"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"bundle/{name}", _STAMP), data)
    return out.getvalue()


def log_file(name: str) -> bytes:
    """Give a file of the log that anyone may read.

    Raises
    ------
    NotYoursError
        If there is none of that name.
    """
    data = selectors.opened().folder.read(name)
    if data is None:
        raise NotYoursError("no such file of the log")
    return data


def cosign_request(old: int) -> bytes:
    """Write the body of add-checkpoint for a witness that saw `old` last.

    Raises
    ------
    InputError
        If the log is smaller.
    """
    folder = selectors.opened().folder
    size = current(folder).size
    if not 0 <= old <= size:
        raise InputError(Fault("request", "", "old", str(old), f"a size from 0 to {size}"))
    return request_for(folder, old).body()


def cosign_code(old: int) -> str:
    """Draw the request as a QR code."""
    return qr_svg(cosign_request(old))


def sign_request(viewer: Viewer, statement: Statement, old: int) -> bytes:
    """Write what the viewer's party is asked to sign, with all that its own program checks before it does.

    Raises
    ------
    NotYoursError
        If there is nothing to sign.
    """
    require(viewer, "consent", Thing("entry", statement.owner, selectors.facts_of(viewer, statement)))
    found = selectors.opened()
    charter = found.charter
    if charter is None or statement.index is None:
        raise NotYoursError("nothing to sign")
    request = request_at(
        found.folder,
        statement.index,
        role=viewer.party,
        old=old,
        charter=charter,
        vault=settings.WORKSPACE / "vault",
    )
    return request.write()


def last_signed(viewer: Viewer) -> int:
    """Give the size of the head under which the viewer's party signed last: what its key has seen."""
    row = Consent.objects.filter(role=viewer.party, size__isnull=False).exclude(note="").order_by("-size").first()
    return (row.size or 0) if row else 0


def receipt(statement: Statement, language: str, *, is_whole: bool = True) -> bytes:
    """Print an entry with its whole proof in a code."""
    content = selectors.content(statement) if is_whole else None
    return receipt_pdf(slip_of(selectors.receipt(statement.index or 0), content), Language(language))


def disclosure(statement: Statement) -> bytes:
    """Write a content with its salt, so that anyone can compare it with the entry."""
    content, salt = content_of(settings.WORKSPACE / "vault", statement.name)
    value = {"content": content, "index": statement.index, "salt": salt}
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
