"""The slow twin: every way to send every unit, judged by the contract's words one after another."""

import datetime as dt
import hashlib
import hmac
import itertools
from collections import Counter


def age(person, on):
    born = dt.date.fromisoformat(person["birth_date"])
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def has(person, name, on):
    if name.startswith("requested:"):
        return person["requested"] == name[-1]
    return {
        "seriously_wounded_or_ill": lambda: person["health"] in {"seriously_wounded", "seriously_ill"},
        "wounded": lambda: person["health"] in {"wounded", "seriously_wounded"},
        "under_25": lambda: age(person, on) < 25,
        "aged_18_to_25": lambda: 18 <= age(person, on) <= 25,
        "women": lambda: person["sex"] == "f",
        "medical": lambda: person["category"] == "medical",
        "longest_held": lambda: (on - dt.date.fromisoformat(person["captured_on"])).days // 90,
    }[name]()


def heading(person, terms):
    if person["category"] == "civilian":
        return "civilian"
    if terms.retained_apart and person["category"] in {"medical", "chaplain"}:
        return "retained"
    for name in terms.all_for_all:
        if has(person, name, terms.on):
            return f"all_for_all:{name}"
    return "balance"


def can_go(person):
    return (
        person["category"] != "child"
        and person["withheld"] != "yes"
        and person["fit_to_travel"] != "no"
        and person["status"] not in {"died", "escaped", "released", "judicial_hold"}
    )


def units(rows, terms):
    """Families and single persons that could travel, and whether they must."""
    found = []
    families = {}
    for person in rows:
        if person["family"]:
            families.setdefault(person["family"], []).append(person)
        elif can_go(person):
            found.append([person])
    for family in families.values():
        if all(can_go(person) for person in family):
            found.append(family)
        else:
            alone = [p for p in family if can_go(p) and heading(p, terms).startswith("all_for_all")]
            if alone:
                found.append(alone)
    return [(unit, any(heading(p, terms).startswith("all_for_all") for p in unit)) for unit in found]


def looks(person, terms):
    group = next((i for i, g in enumerate(terms.rank_groups) if person["rank"] in {r.value for r in g}), -1)
    name = heading(person, terms)
    marks = tuple(int(has(person, c, terms.on)) for c in terms.order)
    return name, group if name == "balance" else -1, person["held_at"], marks


def seed_of(terms, lists_sha256):
    if terms.lottery:
        lines = sorted(f"{lists_sha256[s]} {t}".encode() for s, t in terms.lottery.reveal.items())
    else:
        lines = sorted([b"goodoffices/ties/v1", *(text.encode() for text in lists_sha256.values())])
    return hashlib.sha256(b"\n".join(lines)).digest()


def weigh(every, ticket, seed, lists_sha256):
    """Draw the weight of each class from its first reference."""
    weight = {}
    for side, unit, _, kind, _ in every:
        if (side, kind) not in weight:
            ref = min((ticket(p["ref"]), p["ref"]) for p in unit)[1]
            drawn = hmac.digest(seed, f"{lists_sha256[side]} {ref}".encode(), "sha256")
            weight[side, kind] = 1 + (int.from_bytes(drawn[:4], "big") >> 12)
    return weight


def best_plan(terms, lists, lists_sha256):
    """Give the best objective and assignment {side: {ref: leg}}, or None; lists as {side: [row, ...]}."""
    seed = seed_of(terms, lists_sha256)

    def ticket(ref):
        return hmac.digest(seed, ref.encode(), "sha256") if terms.lottery else ref.encode()

    every = [
        (side, unit, must, tuple(sorted(looks(one, terms) for one in unit)), min(ticket(one["ref"]) for one in unit))
        for side in terms.sides
        for unit, must in units(lists[side], terms)
    ]
    every.sort(key=lambda entry: (entry[0], entry[3], entry[4]))
    weight = weigh(every, ticket, seed, lists_sha256)
    best, answer = None, None
    for choice in itertools.product(range(terms.legs.count + 1), repeat=len(every)):
        pairs = list(zip(every, choice, strict=True))
        if not in_order(pairs) or any(entry[2] and not leg for entry, leg in pairs):
            continue
        sent = [(entry[0], person, leg) for entry, leg in pairs if leg for person in entry[1]]
        if not lawful(terms, sent):
            continue
        objective = [*value(terms, sent), sum(weight[e[0], e[3]] for e, leg in pairs if leg)]
        key = list(objective)
        for number in range(1, terms.legs.count + 1):
            here = [entry for entry in sent if entry[2] == number]
            key += [*leg_value(terms, here), sum(weight[e[0], e[3]] for e, leg in pairs if leg == number)]
        if best is None or key > best:
            where = {s: {p["ref"]: leg for side, p, leg in sent if side == s} for s in terms.sides}
            best, answer = key, (objective, where)
    return answer


def in_order(pairs):
    """Within a class: earlier tickets go, and earlier."""
    for (one, leg), (other, later) in itertools.pairwise(pairs):
        if (one[0], one[3]) == (other[0], other[3]) and later and (not leg or later < leg):
            return False
    return True


def lawful(terms, sent):
    return lawful_in_total(terms, sent) and all(
        lawful_leg(terms, [(side, person) for side, person, leg in sent if leg == number], number)
        for number in range(1, terms.legs.count + 1)
    )


def lawful_in_total(terms, sent):
    first, second = terms.sides
    heads = Counter((side, heading(person, terms).split(":")[0]) for side, person, _ in sent)
    for side in terms.sides:
        if heads[side, "balance"] + heads[side, "all_for_all"] < terms.minimum.get(side, 0):
            return False
        if heads[side, "civilian"] < terms.civilians.get(side, 0):
            return False
    for group in terms.rank_groups:
        ranks = {rank.value for rank in group}
        officers = Counter(s for s, p, _ in sent if heading(p, terms) == "balance" and p["rank"] in ranks)
        if officers[first] != officers[second]:
            return False
    return not terms.ratio or heads[first, "balance"] * terms.ratio[1] == heads[second, "balance"] * terms.ratio[0]


def lawful_leg(terms, here, number):
    first, second = terms.sides
    if terms.legs.seats and any(sum(s == side for s, _ in here) > terms.legs.seats[number - 1] for side in terms.sides):
        return False
    places = Counter((side, person["held_at"]) for side, person in here)
    if terms.legs.per_site is not None and any(n > terms.legs.per_site for n in places.values()):
        return False
    balance = Counter(side for side, person in here if heading(person, terms) == "balance")
    alone = not terms.ratio or not terms.legs.balanced
    return alone or balance[first] * terms.ratio[1] == balance[second] * terms.ratio[0]


def value(terms, sent):
    """The criteria in their order: prisoners under the balance, retained, civilians."""
    found = []
    for kind in ("balance", "retained", "civilian"):
        group = [person for _, person, _ in sent if heading(person, terms) == kind]
        found += [sum(int(has(person, name, terms.on)) for person in group) for name in terms.order] + [len(group)]
    return found


def leg_value(terms, here):
    found = []
    for kind in ("all_for_all", "balance", "retained", "civilian"):
        group = [person for _, person, _ in here if heading(person, terms).split(":")[0] == kind]
        marks = [sum(int(has(person, name, terms.on)) for person in group) for name in terms.order]
        found += [len(group), *marks] if kind == "all_for_all" else [*marks, len(group)]
    return found
