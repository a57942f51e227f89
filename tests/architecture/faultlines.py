"""Reads out of the source every phrase with which the package refuses something; a slot stands as `{}`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src"
PACKAGE = "goodoffices"
# Which arguments of what is raised a reader sees, and as what.
SEEN = {
    "Fault": {0: "file", 1: "place", 2: "field", 3: "found", 4: "expected"},
    "Reading": {4: "expected"},
    "GoodOfficesError": {0: "message"},
    "TransitionError": {0: "message"},
    "RangeError": {0: "message"},
    "VerificationError": {0: "message"},
}
SLOT = "{}"
_DEEP = 5
Raisers = dict[tuple[str, str], dict[int, set[str]]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a refusal: where it is raised, what part of the refusal it is, its words with slots."""

    module: str
    line: int
    part: str
    text: str


@dataclass(frozen=True)
class Module:
    """A module's tree, what its names mean, and in which function each call stands."""

    name: str
    tree: ast.Module
    imports: dict[str, tuple[str, str]]
    values: dict[str, ast.expr]
    functions: dict[str, ast.FunctionDef]
    calls: tuple[tuple[ast.Call, ast.FunctionDef | None], ...]


@cache
def module(name: str) -> Module | None:
    """Read a module of the package."""
    path = ROOT.joinpath(*name.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.is_file():
        return None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    imports = {
        one.asname or one.name: (node.module or "", one.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE)
        for one in node.names
    }
    return Module(
        name,
        tree,
        imports,
        {key: value for node in tree.body for key, value in _assigned(node)},
        {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)},
        tuple(_calls(tree, None)),
    )


def raising(*packages: str) -> set[str]:
    """Name the modules of packages that raise something, or hand on what is raised."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in packages
        for path in ROOT.joinpath(*package.split(".")).rglob("*.py")
        if any(f"{name}(" in (text := path.read_text(encoding="utf-8")) for name in SEEN) or "fault(" in text
    }


def phrases(names: set[str]) -> list[Phrase]:
    """Give every phrase that the modules raise, each once a place."""
    raisers: Raisers = {("", name): {at: {part} for at, part in seen.items()} for name, seen in SEEN.items()}
    modules = [one for name in sorted(names) if (one := module(name)) is not None]
    found: set[Phrase] = set()
    for _ in range(_DEEP):
        size = sum(len(parts) for seen in raisers.values() for parts in seen.values())
        found = {phrase for one in modules for phrase in _raised(one, raisers)}
        if size == sum(len(parts) for seen in raisers.values() for parts in seen.values()):
            break
    return sorted(found, key=lambda phrase: (phrase.module, phrase.line, phrase.part, phrase.text))


def _raised(one: Module, raisers: Raisers) -> Iterator[Phrase]:
    for node, inside in one.calls:
        seen = _seen(one, node.func, raisers)
        if not seen or any(isinstance(argument, ast.Starred) for argument in node.args):
            continue
        named = {part: at for at, parts in seen.items() for part in parts}
        given = [*enumerate(node.args), *((named.get(word.arg or "", -1), word.value) for word in node.keywords)]
        for at, argument in given:
            for part in seen.get(at, ()):
                parameter = _parameter(argument, inside)
                if parameter is not None and inside is not None:
                    key = (one.name, inside.name)
                    raisers.setdefault(key, {}).setdefault(parameter, set()).add(part)
                for text in _texts(argument, one, inside, _DEEP):
                    yield Phrase(one.name, node.lineno, part, text)


def _calls(node: ast.AST, inside: ast.FunctionDef | None) -> Iterator[tuple[ast.Call, ast.FunctionDef | None]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, inside
        yield from _calls(child, child if isinstance(child, ast.FunctionDef) else inside)


def _seen(one: Module, called: ast.expr, raisers: Raisers) -> dict[int, set[str]]:
    """Tell which arguments of a call a reader may see; of a method, whoever's it is."""
    if isinstance(called, ast.Name):
        home = one.imports.get(called.id, (one.name, called.id))
        return raisers.get(("", called.id)) or raisers.get((home[0], home[1]), {})
    if isinstance(called, ast.Attribute):
        for name in {one.name} | {source for source, _ in one.imports.values()}:
            if (name, called.attr) in raisers:
                return raisers[name, called.attr]
    return {}


def _parameter(argument: ast.expr, inside: ast.FunctionDef | None) -> int | None:
    """Give the place of a parameter that is handed on as it is; `self` is not counted."""
    while isinstance(argument, ast.Subscript) or (isinstance(argument, ast.BoolOp) and argument.values):
        argument = argument.value if isinstance(argument, ast.Subscript) else argument.values[0]
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id in {"str", "repr"}:
        argument = argument.args[0]
    if inside is None or not isinstance(argument, ast.Name):
        return None
    names = [one.arg for one in inside.args.args if one.arg not in {"self", "cls"}]
    return names.index(argument.id) if argument.id in names else None


@cache
def _nodes(function: ast.FunctionDef) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(function))


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Give the names a statement binds with what they are bound to."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _bound(target, node.value)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        yield from _bound(node.target, node.value)
    elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple | ast.List):
        for element in node.iter.elts:
            yield from _bound(node.target, element)


def _bound(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple):
        if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            for left, right in zip(target.elts, value.elts, strict=True):
                yield from _bound(left, right)
        elif isinstance(value, ast.IfExp):
            yield from _bound(target, value.body)
            yield from _bound(target, value.orelse)


def _texts(node: ast.expr, one: Module, inside: ast.FunctionDef | None, deep: int) -> set[str]:
    """Give what an expression may say, with a slot for what is known only when it is raised."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else {SLOT}
    if isinstance(node, ast.JoinedStr):
        parts = [value.value if isinstance(value, ast.FormattedValue) else value for value in node.values]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    if parts:
        made = {""}
        for part in parts:
            made = {before + text for before in made for text in _texts(part, one, inside, deep)}
        return made
    branches: list[ast.expr] = []
    if isinstance(node, ast.IfExp):
        branches = [node.body, node.orelse]
    elif isinstance(node, ast.BoolOp):
        branches = node.values
    elif isinstance(node, ast.Tuple):
        branches = node.elts[:1]
    if branches:
        return set().union(*(_texts(branch, one, inside, deep) for branch in branches))
    return _looked_up(node, one, inside, deep - 1) if deep else {SLOT}


def _looked_up(node: ast.expr, one: Module, inside: ast.FunctionDef | None, deep: int) -> set[str]:
    """Give what a name, a function of the package or a table of the module may say."""
    if isinstance(node, ast.Name):
        return _named(node.id, one, inside, deep)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and (made := _function(node.func.id, one)):
        home, function = made
        returned = [found.value for found in _nodes(function) if isinstance(found, ast.Return) and found.value]
        return set().union(*(_texts(value, home, function, deep) for value in returned)) or {SLOT}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "next":
        return set().union(*(_texts(value, one, inside, deep) for value in _first_of(node, inside))) or {SLOT}
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        table = one.values.get(node.value.id)
        if isinstance(table, ast.Dict):
            return set().union(*(_texts(value, one, None, deep) for value in table.values))
    return {SLOT}


def _first_of(call: ast.Call, inside: ast.FunctionDef | None) -> Iterator[ast.expr]:
    """Give what `next(x for ... in TABLE)` may pick, where the function wrote the table down as a tuple of tuples."""
    picked = call.args[0]
    if inside is None or not isinstance(picked, ast.GeneratorExp) or not isinstance(picked.elt, ast.Name):
        return
    source = picked.generators[0]
    tables = [v for node in _nodes(inside) for k, v in _assigned(node) if ast.unparse(source.iter) == k]
    for row in (row for table in tables if isinstance(table, ast.Tuple) for row in table.elts):
        yield from (value for key, value in _bound(source.target, row) if key == picked.elt.id)


def _function(name: str, one: Module) -> tuple[Module, ast.FunctionDef] | None:
    source, key = one.imports.get(name, (one.name, name))
    home = module(source)
    return (home, home.functions[key]) if home is not None and key in home.functions else None


def _named(name: str, one: Module, inside: ast.FunctionDef | None, deep: int) -> set[str]:
    if inside is not None:
        found = [value for node in _nodes(inside) for key, value in _assigned(node) if key == name]
        if found:
            return set().union(*(_texts(value, one, inside, deep) for value in found))
        if name in {argument.arg for argument in _nodes(inside) if isinstance(argument, ast.arg)}:
            return {SLOT}
    if name in one.values:
        return _texts(one.values[name], one, None, deep)
    if name in one.imports:
        source, key = one.imports[name]
        home = module(source)
        if home is not None and key in home.values:
            return _texts(home.values[key], home, None, deep)
    return {SLOT}
