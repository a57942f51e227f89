"""The slow twin of the results stage: straight from the contract, on the JSON itself, by brute force."""

ROLES = ("giver", "receiver", "neutral")


def role_of(process, assertion):
    kinds = {party["code"]: party["kind"] for party in process["parties"]}
    if assertion["party"] == assertion["from"]:
        return "giver"
    if assertion["party"] == assertion["to"]:
        return "receiver"
    return "neutral" if kinds[assertion["party"]] == "neutral" else "other"


def alive(process):
    return [a for a in process["assertions"] if not any(b["supersedes"] == a["id"] for b in process["assertions"])]


def movements(process):
    out = []
    for name in {a["movement"] for a in alive(process) if a["movement"] is not None}:
        told = sorted((a for a in alive(process) if a["movement"] == name), key=lambda a: a["id"])
        by_role = {role: [a for a in told if role_of(process, a) == role] for role in ROLES}
        figures = {role: [a["quantity"] for a in by_role[role] if a["quantity"] is not None] for role in ROLES}
        withheld = [
            party["code"]
            for party in process["parties"]
            if any(a["party"] == party["code"] and a["bound"] == "withheld" for a in told)
            and not any(a["party"] == party["code"] and a["quantity"] is not None for a in told)
        ]
        confirmed = confirmed_of(process, told)
        if confirmed is not None:
            status = "confirmed"
        elif not figures["giver"] + figures["receiver"]:
            status = "withheld"
        elif len({*figures["giver"], *figures["receiver"], *figures["neutral"]}) > 1:
            status = "differ"
        elif figures["giver"] and figures["receiver"]:
            status = "agree"
        else:
            status = "one-sided"
        out.append(
            {
                "movement": name,
                "date": min(a["date"] for a in told),
                "from": told[0]["from"],
                "to": told[0]["to"],
                "unit": told[0]["unit"],
                "category": told[0]["category"],
                **figures,
                "withheld_by": withheld,
                "assertions": {role: [a["id"] for a in by_role[role]] for role in ROLES},
                "confirmed": confirmed,
                "status": status,
            }
        )
    return sorted(out, key=lambda m: (m["date"], m["movement"]))


def confirmed_of(process, told):
    must = process["process"]["rules"]["must_attest"].get(told[0]["unit"])
    if not must:
        return None
    attested = [
        (role_of(process, a), a["quantity"], a["bound"])
        for a in told
        if a["standing"] == "attested" and a["quantity"] is not None and role_of(process, a) != "other"
    ]
    if any(bound != "exact" for _, _, bound in attested):
        return None
    if not set(must) <= {role for role, _, _ in attested} or len({q for _, q, _ in attested}) != 1:
        return None
    return attested[0][1]


def counts(process):
    found = [m["status"] for m in movements(process)]
    words = ("confirmed", "agree", "differ", "one-sided", "withheld")
    return {"movements": len(found), **{word: found.count(word) for word in words}}


def stated(process, commitment):
    """Party, from, to, unit -> (quantity, movements, identifiers of totals)."""
    out = {}
    told = [a for a in alive(process) if a["commitment"] == commitment and a["from"] is not None]
    told = [a for a in told if a["movement"] is not None or a["kind"] == "cumulative"]
    for key in {(a["party"], a["from"], a["to"], a["unit"]) for a in told}:
        mine = [a for a in told if (a["party"], a["from"], a["to"], a["unit"]) == key]
        names = {a["movement"] for a in mine if a["movement"] is not None}
        whole = 0 if names else None
        for name in names:
            figures = {a["quantity"] for a in mine if a["movement"] == name and a["quantity"] is not None}
            whole = None if whole is None or len(figures) != 1 else whole + figures.pop()
        totals = sorted((a["date"], a["id"]) for a in mine if a["movement"] is None)
        out[key] = (whole, len(names), [name for _, name in totals])
    return out


def confirmed_under(process, commitment, *, giver, receiver, unit, category):
    """Sum and number of confirmed movements that the attesting sides ascribe to a commitment."""
    figures = []
    for m in movements(process):
        if m["confirmed"] is None or (m["from"], m["to"], m["unit"]) != (giver, receiver, unit):
            continue
        told = [a for a in alive(process) if a["movement"] == m["movement"] and a["standing"] == "attested"]
        sides = {a["commitment"] for a in told if role_of(process, a) in {"giver", "receiver"}}
        named = sides or {a["commitment"] for a in told if role_of(process, a) == "neutral"}
        if named == {commitment} and category in {None, m["category"]}:
            figures.append(m["confirmed"])
    return sum(figures), len(figures)


def readings_differ(commitment):
    read = [reading["owes"] for reading in commitment["readings"].values() if reading is not None]
    return any(
        {str(sorted(x.items(), key=str)) for x in one} != {str(sorted(x.items(), key=str)) for x in other}
        for one in read
        for other in read
    )
