"""The audit of an exchange plan: every term recounted from the sealed lists, standard library only."""

from __future__ import annotations

from collections.abc import Mapping

from goodoffices.engines.audit.verdict import Verdict


def audit(terms: bytes, plan: bytes, lists: Mapping[str, bytes], *, side: str | None = None) -> Verdict:
    """Recount every term of an exchange from the sealed lists.

    Parameters
    ----------
    terms
        TERMS.toml as it was sealed.
    plan
        PLAN.json.
    lists
        Side to the sealed CSV of whom it holds. With `side`, the other side's entry holds the
        rows of the released people alone.
    side
        Audit as this side: whom it holds in full, the other half by hash and by the released
        people's own fields. None: as the neutral, who sees both.

    Returns
    -------
    Verdict
        Violations, warnings, checks passed and checks left out.
    """
    raise NotImplementedError
