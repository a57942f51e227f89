"""Writes the tables of glossary.md and architecture.md from the docstrings they speak of: python docs/tables.py."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/goodoffices"
STOP = "<!-- end -->"


def nouns() -> str:
    """Give the table of every public class of the domain, by file."""
    rows = ["| noun | file | what it is |", "|---|---|---|"]
    for path in sorted((PACKAGE / "domain").glob("*.py")):
        classes = [n for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, ast.ClassDef)]
        rows += [f"| `{n.name}` | `{path.stem}` | {_says(n)} |" for n in classes if not n.name.startswith("_")]
    return "\n".join(rows)


def tree() -> str:
    """Give every folder and file of the package with the first line it says of itself."""
    rows: list[str] = []
    for folder in sorted({path.parent for path in PACKAGE.rglob("*.py") if path.parent.name != "migrations"}):
        init = folder / "__init__.py"
        name = folder.relative_to(PACKAGE.parent)
        rows.append(f"\n**`{name}`**: {_says(ast.parse(init.read_text(encoding='utf-8')))}\n")
        rows.append("| file | what |\n|---|---|")
        files = [path for path in sorted(folder.glob("*.py")) if path != init]
        rows += [f"| `{path.name}` | {_says(ast.parse(path.read_text(encoding='utf-8')))} |" for path in files]
        if rows[-1].endswith("|---|"):
            rows.pop()
    return "\n".join(rows)


def written(page: str) -> str:
    """Give a page of the documentation with its table renewed."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    start, table = {
        "glossary.md": ("<!-- nouns: written by docs/tables.py -->", nouns),
        "architecture.md": ("<!-- tree: written by docs/tables.py -->", tree),
    }[page]
    before, rest = text.split(start)
    return f"{before}{start}\n{table()}\n{STOP}{rest.split(STOP)[1]}"


def _says(node: ast.Module | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").strip().split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


if __name__ == "__main__":
    for name in ("glossary.md", "architecture.md"):
        (ROOT / "docs" / name).write_text(written(name), encoding="utf-8")
