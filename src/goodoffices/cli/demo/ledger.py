"""The record in the demo: every act logged, signed by demo parties, cosigned, and verified by another process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from goodoffices.cli.demo.part import Act, Outcome, Stage
from goodoffices.cli.ledger.common import now
from goodoffices.domain.canonical import canonical_bytes
from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.charter import ANY_KIND, Charter
from goodoffices.engines.ledger.checkpoint import Checkpoint, read_head, sign_checkpoint, with_signature
from goodoffices.engines.ledger.entry import commit, statement_entry
from goodoffices.engines.ledger.log import HEAD, POLICY, Anchor, Verdict, check_log
from goodoffices.engines.ledger.note import SigningKey, parse_note, parse_signature
from goodoffices.engines.ledger.policy import parse_policy, write_policy
from goodoffices.engines.ledger.tree import EMPTY_ROOT
from goodoffices.engines.ledger.witness import Witness
from goodoffices.formats.offline import offline_pages
from goodoffices.formats.receipt import receipt_pdf
from goodoffices.formats.record import Record, RecordRow, record_page
from goodoffices.formats.words import Language
from goodoffices.store.asks import receipt_of, request_for, request_of, slip_of
from goodoffices.store.heads import HeadStore
from goodoffices.store.keys import Keys
from goodoffices.store.publish import append, publish
from goodoffices.store.tiles import LogFolder
from goodoffices.store.vault import Vault
from goodoffices.store.write import write_whole

ORIGIN = "goodoffices.example/istanbul"
PARTIES = ("A", "B", "neutral")
_LANGUAGES = {code: f"record.{code.value}.html" for code in Language} | {Language.EN: "record.html"}
_OPEN_KINDS = {"text_circulated", "terms_agreed"}


def run(stage: Stage) -> Outcome:
    """Log, sign, cosign, verify; then show that a changed copy fails."""
    if stage.folder.exists():
        shutil.rmtree(stage.folder)
    desk = _Desk(stage.folder, stage.acts)
    stage.say("signing and cosigning")
    desk.log_acts()
    charter = desk.charter.hash
    bundle = desk.publish_bundle()
    stage.say("verifying in another process")
    said = _verify(bundle, desk, charter, expected=0)
    tampered = _tampered(bundle, desk, charter)
    verdict = check_log(desk.log.read, desk.log.names(), anchor=Anchor(charter=charter))
    record = _record(verdict, desk, said=said, tampered=tampered)
    for language, name in _LANGUAGES.items():
        write_whole(stage.folder / name, record_page(record, language))
    for name, page in offline_pages().items():
        write_whole(stage.folder / "offline" / name, page)
    desk.receipts()
    return _outcome(record)


class _Desk:
    """The log, its vault, and the demo parties; each party's keys lie in a folder of its own."""

    def __init__(self, folder: Path, acts: tuple[Act, ...]) -> None:
        self.folder, self.acts = folder, acts
        self.log = LogFolder(folder / "log")
        self.roles = tuple(sorted({role for act in acts for role in act.roles} | set(PARTIES)))
        self.statement = {role: _key(folder, role, "statement") for role in self.roles}
        self.witness = {role: _key(folder, role, "witness") for role in PARTIES}
        self.seen: dict[str, dict[str, Checkpoint]] = {role: {} for role in PARTIES}
        self.key = Keys(folder / "keys-desk").make(ORIGIN, "log", passphrase=None).open()
        self.heads = HeadStore(folder / "keys-desk" / "heads.sqlite")
        self.charter = self._start()

    def log_acts(self) -> None:
        """Log every act, then the consents of its roles; all but one, to show what is then lacking."""
        lines = []
        with Vault(self.folder / "vault") as vault:
            for act in self.acts:
                content = canonical_bytes(act.content)
                salt = vault.put(act.statement, content)
                lines.append(
                    statement_entry(
                        act.kind, act.statement, commitment=commit(content, salt), roles=sorted(set(act.roles))
                    )
                )
        if lines:
            append(self.log, lines)
        self.sign_head(PARTIES)
        held_back = next((act for act in reversed(self.acts) if len(act.roles) > 1), None)
        consents = []
        for act in self.acts:
            for role in sorted(set(act.roles)):
                if act is held_back and role == max(act.roles):
                    continue
                request = request_of(self.log, act.statement, role=role, old=0, vault=self.folder / "vault")
                request.check(None)
                consents.append(request.consent(self.statement[role]))
        append(self.log, consents)
        self.sign_head(PARTIES)

    def sign_head(self, witnesses: Iterable[str]) -> None:
        """Sign the head; then let each witness check growth and cosign.

        Raises
        ------
        VerificationError
            If it does not hold.
        """
        publish(self.log, lambda _: self.key, heads=self.heads)
        policy = parse_policy((self.log.read(POLICY) or b"").decode())
        for role in witnesses:
            seen = self.seen[role]
            request = request_for(self.log, seen[ORIGIN].size if seen else 0)
            answer = Witness(self.witness[role], {ORIGIN: tuple(policy.logs)}, seen).answer(request.body(), time=now())
            if answer.seen is None:
                raise VerificationError(f"witness {role}: {answer.why}")
            seen[ORIGIN] = answer.seen
            note = with_signature(parse_note(self.log.read(HEAD) or b""), parse_signature(answer.body.decode().strip()))
            self.log.write([(HEAD, bytes(note))])

    def publish_bundle(self) -> Path:
        """Write what anyone may have: the log, and the contents that both sides disclose."""
        bundle = self.folder / "bundle"
        shutil.copytree(self.log.path, bundle / "log")
        names = []
        with Vault(self.folder / "vault") as vault:
            for index, act in enumerate(self.acts, 1):
                if act.kind not in _OPEN_KINDS:
                    continue
                content, salt = vault.get(act.statement)
                names.append(f"statements/{index}.json")
                value = {"content": json.loads(content), "index": index, "salt": salt.hex()}
                write_whole(bundle / names[-1], canonical_bytes(value) + b"\n")
        manifest = {"form": "goodoffices/bundle@v1", "log": "log", "plans": [], "statements": names}
        write_whole(bundle / "bundle.json", canonical_bytes(manifest) + b"\n")
        return bundle

    def receipts(self) -> None:
        """Print the first act as a receipt, in two languages."""
        if not self.acts:
            return
        proof = receipt_of(self.log, 1)
        with Vault(self.folder / "vault") as vault:
            content = json.loads(vault.get(self.acts[0].statement)[0])
        for language in (Language.EN, Language.UK):
            write_whole(self.folder / f"receipt.{language.value}.pdf", receipt_pdf(slip_of(proof, content), language))
        write_whole(self.folder / "receipt.txt", proof.text())

    def _start(self) -> Charter:
        """Make the log and its charter: both sides and the neutral witness; each kind needs whom its acts name."""
        empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
        policy = write_policy(self.key.vkey, {role: key.vkey for role, key in self.witness.items()})
        self.log.path.mkdir(parents=True)
        self.heads.swap(None, empty)
        self.log.write([(POLICY, policy.encode()), (HEAD, bytes(sign_checkpoint(empty, self.key)))])
        write_whole(self.folder / "policy-on-paper.txt", policy)
        consent: dict[str, tuple[str, ...]] = {ANY_KIND: PARTIES}
        for act in self.acts:
            consent[act.kind] = tuple(sorted(set(consent.get(act.kind, act.roles)) & set(act.roles)))
        keys = {role: key.vkey for role, key in self.statement.items()}
        way_out = {role: tuple(other for other in PARTIES if other != role) for role in PARTIES}
        charter = Charter(policy, keys, consent, PARTIES, way_out, {role: role for role in PARTIES})
        append(self.log, [charter.entry("charter")])
        return charter


def _key(folder: Path, role: str, kind: str) -> SigningKey:
    name = f"{role.lower()}.example/{kind}"
    return Keys(folder / f"keys-{role}").make(name, kind, passphrase=None).open()


def _verify(bundle: Path, desk: _Desk, charter: str, *, expected: int) -> str:
    """Run goodoffices-verify as a process of its own and give its last lines.

    Raises
    ------
    VerificationError
        If it does not hold.
    """
    command = [sys.executable, "-m", "goodoffices.verify", str(bundle), "--charter", charter]
    command += ["--policy", str(desk.folder / "policy-on-paper.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own verifier
    lines = done.stdout.strip().splitlines()
    if done.returncode != expected or not lines:
        raise VerificationError(f"goodoffices-verify: exit {done.returncode}: {done.stdout}{done.stderr}")
    failing = [line for line in lines if line.startswith("FAILS")]
    return "; ".join([*failing[:1], lines[-1]])


def _tampered(bundle: Path, desk: _Desk, charter: str) -> str:
    """Change one bit in a copy of the bundle and give what the verifier says of it."""
    copy = desk.folder / "tampered"
    shutil.copytree(bundle, copy)
    target = max((copy / "log" / "tile" / "entries").rglob("*"), key=lambda path: path.stat().st_size * path.is_file())
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    return _verify(copy, desk, charter, expected=1)


def _record(verdict: Verdict, desk: _Desk, *, said: str, tampered: str) -> Record:
    rows = [
        RecordRow(
            found.index,
            found.kind,
            found.statement,
            found.signed,
            found.missing,
            found.lacks,
            found.in_force,
            found.erased,
        )
        for found in verdict.standings(desk.log.read)
    ]
    policy = parse_policy((desk.log.read(POLICY) or b"").decode())
    names = [HEAD, *(f"heads/{size}" for size in sorted(verdict.kept, reverse=True))]
    heads = [read_head(desk.log.read(name) or b"", policy) for name in names]
    shown = [(head.checkpoint.size, head.checkpoint.root.hex(), sorted(head.times)) for head in heads]
    return Record(ORIGIN, heads[0].checkpoint.size, rows, shown, desk.charter.hash, said, tampered)


def _outcome(record: Record) -> Outcome:
    in_force = sum(row.in_force for row in record.rows)
    lacking = next((row for row in record.rows if row.missing), None)
    lines = [
        f"{record.size} entries, {len(record.rows)} statements, {in_force} in force; cosigned by A, B and the neutral",
        f"goodoffices-verify, another process: {record.checked}",
        f"one bit changed in a copy: {record.tampered}",
    ]
    if lacking is not None:
        lines.append(f"{lacking.statement} is not in force: it lacks the consent of {', '.join(lacking.missing)}")
    pages = [(_LANGUAGES[Language.EN], "The record: every entry in words, in force or what it lacks")]
    pages += [("receipt.en.pdf", "A receipt with its whole proof in a code")] if len(record.rows) > 1 else []
    pages += [
        ("offline/sign.html", "The offline page with which a party signs"),
        ("offline/verify.html", "… and checks"),
    ]
    pages += [(name, f"The record ({code.value})") for code, name in _LANGUAGES.items() if code is not Language.EN]
    return Outcome(tuple(lines), tuple(pages))
