"""kinship conclusions: how every conclusion stands after retractions and withdrawals of consent."""

from __future__ import annotations

from pathlib import Path

import click

_HELP = """How every conclusion stands: a retraction is a new entry and reopens what rested on it.

Example: goodoffices kinship conclusions record.jsonl"""


@click.command("conclusions", help=_HELP)
@click.argument("record", metavar="RECORD.jsonl", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def conclusions(record: Path, as_json: bool) -> None:
    """Print the standing of every conclusion."""
    import json

    from goodoffices.engines.kinship.conclusions import Entry, Kind, states
    from goodoffices.formats.conclusions import read_record
    from goodoffices.store.write import read_bytes

    entries = []
    for row in read_record(read_bytes(record), str(record)):
        rests = row.get("rests_on")
        on = tuple(str(one) for one in rests) if isinstance(rests, list) else ()
        reason, about = str(row.get("reason") or ""), str(row.get("about") or "")
        entries.append(Entry(str(row["id"]), Kind(str(row["kind"])), about, on, reason))
    found = states(entries)
    if as_json:
        rows = [{"conclusion": s.conclusion, "standing": s.standing.value, "because": list(s.because)} for s in found]
        click.echo(json.dumps(rows, indent=1))
        return
    reasons = {entry.id: entry.reason for entry in entries}
    for state in found:
        why = "; ".join(f"{cause}: {reasons[cause]}" for cause in state.because)
        click.echo(f"{state.conclusion:<16} {state.standing.value:<10} {why}".rstrip())
