"""Finds the header of a list: titles above it, merged groups, a row of HXL tags, four languages in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.lists.letters import clean, fold
from goodoffices.formats.lists.model import Cell, Sheet
from goodoffices.formats.lists.vocabulary import Title, read_title, title_order_is_given_first

_LOOK_ROWS = 60
_MOST_LEVELS = 3
_NAMES = ("surname", "given_name", "patronymic")


@dataclass(frozen=True, slots=True)
class Header:
    """Where a list's columns stand.

    Attributes
    ----------
    rows
        Rows of the header, from 0, HXL tags and column numbers among them.
    titles
        As written, by position; positions without a title are named after the spreadsheet's letter.
    columns
        Column of the contract by position.
    given_first
        Whether the title of the whole name puts the given name first.
    above
        What stands above the header.
    """

    rows: tuple[int, ...]
    titles: tuple[str, ...]
    columns: dict[int, str]
    given_first: bool
    above: str


def find_header(sheet: Sheet, file: str, given: Mapping[str, str] | None = None) -> Header | None:
    """Find the header of a sheet, or None if no row names a reference or a person and one column more.

    Parameters
    ----------
    sheet
        The cells.
    file
        Its name, for messages.
    given
        Column by title as a person has said; an empty column means: keep it as it is. The vocabulary gives way.

    Raises
    ------
    InputError
        If two columns have one meaning.
    """
    best: tuple[int, int, int] | None = None
    for start in range(min(len(sheet.rows), _LOOK_ROWS)):
        for levels in range(1, min(_MOST_LEVELS, len(sheet.rows) - start) + 1):
            if levels > 1 and not _may_be_titles(sheet.rows[start + levels - 1]):
                break
            found = {titles[0].column for titles in _meanings(_stack(sheet, start, levels), given or {}).values()}
            score = len(found)
            is_list = score >= 2 and found & {"ref", "surname", "full_name", "given_name"}
            if is_list and (best is None or (score, -levels) > (best[0], -best[2])):
                best = (score, start, levels)
    return None if best is None else _header(sheet, best[1], best[2], file, given=given or {})


def _header(sheet: Sheet, start: int, levels: int, file: str, *, given: Mapping[str, str]) -> Header:
    stacks = _stack(sheet, start, levels)
    after = start + levels
    rows = list(range(start, after))
    tags: dict[int, str] = {}
    if after < len(sheet.rows) and _is_tags(sheet.rows[after]):
        tags = {position: _written(cell) for position, cell in enumerate(sheet.rows[after]) if _written(cell)}
        rows.append(after)
        after += 1
    if after < len(sheet.rows) and _is_numbering(sheet.rows[after]):
        rows.append(after)
    meanings = _meanings(stacks, given)
    for position, tag in tags.items():
        if position not in meanings and _tag_meanings(tag) and _said(stacks.get(position, ()), given) is None:
            meanings[position] = _tag_meanings(tag)
    titles = _titles(stacks, _width(sheet))
    columns = _settle(meanings, titles, file, start + levels)
    columns |= _spread_names(sheet, start, columns)
    whole = [position for position, column in columns.items() if column == "full_name"]
    given_first = bool(whole) and title_order_is_given_first(titles[whole[0]])
    above = "\n".join(_written(cell) for row in sheet.rows[:start] for cell in row if _written(cell))
    return Header(tuple(rows), titles, columns, given_first, above)


def _stack(sheet: Sheet, start: int, levels: int) -> dict[int, tuple[str, ...]]:
    """Give the titles over each position, upper first; a group's title stands over all its columns."""
    stacks: dict[int, tuple[str, ...]] = {}
    block = sheet.rows[start : start + levels]
    width = max((len(row) for row in block), default=0)
    for position in range(width):
        column = []
        for level, row in enumerate(block):
            own = _written(row[position]) if position < len(row) else ""
            below = any(_written(line[position]) for line in block[level + 1 :] if position < len(line))
            column.append(own or (_group(row, position) if below else ""))
        if any(column):
            stacks[position] = tuple(text for text in column if text)
    return stacks


def _group(row: Sequence[Cell], position: int) -> str:
    for left in range(min(position, len(row) - 1), -1, -1):
        if _written(row[left]):
            return _written(row[left])
    return ""


def _said(stack: tuple[str, ...], given: Mapping[str, str]) -> str | None:
    """Give the column that a person has said for a title; None if nobody has."""
    titles = (" / ".join(stack[-2:]), stack[-1]) if stack else ()
    return next((given[title] for title in titles if title in given), None)


def _meanings(stacks: dict[int, tuple[str, ...]], given: Mapping[str, str]) -> dict[int, tuple[Title, ...]]:
    meanings = {}
    for position, stack in stacks.items():
        said = _said(stack, given)
        if said is not None:
            found: tuple[Title, ...] = (Title(said),) if said else ()
        elif stack[-1].startswith("#"):
            found = _tag_meanings(stack[-1])
        else:
            found = read_title(" ".join(stack)) if len(stack) > 1 else ()
            found = found or read_title(stack[-1]) or (read_title(" ".join(stack[-2:])) if len(stack) > 2 else ())
        if found:
            meanings[position] = found
    return meanings


def _settle(meanings: dict[int, tuple[Title, ...]], titles: tuple[str, ...], file: str, row: int) -> dict[int, str]:
    """Give each column at most one position; a weak title yields, two clear ones are refused.

    Raises
    ------
    InputError
        If two clear titles mean one column.
    """
    settled: dict[int, str] = {}
    faults = []
    for position, choices in meanings.items():
        if choices[0].is_weak:
            continue
        column = choices[0].column
        if column in settled.values():
            first = next(at for at, known in settled.items() if known == column)
            found = f"two columns that mean {column}: {titles[first]!r} and {titles[position]!r}"
            faults.append(Fault(file, f"row {row}", titles[position], found, f"one column for {column}"))
        settled[position] = column
    if faults:
        raise InputError(*faults)
    for position, choices in meanings.items():
        if position in settled or not choices[0].is_weak:
            continue
        names = {"surname", "given_name"} & set(settled.values())
        for choice in choices:
            is_taken = choice.column in settled.values()
            no_sense = (choice.column == "given_name" and not names) or (choice.column == "full_name" and names)
            if not is_taken and not no_sense:
                settled[position] = choice.column
                break
    return dict(sorted(settled.items()))


def _spread_names(sheet: Sheet, start: int, columns: dict[int, str]) -> dict[int, str]:
    """Read a whole name's title that is merged over three columns without titles of their own as three columns."""
    for position, column in columns.items():
        if column != "full_name" or set(_NAMES) & set(columns.values()):
            continue
        for top, left, _, right in sheet.merged:
            if left == position and right - left == 2 and top >= start:
                free = all(place not in columns for place in (left + 1, left + 2))
                return dict(zip((left, left + 1, left + 2), _NAMES, strict=True)) if free else {}
    return {}


def _titles(stacks: dict[int, tuple[str, ...]], width: int) -> tuple[str, ...]:
    lowest = [stacks[position][-1] if position in stacks else "" for position in range(width)]
    titles = []
    for position, title in enumerate(lowest):
        if title and lowest.count(title) > 1 and len(stacks[position]) > 1:
            titles.append(" / ".join(stacks[position][-2:]))
        else:
            titles.append(title or f"column {letters(position)}")
    return tuple(titles)


def letters(position: int) -> str:
    """Give the spreadsheet's letters of a position counted from 0."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def _tag_meanings(tag: str) -> tuple[Title, ...]:
    """Read a HXL tag such as `#indiv+name+family` by its attributes, the last first."""
    parts = [part for part in fold(tag).split() if part]
    words = ["_".join(parts), " ".join(parts[-2:]), *reversed(parts)]
    for word in words:
        found = tuple(title for title in read_title(word.replace("_", " ")) if not title.is_weak)
        if found:
            return found
    return ()


def _is_tags(row: Sequence[Cell]) -> bool:
    filled = [_written(cell) for cell in row if _written(cell)]
    return bool(filled) and all(text.startswith("#") and len(text) > 1 for text in filled)


def _is_numbering(row: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3, ..."""
    filled = [_written(cell) for cell in row if _written(cell)]
    return len(filled) >= 3 and filled == [str(number) for number in range(1, len(filled) + 1)]


def _may_be_titles(row: Sequence[Cell]) -> bool:
    """Whether a row could be a header's lower row: texts without digits."""
    filled = [_written(cell) for cell in row if _written(cell)]
    return bool(filled) and not any(any(sign.isdigit() for sign in text) for text in filled)


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows), default=0)


def _written(cell: Cell) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return clean(cell)[0]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
