"""Checks a whole log: every entry, every tile, every file that lies beside them, the head and its cosignatures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, Head, read_head
from goodoffices.engines.ledger.force import Reading, Standing
from goodoffices.engines.ledger.policy import Policy, has_checksum, parse_policy
from goodoffices.engines.ledger.proof import root as root_at
from goodoffices.engines.ledger.tiles import (
    WIDTH,
    Read,
    TileHashes,
    entries_of,
    levels,
    read_bundle,
    read_tile,
    storeys,
    tile_path,
    unbundle,
)
from goodoffices.engines.ledger.tree import HASH_BYTES, leaf_hash, root_of

HEAD = "checkpoint"
NO_QUORUM = "checkpoint: the quorum is not met"
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
    policy
        The policy that lies in the folder.
    kept
        Heads of earlier sizes that lie in the folder with their cosignatures.
    failures
        What does not hold; empty for a good log.
    warnings
        What a careful reader should know though the log is good.
    """

    head: Head | None = None
    reading: Reading | None = None
    policy: Policy | None = None
    kept: dict[int, Head] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything holds."""
        return not self.failures

    @property
    def binding(self) -> Head | None:
        """The newest head that meets the quorum: what is in force is in force under it."""
        heads = [*(self.kept[size] for size in sorted(self.kept)), *([self.head] if self.head else [])]
        return next((head for head in reversed(heads) if head.quorum_met), None)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong but cosignatures that have not come yet."""
        return all(failure.startswith(NO_QUORUM) for failure in self.failures)

    def standings(self, read: Read) -> tuple[Standing, ...]:
        """Tell where every statement stands under the newest head that meets the quorum."""
        if self.reading is None:
            return ()
        head = self.binding
        if head is None or self.head is None or not self.is_sound:
            return self.reading.standings(quorum_met=False)
        if head is self.head:
            return self.reading.standings(quorum_met=True)
        before = Reading(head.checkpoint.origin).take(entries_of(read, head.checkpoint.size))
        bound = {found.index: found for found in before.standings(quorum_met=True)}
        return tuple(bound.get(found.index, found) for found in self.reading.standings(quorum_met=False))


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a checker knows from another source than the log.

    Attributes
    ----------
    policy
        The policy that the heads must meet.
    charter
        Hash of a charter, as printed in the signed protocol.
    """

    policy: Policy | None = None
    charter: str = ""


def check_log(read: Read, names: Iterable[str], *, anchor: Anchor | None = None, old: bytes | None = None) -> Verdict:
    """Check a log and everything that lies in its folder.

    Parameters
    ----------
    read
        Gives a file of the log.
    names
        Every file in the folder.
    anchor
        What the checker trusts.
    old
        A head seen earlier, with which this log must be consistent.

    Returns
    -------
    Verdict
        Never an exception for what is wrong with the log.
    """
    verdict = Verdict()
    try:
        _check(read, set(names), verdict, anchor=anchor or Anchor(), old=old)
    except VerificationError as error:
        verdict.failures.append(str(error))
    return verdict


def _check(read: Read, names: set[str], verdict: Verdict, *, anchor: Anchor, old: bytes | None) -> None:
    text = _text(read, POLICY)
    own = verdict.policy = parse_policy(text)
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
    if anchor.policy is not None:
        head = verdict.head = _anchored(data, anchor.policy, verdict)
    if not head.quorum_met:
        verdict.failures.append(f"{NO_QUORUM}; cosigned by {', '.join(head.times) or 'nobody'}")
    verdict.warnings += [f"{HEAD}: a signature by the unknown key {found.name}" for found in head.unknown]
    if old is not None:
        _old(read, old, verdict)


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
    for level, full, part in storeys(size):
        expected |= {tile_path(level, number) for number in range(full)}
        for number in range(full + (part > 0)):
            stem = tile_path(level, number)
            width = WIDTH if number < full else part
            early = {f"{stem}.p/{short}" for short in range(1, width + (number == full))} & names
            _early(read, early - expected, level, number=number, width=width)
            expected |= early
    for name in sorted(names - expected):
        if name.startswith("heads/"):
            _kept(read, name, verdict)
        elif name == "pending":
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


def _kept(read: Read, name: str, verdict: Verdict) -> None:
    """Check a head of an earlier size that was kept with its cosignatures.

    Raises
    ------
    VerificationError
        If it is not a head of this log at that size.
    """
    if verdict.head is None or verdict.reading is None:
        return
    newest = verdict.head.checkpoint
    data = read(name) or b""
    size = Checkpoint.parse(data.decode("utf-8", errors="replace").partition("\n\n")[0] + "\n").size
    head = read_head(data, _policy_at(verdict, size))
    found = head.checkpoint
    if found.origin != newest.origin or name != f"heads/{found.size}" or not found.size < newest.size:
        raise VerificationError(f"{name}: a head of another log or size")
    if root_at(found.size, fetch=TileHashes(read, newest.size)) != found.root:
        raise VerificationError(f"{name}: the log does not begin with the entries that this head was signed for")
    verdict.warnings += [f"{name}: a signature by the unknown key {line.name}" for line in head.unknown]
    verdict.kept[found.size] = head


def _policy_at(verdict: Verdict, size: int) -> Policy:
    """Give the policy that held for a head of this size: the charter's in effect then, or that of the folder."""
    charters = verdict.reading.charters if verdict.reading else []
    held = [charter for index, charter in charters if index < size]
    if held:
        return held[-1].parsed()
    own = verdict.policy
    return charters[0][1].parsed() if charters or own is None else own


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


def _charter(text: str, verdict: Verdict, *, anchor: Anchor) -> None:
    reading = verdict.reading
    charters = [charter for _, charter in reading.charters] if reading else []
    if charters and charters[-1].policy != text:
        verdict.failures.append(f"{POLICY}: not the policy that the log's charter {charters[-1].hash[:16]} names")
    if anchor.charter and anchor.charter not in {charter.hash for charter in charters}:
        verdict.failures.append(f"charter: the log has none with the hash {anchor.charter[:16]}")
    if charters and anchor.policy is not None and all(charter.parsed() != anchor.policy for charter in charters):
        verdict.failures.append("charter: none in the log names the policy that you trust")
    if charters and not anchor.charter:
        verdict.warnings.append(f"charter: compare {charters[0].hash} with the one on paper, or give it with --charter")
    if not charters and anchor.policy is None:
        verdict.warnings.append(f"{POLICY}: no charter in the log and no --policy: nothing fixes who must cosign")
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


def _old(read: Read, old: bytes, verdict: Verdict) -> None:
    size = Checkpoint.parse(old.decode("utf-8", errors="replace").partition("\n\n")[0] + "\n").size
    head, before = verdict.head, read_head(old, _policy_at(verdict, size)).checkpoint
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
