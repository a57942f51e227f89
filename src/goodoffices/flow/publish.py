"""Stage 7, attested figures -> what the public may read, so that no figure and no subtraction gives a small cell.

A cell is one movement. What is published is a set of *blocks*: disjoint sets of cells, each with one figure a party. A
cell whose figures are all none or large is a block alone; small ones are pooled with the nearest others until their sum
is large, if need be with a large one (complementary suppression); what cannot be pooled waits for a later publication.
A block, once published, keeps its cells for ever, and its figure changes by none or by much, else it is withheld. Every
sum and difference over any published tables is then a sum of whole blocks, and no part of a block can be found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Figures = tuple[tuple[str, int], ...]
"""Party and its figure, by party."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One movement as it was attested.

    Attributes
    ----------
    id
        Of the movement.
    path
        Where it stands, from the widest margin to the narrowest: unit with direction, commitment, category. Only cells
        that share the first may be pooled.
    figures
        Who attests how many.
    is_public
        Whether these very figures stand in public statements already; such a cell hides nothing.
    is_alone
        Whether it may not be pooled: public statements name the same movement, or it is a total.
    is_dated
        Whether it is a total to date: an earlier figure stays true of its day, and stands until another may be shown.
    """

    id: str
    path: tuple[str, ...]
    figures: Figures
    is_public: bool = False
    is_alone: bool = False
    is_dated: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Cells that are published together.

    Attributes
    ----------
    cells
        Their identifiers, sorted.
    figures
        Each party's sum, where it has attested every cell; empty while the block is withheld.
    """

    cells: tuple[str, ...]
    figures: Figures


Table = tuple[Block, ...]


def publish(cells: Iterable[Cell], before: Sequence[Table], *, smallest: int) -> Table:
    """Give the next table that may be published after those that were.

    Parameters
    ----------
    cells
        Everything whose owners have lifted their embargo, at its present figures.
    before
        Every table published so far, the oldest first.
    smallest
        The smallest count that may be shown; none is shown as well.
    """
    by_id = {cell.id: cell for cell in cells}
    kept = [_again(block, by_id, before, smallest) for block in (before[-1] if before else ())]
    taken = {name for block in kept for name in block.cells}
    fresh = [cell for name, cell in sorted(by_id.items()) if name not in taken and cell.figures]
    new = [_block(group) for group in _groups(fresh, smallest)]
    return tuple(sorted([*kept, *new], key=lambda block: block.cells))


def is_open(figure: int, smallest: int) -> bool:
    """Whether a figure may be shown: none, or not small; the same holds for a difference."""
    return figure == 0 or abs(figure) >= smallest


def _again(block: Block, cells: Mapping[str, Cell], before: Sequence[Table], smallest: int) -> Block:
    """Give a published block with its present figures, or withhold them where the change would show a small number."""
    mine = [cells[name] for name in block.cells if name in cells]
    figures = _sums(mine) if len(mine) == len(block.cells) else ()
    if all(cell.is_public for cell in mine):
        return Block(block.cells, figures)
    shown: dict[str, set[int]] = defaultdict(set)
    for table in before:
        for old in table:
            if old.cells == block.cells:
                for party, figure in old.figures:
                    shown[party].add(figure)
    safe = all(
        is_open(figure, smallest) and all(is_open(figure - old, smallest) for old in shown[party])
        for party, figure in figures
    )
    if not safe and all(cell.is_dated for cell in mine):
        return block
    return Block(block.cells, figures if safe else ())


def _groups(fresh: Sequence[Cell], smallest: int) -> Iterator[list[Cell]]:
    """Part the new cells into groups that may be shown; what fits nowhere is left out."""
    large = [cell for cell in fresh if cell.is_public or _are_open(cell.figures, smallest)]
    small = [cell for cell in fresh if cell not in large and not cell.is_alone]
    for depth in range(max((len(cell.path) for cell in small), default=0), 0, -1):
        for group in _by_path(small, depth).values():
            if len(group) > 1 and _may_show(group, smallest):
                yield group
                small = [cell for cell in small if cell not in group]
    for group in _by_path(small, 1).values():
        partners = [c for c in large if c.path[:1] == group[0].path[:1] and not c.is_public and not c.is_alone]
        partners.sort(key=lambda cell: (-_shared(cell, group), sum(figure for _, figure in cell.figures), cell.id))
        for count in range(1, len(partners) + 1):
            joined = [*group, *partners[:count]]
            if _may_show(joined, smallest):
                yield joined
                large = [cell for cell in large if cell not in joined]
                break
    for cell in large:
        yield [cell]


def _by_path(cells: Iterable[Cell], depth: int) -> dict[tuple[str, ...], list[Cell]]:
    groups: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.path[:depth]].append(cell)
    return groups


def _shared(cell: Cell, group: Sequence[Cell]) -> int:
    """Give how many margins a cell shares with the nearest of a group."""
    return max(sum(1 for one, other in zip(cell.path, c.path, strict=False) if one == other) for c in group)


def _may_show(group: Sequence[Cell], smallest: int) -> bool:
    """Whether some party has attested all of a group, and every such sum is large."""
    sums = _sums(group)
    return bool(sums) and all(figure >= smallest for _, figure in sums)


def _are_open(figures: Figures, smallest: int) -> bool:
    return all(is_open(figure, smallest) for _, figure in figures)


def _sums(group: Sequence[Cell]) -> Figures:
    """Add up the figures of each party that has attested every cell; a part's sum would show the rest."""
    known = [dict(cell.figures) for cell in group]
    parties = set(known[0]).intersection(*known) if known else set()
    return tuple(sorted((party, sum(figures[party] for figures in known)) for party in parties))


def _block(group: Sequence[Cell]) -> Block:
    return Block(tuple(sorted(cell.id for cell in group)), _sums(group))
