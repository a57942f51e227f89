"""Checks a whole log: every entry, every tile, every file that lies beside them, the head and its cosignatures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, Head, read_head
from goodoffices.engines.ledger.force import Reading
from goodoffices.engines.ledger.policy import Policy, has_checksum, parse_policy
from goodoffices.engines.ledger.proof import root as root_at
from goodoffices.engines.ledger.tiles import (
    ENTRIES,
    WIDTH,
    Read,
    TileHashes,
    levels,
    read_bundle,
    read_tile,
    tile_path,
    unbundle,
)
from goodoffices.engines.ledger.tree import HASH_BYTES, leaf_hash, root_of

HEAD = "checkpoint"
POLICY = "policy"


@dataclass(slots=True)
class Verdict:
    """What the check of a log found.

    Attributes
    ----------
    head
        The verified head, if there is one.
    reading
        The entries as they were read: charters, statements, what was passed over.
    failures
        What does not hold; empty for a good log.
    warnings
        What a careful reader should know though the log is good.
    """

    head: Head | None = None
    reading: Reading | None = None
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything holds."""
        return not self.failures


def check_log(read: Read, names: Iterable[str], *, anchor: Policy | None = None, old: bytes | None = None) -> Verdict:
    """Check a log and everything that lies in its folder.

    Parameters
    ----------
    read
        Gives a file of the log.
    names
        Every file in the folder.
    anchor
        The policy that the checker trusts, from another source than the log.
    old
        A head seen earlier, with which this log must be consistent.

    Returns
    -------
    Verdict
        Never an exception for what is wrong with the log.
    """
    verdict = Verdict()
    try:
        _check(read, set(names), verdict, anchor=anchor, old=old)
    except VerificationError as error:
        verdict.failures.append(str(error))
    return verdict


def _check(read: Read, names: set[str], verdict: Verdict, *, anchor: Policy | None, old: bytes | None) -> None:
    text = _text(read, POLICY)
    own = parse_policy(text)
    if not has_checksum(text):
        verdict.warnings.append(f"{POLICY}: no checksum line at its end")
    data = read(HEAD)
    if data is None:
        raise VerificationError(f"{HEAD}: missing")
    head = verdict.head = read_head(data, own)
    reading = verdict.reading = Reading(head.checkpoint.origin)
    _entries(read, head.checkpoint, reading)
    _files(read, names, head.checkpoint, verdict)
    _charter(text, verdict, anchor=anchor)
    if anchor is not None:
        head = verdict.head = _anchored(data, anchor, verdict)
    if not head.quorum_met:
        verdict.failures.append(f"{HEAD}: the quorum is not met; cosigned by {', '.join(head.times) or 'nobody'}")
    verdict.warnings += [f"{HEAD}: a signature by the unknown key {found.name}" for found in head.unknown]
    if old is not None:
        _old(read, old, verdict, policy=anchor or own)


def _entries(read: Read, checkpoint: Checkpoint, reading: Reading) -> None:
    """Hash every entry, compare every tile, and arrive at the signed root.

    Raises
    ------
    VerificationError
        If a bundle or a tile is missing or changed, or the root is another.
    """
    size = checkpoint.size
    hashes: list[bytes] = []
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        entries = read_bundle(read, number, width=width)
        reading.take(entries)
        hashes += map(leaf_hash, entries)
    for level, full, part in levels(size):
        for number in range(full + (part > 0)):
            width = WIDTH if number < full else part
            path = tile_path(level, number, width=width)
            if read_tile(read, path, width=width) != hashes[number * WIDTH : number * WIDTH + width]:
                raise VerificationError(f"{path}: not the hashes of what lies below it")
        rest = hashes[full * WIDTH :]
        hashes = [root_of(hashes[place * WIDTH : place * WIDTH + WIDTH]) for place in range(full)]
        if level == 0:
            tails = [rest]
        else:
            tails.append(rest)
    if _root(tails if size else []) != checkpoint.root:
        raise VerificationError(f"{HEAD}: its root is not that of the {size} entries")


def _root(tails: list[list[bytes]]) -> bytes:
    rest: list[bytes] = []
    for tail in tails:
        joined = [*tail, *rest]
        rest = [root_of(joined)] if joined else []
    return root_of(rest)


def _files(read: Read, names: set[str], checkpoint: Checkpoint, verdict: Verdict) -> None:
    """Check files of earlier sizes against the present ones, and name what belongs to no size."""
    size = checkpoint.size
    expected: set[str] = {HEAD, POLICY}
    for level, full, part in [(ENTRIES, *divmod(size, WIDTH)), *levels(size)]:
        expected |= {tile_path(level, number) for number in range(full)}
        for number in range(full + (part > 0)):
            stem = tile_path(level, number)
            width = WIDTH if number < full else part
            early = {f"{stem}.p/{short}" for short in range(1, width + (number == full))} & names
            _early(read, early - expected, level, number=number, width=width)
            expected |= early
    for name in sorted(names - expected):
        if name == "pending":
            _pending(read, verdict)
        elif name.startswith("tile/"):
            verdict.warnings.append(f"{name}: belongs to no tree of {size} entries or fewer")
        else:
            verdict.warnings.append(f"{name}: not a file of the log, not checked")


def _early(read: Read, names: set[str], level: int | str, *, number: int, width: int) -> None:
    if not names:
        return
    whole = read(tile_path(level, number, width=width)) or b""
    for name in names:
        short = int(name.rpartition("/")[2])
        if isinstance(level, str):
            expected = unbundle(whole, width)[:short]
            found: list[bytes] = unbundle(read(name) or b"", short)
            fits = found == expected
        else:
            fits = read(name) == whole[: short * HASH_BYTES]
        if not fits:
            raise VerificationError(f"{name}: a partial file of an earlier size differs from the present one")


def _pending(read: Read, verdict: Verdict) -> None:
    waiting = parse_pending(read("pending") or b"")
    if waiting:
        verdict.warnings.append(f"pending: {len(waiting)} entries are stored and not under a head yet")


def write_pending(base: int, entries: Iterable[bytes]) -> bytes:
    """Write entries that wait for a head: the size they follow, then one a line, then a checksum."""
    body = b"".join([f"after {base}\n".encode(), *(entry + b"\n" for entry in entries)])
    return body + f"sha256 {leaf_hash(body).hex()}\n".encode()


def parse_pending(data: bytes, size: int | None = None) -> list[bytes]:
    """Read entries that wait for a head of a log that has `size` entries by now.

    Raises
    ------
    VerificationError
        If the file was changed.
    """
    body, _, last = data[:-1].rpartition(b"\n")
    body += b"\n"
    if not data.endswith(b"\n") or last != f"sha256 {leaf_hash(body).hex()}".encode():
        raise VerificationError("pending: was changed, or is cut off")
    first, *entries = body[:-1].split(b"\n")
    base = int(first.removeprefix(b"after "))
    return entries[max(0, (base if size is None else size) - base) :]


def _charter(text: str, verdict: Verdict, *, anchor: Policy | None) -> None:
    reading = verdict.reading
    charter = reading.charter if reading else None
    if charter is not None and charter.policy != text:
        verdict.failures.append(f"{POLICY}: not the policy that the log's charter {charter.hash[:16]} names")
    elif charter is None and anchor is None:
        verdict.warnings.append(f"{POLICY}: no charter in the log and no --policy: nothing fixes who must cosign")
    elif anchor is None:
        verdict.warnings.append("no --policy given: compare the hash of the first charter with the one on paper")
    if reading is not None:
        verdict.warnings += [f"entry {found.index}: {found.why}" for found in reading.findings[:20]]
        if len(reading.findings) > 20:
            verdict.warnings.append(f"entries: {len(reading.findings) - 20} more were passed over")


def _anchored(data: bytes, anchor: Policy, verdict: Verdict) -> Head:
    """Read the head once more by the policy that the checker trusts, or by the charter that lawfully follows it."""
    reading = verdict.reading
    lawful = [charter for _, charter in reading.charters] if reading else []
    if any(charter.parsed() == anchor for charter in lawful):
        return read_head(data, lawful[-1].parsed())
    return read_head(data, anchor)


def _old(read: Read, old: bytes, verdict: Verdict, *, policy: Policy) -> None:
    policies = [policy, *(charter.parsed() for _, charter in (verdict.reading.charters if verdict.reading else ()))]
    head = verdict.head
    for number, known in enumerate(policies, 1):
        try:
            before = read_head(old, known).checkpoint
            break
        except VerificationError:
            if number == len(policies):
                raise
    if head is None or before.origin != head.checkpoint.origin:
        raise VerificationError("old checkpoint: of another log")
    if before.size > head.checkpoint.size:
        raise VerificationError(f"old checkpoint: size {before.size}, the log has only {head.checkpoint.size}")
    if root_at(before.size, fetch=TileHashes(read, head.checkpoint.size)) != before.root:
        raise VerificationError(
            f"old checkpoint: the log does not begin with the {before.size} entries it was signed for"
        )


def _text(read: Read, name: str) -> str:
    data = read(name)
    if data is None:
        raise VerificationError(f"{name}: missing")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise VerificationError(f"{name}: not UTF-8") from error
