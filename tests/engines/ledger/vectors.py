"""The published vectors, read once."""

import base64
import json
from functools import cache
from pathlib import Path

from goodoffices.engines.ledger.note import SigningKey


@cache
def vectors():
    return json.loads((Path(__file__).parents[2] / "data" / "ledger.json").read_text(encoding="utf-8"))


def raw(text):
    return base64.b64decode(text)


def key(role):
    found = next(key for key in vectors()["keys"]["keys"] if key["role"] == role)
    return SigningKey.from_seed(found["name"], int(found["type"], 16), seed=bytes.fromhex(found["seed_hex"]))
