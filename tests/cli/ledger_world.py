"""A log with three parties, driven through the command line as people would."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from goodoffices.cli.main import run

ROLES = ("A", "B", "neutral")


def call(*arguments):
    """Run a command in this process and give its exit code."""
    with pytest.raises(SystemExit) as stop:
        run([str(argument) for argument in arguments])
    return stop.value.code


@dataclass
class World:
    folder: Path

    def __post_init__(self):
        self.log, self.keys, self.vault = (self.folder / name for name in ("log", "keys", "vault"))
        self.party = {role: self.folder / f"keys-{role}" for role in ROLES}

    def ledger(self, *arguments):
        return call("ledger", *arguments)

    def key(self, role, kind):
        return next(self.party[role].glob(f"*.{kind}.key"))

    def vkey(self, role, kind):
        return json.loads(self.key(role, kind).read_text())["vkey"]

    def start(self, *, charter=True):
        for role in ROLES:
            for kind in ("witness", "statement"):
                name = f"{role.lower()}.example/{kind}"
                assert self.ledger("keygen", name, "--kind", kind, "--keys", self.party[role], "--no-passphrase") == 0
        witnesses = [part for role in ROLES for part in ("--witness", self.vkey(role, "witness"))]
        origin = "goodoffices.example/ledger"
        assert (
            self.ledger("init", self.log, "--origin", origin, "--keys", self.keys, "--no-passphrase", *witnesses) == 0
        )
        if charter:
            roles = [part for role in ROLES for part in ("--role", f"{role}={self.vkey(role, 'statement')}")]
            of = [part for role in ROLES for part in ("--witness-of", f"{role}={role.lower()}.example/witness")]
            out = self.folder / "charter.jsonl"
            assert self.ledger(
                "charter", self.log, "--statement", "charter-0", *roles, *of, "--way-out", "A=B,neutral", "--out", out
            ) == 0  # fmt: skip
            self.append(out)
        return self

    def append(self, path):
        assert self.ledger("append", self.log, "--entries", path) == 0

    def lines(self, *values):
        path = self.folder / "lines.jsonl"
        path.write_bytes(
            b"".join(
                json.dumps(v, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
                for v in values
            )
        )
        return path

    def checkpoint(self):
        return self.ledger("checkpoint", self.log, "--keys", self.keys)

    def cosign(self, *roles):
        for role in roles or ROLES:
            name = f"{role.lower()}.example/witness"
            assert self.ledger("cosign", self.log, "--witness", name, "--keys", self.party[role]) == 0

    def state(self, content, *, statement, kind="count", roles=("A", "B")):
        source, out = self.folder / "content.json", self.folder / f"{statement}.jsonl"
        source.write_text(json.dumps(content))
        asked = [part for role in roles for part in ("--role", role)]
        assert self.ledger(
            "entry", "--kind", kind, "--statement", statement, "--content", source, *asked,
            "--vault", self.vault, "--out", out,
        ) == 0  # fmt: skip
        self.append(out)

    def consent(self, statement, role, *, vault=True, old=0):
        ask, signed = self.folder / f"ask-{role}.json", self.folder / f"consent-{role}.json"
        given = ["--vault", self.vault] if vault else []
        assert self.ledger(
            "ask", self.log, "--statement", statement, "--role", role, "--old", old, *given, "--out", ask
        ) == 0  # fmt: skip
        code = call("sign", ask, "--key", self.key(role, "statement"), "--out", signed, "--yes")
        if code == 0:
            self.append(signed)
        return code

    def verify(self, *more):
        return self.ledger("verify", self.log, *more)
