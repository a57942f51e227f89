"""The guided walk of the demo: its ten steps, and on which one a newcomer stands."""

from __future__ import annotations

STEPS = (
    "round",
    "text",
    "commitment",
    "lists",
    "pairs",
    "exchange",
    "ceasefire",
    "remains",
    "transfer",
    "results",
)
"""In their order; the words of `step_KEY` and `step_KEY_text` stand in the table of Today."""

KEPT_AS = "walk"
"""Under which word a session keeps the step that its member came in by."""

_PUBLIC = "/results"


def step_of(kept: object, path: str) -> dict[str, object] | None:
    """Give the step a newcomer stands on, what it shows and which comes next; None outside the walk.

    The last step has no login of its own: whoever walks stands on it wherever anyone can check.

    Parameters
    ----------
    kept
        What the session keeps under `KEPT_AS`.
    path
        The page that is looked at.
    """
    if kept not in STEPS or path == "/walk":
        return None
    key = STEPS[-1] if path == _PUBLIC or path.startswith(f"{_PUBLIC}/") else str(kept)
    number = STEPS.index(key) + 1
    following = number + 1 if number < len(STEPS) else None
    return {"number": number, "of": len(STEPS), "next": following, "title": f"step_{key}", "text": f"step_{key}_text"}
