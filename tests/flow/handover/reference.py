"""A slow twin of the merge, written from docs/handover.md: lists and plain recursion, no index, no stack."""

from goodoffices.domain.handover import OF_A_NUMBER


def merged(files, revoked=()):
    """Give, per statement identifier, whether it counts; and per role and number what is said."""
    known = [one for _, statements in files for one in statements]
    sound = [one for keys, statements in files for one in statements if not set(keys) <= set(revoked)]

    def counts(one):
        names = [other for other in known if one.id in other.about and (other.role, other.item) == (one.role, one.item)]
        return one in sound and not any(counts(other) for other in names)

    said = {}
    for one in known:
        if counts(one) and one.say in OF_A_NUMBER:
            said.setdefault((one.role, one.item), set()).add(one.say)
    return {one.id: counts(one) for one in known}, said
