"""Terms back to TERMS.toml, for terms that the desk derives from others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from goodoffices.domain.terms import Terms


def terms_bytes(terms: Terms) -> bytes:
    """Write terms as TOML in the order of the contract; `parse_terms` reads them back equal."""
    ratio = terms.ratio
    balance = (
        '"free"'
        if ratio is None
        else '"equal"'
        if ratio == (1, 1)
        else _table(dict(zip(terms.sides, ratio, strict=True)))
    )
    lines = [
        "[exchange]",
        f"sides = {_list(terms.sides)}",
        f"held = {_table(terms.held)}",
        *([f"sealed = {_table(terms.sealed)}"] if terms.sealed else []),
        f"on = {terms.on.isoformat()}",
        "",
        "[numbers]",
        f"minimum = {_table(terms.minimum)}",
        f"balance = {balance}",
    ]
    for category in terms.all_for_all:
        lines += ["", "[[all_for_all]]", f"category = {_text(category)}"]
    if terms.rank_groups:
        groups = ", ".join(_list(rank.value for rank in group) for group in terms.rank_groups)
        lines += ["", "[rank_balance]", f"groups = [{groups}]"]
    lines += ["", "[civilians]", f"minimum = {_table(terms.civilians)}"]
    if terms.retained_apart:
        lines += ["", "[retained]", 'heading = "own"']
    lines += ["", "[priority]", f"order = {_list(terms.order)}", "", "[legs]"]
    if terms.legs.seats is not None:
        lines.append(f"seats = [{', '.join(map(str, terms.legs.seats))}]")
    if terms.legs.per_site is not None:
        lines.append(f"per_site = {terms.legs.per_site}")
    lines.append(f"balanced = {'true' if terms.legs.balanced else 'false'}")
    if any(terms.gain.weights.values()) or terms.gain.minimum:
        inner = ", ".join(f"{_text(side)} = {_table(weights)}" for side, weights in terms.gain.weights.items())
        lines += ["", "[gain]", f"weights = {{ {inner} }}", f"minimum = {_table(terms.gain.minimum)}"]
    if terms.lottery is not None:
        lines += [
            "",
            "[lottery]",
            f"commit = {_table(terms.lottery.commit)}",
            f"reveal = {_table(terms.lottery.reveal)}",
        ]
    return ("\n".join(lines) + "\n").encode()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _table(values: Mapping[str, str | int]) -> str:
    inner = ", ".join(
        f"{_text(key)} = {_text(value) if isinstance(value, str) else value}" for key, value in values.items()
    )
    return f"{{ {inner} }}" if inner else "{}"
