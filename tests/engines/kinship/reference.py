"""The slow, obviously right twin: every genotype of everybody, one after another. Shares no code with the engine."""

import itertools
import math


def transition(alleles, shares, model):
    """Mutation matrix as a list of lists, from the definitions in words."""
    count = len(alleles)
    if model is None or count == 1:
        return [[1.0 if i == j else 0.0 for j in range(count)] for i in range(count)]
    kind = model["kind"]
    size = [float(allele) for allele in alleles]
    rows = []
    for i in range(count):
        row = KINDS[kind]({"i": i, "size": size, "shares": shares, **model})
        row[i] = 0.0
        row[i] = 1 - sum(row)
        rows.append(row)
    return rows


def equal(m):
    return [m["rate"] / (len(m["size"]) - 1)] * len(m["size"])


def proportional(m):
    alpha = m["rate"] / sum(share * (1 - share) for share in m["shares"])
    return [alpha * share for share in m["shares"]]


def onestep(m):
    near = [abs(abs(m["size"][m["i"]] - other) - 1) < 1e-9 for other in m["size"]]
    return [m["rate"] / sum(near) if is_near else 0.0 for is_near in near]


def stepwise(m):
    same = [abs((m["size"][m["i"]] - other) - round(m["size"][m["i"]] - other)) < 1e-9 for other in m["size"]]
    total = sum(m["range"] ** abs(m["size"][m["i"]] - b) for j, b in enumerate(m["size"]) if same[j] and j != m["i"])
    rest = same.count(False)
    return [
        (m["rate"] * m["range"] ** abs(m["size"][m["i"]] - b) / total if j != m["i"] else 0.0)
        if same[j]
        else m["rate2"] / rest
        for j, b in enumerate(m["size"])
    ]


def dawid(m):
    total = sum(m["range"] ** abs(a - b) for n, a in enumerate(m["size"]) for k, b in enumerate(m["size"]) if n != k)
    return [m["rate"] * m["range"] ** abs(m["size"][m["i"]] - b) / total / m["shares"][m["i"]] for b in m["size"]]


KINDS = {"equal": equal, "proportional": proportional, "onestep": onestep, "stepwise": stepwise, "dawid": dawid}


def likelihood(people, locus, seen, theta=0.0):
    """Sum over all ordered genotypes.

    people: list of (id, father, mother, sex), parents first. locus: alleles, shares, silent, x, female, male (models).
    seen: id -> (set of positions, drop-out).
    """
    shares = [share * (1 - locus["silent"]) for share in locus["shares"]]
    mother_matrix = transition(locus["alleles"], locus["shares"], locus["female"])
    father_matrix = transition(locus["alleles"], locus["shares"], locus["male"])
    if locus["silent"]:
        shares.append(locus["silent"])
        for matrix in (mother_matrix, father_matrix):
            for row in matrix:
                row.append(0.0)
            matrix.append([0.0] * (len(shares) - 1) + [1.0])
    count = len(shares)
    hidden = count - 1 if locus["silent"] else None
    spaces = []
    for name, _, _, sex in people:
        if locus["x"] and sex == "M":
            space = [(a,) for a in range(count)]
        else:
            space = list(itertools.product(range(count), repeat=2))
        spaces.append([g for g in space if observed(g, seen.get(name), hidden) > 0])
    total = 0.0
    for world in itertools.product(*spaces):
        genes = dict(zip((person[0] for person in people), world, strict=True))
        total += world_chance(people, genes, shares, (father_matrix, mother_matrix), theta, locus["x"]) * math.prod(
            observed(genes[person[0]], seen.get(person[0]), hidden) for person in people
        )
    return total


def world_chance(people, genes, shares, matrices, theta, is_x):
    chance, drawn = 1.0, []
    for name, father, mother, sex in people:
        own = genes[name]
        if father is None:
            for allele in own:
                n = len(drawn)
                same = drawn.count(allele)
                chance *= (same * theta + (1 - theta) * shares[allele]) / (1 + (n - 1) * theta)
                drawn.append(allele)
            continue
        if not (is_x and sex == "M"):
            passed = genes[father]
            chance *= sum(matrices[0][allele][own[0]] for allele in passed) / len(passed)
        passed = genes[mother]
        chance *= sum(matrices[1][allele][own[-1]] for allele in passed) / len(passed)
    return chance


def observed(genotype, typing, hidden):
    """Chance of what was seen: each allele of a heterozygote lost with d, a homozygote with d squared."""
    if typing is None:
        return 1.0
    seen, lost = typing
    chance = 1.0
    for allele in set(genotype) - {hidden}:
        away = lost if len(genotype) == 1 or genotype[0] != genotype[1] else lost * lost
        chance *= 1 - away if allele in seen else away
    return chance if seen <= set(genotype) else 0.0
