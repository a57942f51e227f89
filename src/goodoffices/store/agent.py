"""A key that ssh-agent holds: it signs raw Ed25519, so notes and cosignatures; `sk-` keys sign other bytes."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass

from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.ledger.note import VerifierKey

_ASK_SIGN, _SIGNED = 13, 14
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class AgentKey:
    """A private key that never leaves its agent.

    Attributes
    ----------
    vkey
        The public half.
    """

    vkey: VerifierKey

    def sign(self, message: bytes) -> bytes:
        """Ask the agent for the 64 bytes of the Ed25519 signature.

        Raises
        ------
        InputError
            If there is no agent, or it does not hold this key or refuses.
        """
        blob = _text(b"ssh-ed25519") + _text(self.vkey.public)
        answer = _ask(bytes([_ASK_SIGN]) + _text(blob) + _text(message) + struct.pack(">I", 0))
        if not answer or answer[0] != _SIGNED:
            raise InputError(Fault("ssh-agent", "", "", f"no signature by {self.vkey.name}", "this key (ssh-add)"))
        signature = _take(answer[1:])[0]
        kind, rest = _take(signature)
        if kind != b"ssh-ed25519":
            raise InputError(Fault("ssh-agent", "", "", f"a signature of {kind.decode()!r}", "ssh-ed25519"))
        return _take(rest)[0]


def _ask(message: bytes) -> bytes:
    path = os.environ.get("SSH_AUTH_SOCK", "")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
            agent.settimeout(_SECONDS)
            agent.connect(path)
            agent.sendall(_text(message))
            (length,) = struct.unpack(">I", _exactly(agent, 4))
            return _exactly(agent, min(length, 65_536))
    except (OSError, struct.error) as error:
        raise InputError(Fault("ssh-agent", "", "SSH_AUTH_SOCK", path or "nothing", "a running agent")) from error


def _exactly(agent: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = agent.recv(count - len(found))
        if not part:
            break
        found += part
    return found


def _text(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _take(data: bytes) -> tuple[bytes, bytes]:
    (length,) = struct.unpack(">I", data[:4])
    return data[4 : 4 + length], data[4 + length :]
