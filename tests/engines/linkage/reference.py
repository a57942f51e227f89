"""The slow, obviously right twin of the linkage engine: one pair at a time, nothing packed, nothing vectorised."""

import math
from itertools import permutations

from goodoffices.engines.linkage import spelling
from goodoffices.engines.linkage.block import RULES
from goodoffices.engines.linkage.fields import FIELDS, TIES


def cost(one, other):
    """Give the cheapest edits from one word in sounds to another, by the textbook recurrence."""
    change, drop, code = spelling._CHANGE, spelling._DROP, spelling._CODE
    a, b = [code[ord(letter)] for letter in one], [code[ord(letter)] for letter in other]
    table = {(0, 0): 0.0}
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            ways = []
            if i:
                ways.append(table[i - 1, j] + drop[a[i - 1]])
            if j:
                ways.append(table[i, j - 1] + drop[b[j - 1]])
            if i and j:
                ways.append(table[i - 1, j - 1] + change[a[i - 1], b[j - 1]])
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                ways.append(table[i - 2, j - 2] + 0.6)
            if ways:
                table[i, j] = min(ways)
    return table[len(a), len(b)]


def likeness(one, other):
    """Give what `spelling.likeness` gives."""
    return max(0.0, 1 - 2 * cost(one, other) / (len(one) + len(other))) if one and other else 0.0


def blocked(left, right):
    """Give every pair that some rule brings together, by trying all of them; caps not considered."""
    return {
        (i, j)
        for rule in RULES
        for i in range(len(left["year"]))
        for j in range(len(right["year"]))
        if all(
            left[one][i] == right[other][j] != -1 for one, other in zip(rule.left, rule.right, strict=True)
        )
    }  # fmt: skip


def posterior(model, levels, rarity):
    """Give the probabilities of the same person, of any tie, and of strangers, for one pair, as plain products."""
    ratios = []
    for column in range(len(FIELDS)):
        level = levels[column]
        if not level:
            ratios.append(1.0)
            continue
        ratio = model.same[column][level] / model.unrelated[column][level]
        ratios.append(max(ratio * 2.0 ** rarity[column], 1.0) if ratio > 1 else ratio)
    same = model.rate_same * math.prod(ratios)
    tied = 0.0
    for tie, rate in zip(TIES, model.rate_ties, strict=True):
        weight = rate
        for column, field in enumerate(FIELDS):
            if field.name in tie.shared:
                weight *= ratios[column]
            elif field.name in tie.partly:
                weight *= tie.partly[field.name] * ratios[column] + 1 - tie.partly[field.name]
            elif levels[column]:
                weight *= tie.scaled.get((field.name, field.levels[levels[column] - 1].code), 1.0)
        tied += weight
    total = same + tied + model.rate_unrelated
    return same / total, tied / total, model.rate_unrelated / total


def best_assignment(odds):
    """Give the greatest sum of positive odds over one-to-one choices, by trying all of them."""
    rows, columns = len(odds), len(odds[0])
    if rows > columns:
        return best_assignment([list(column) for column in zip(*odds, strict=True)])
    return max(sum(max(odds[i][j], 0.0) for i, j in enumerate(chosen)) for chosen in permutations(range(columns), rows))
