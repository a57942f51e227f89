"""The slow, obviously right twin: every genotype of everybody, one after another. Shares no code with the engine."""

import itertools
import math


def transition(alleles, shares, model):
    """Mutation matrix as a list of lists, from the definitions in words."""
    count = len(alleles)
    if model is None or count == 1:
        return [[1.0 if i == j else 0.0 for j in range(count)] for i in range(count)]
    kind, rate = model["kind"], model["rate"]
    size = [float(allele) for allele in alleles]
    rows = []
    for i in range(count):
        row = [0.0] * count
        others = [j for j in range(count) if j != i]
        if kind == "equal":
            for j in others:
                row[j] = rate / len(others)
        elif kind == "proportional":
            alpha = rate / sum(share * (1 - share) for share in shares)
            for j in others:
                row[j] = alpha * shares[j]
        elif kind == "onestep":
            near = [j for j in others if abs(abs(size[i] - size[j]) - 1) < 1e-9]
            for j in near:
                row[j] = rate / len(near)
        elif kind == "stepwise":
            same = [j for j in others if abs((size[i] - size[j]) - round(size[i] - size[j])) < 1e-9]
            rest = [j for j in others if j not in same]
            total = sum(model["range"] ** abs(size[i] - size[j]) for j in same)
            for j in same:
                row[j] = rate * model["range"] ** abs(size[i] - size[j]) / total
            for j in rest:
                row[j] = model["rate2"] / len(rest)
        elif kind == "dawid":
            total = sum(model["range"] ** abs(a - b) for n, a in enumerate(size) for m, b in enumerate(size) if n != m)
            for j in others:
                row[j] = rate * model["range"] ** abs(size[i] - size[j]) / total / shares[i]
        row[i] = 1 - sum(row)
        rows.append(row)
    return rows


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
