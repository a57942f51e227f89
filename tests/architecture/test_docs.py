"""The documentation says what is there."""

import importlib.util
import re
from pathlib import Path

import pytest

from goodoffices.cli.main import COMMANDS
from goodoffices.domain import errors

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["glossary.md", "architecture.md"])
def test_the_tables_say_what_the_code_says(page):
    spec = importlib.util.spec_from_file_location("tables", ROOT / "docs/tables.py")
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == tables.written(page), "run python docs/tables.py"


def test_every_error_stands_in_the_tree_and_in_no_other_file():
    tree = errors.__doc__
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, Exception):
            assert name in tree, name
    for path in (ROOT / "src").rglob("*.py"):
        if "audit" in path.parts:
            continue  # shares no code with what it audits
        own = re.findall(r"^class (\w+)\((\w*(?:Error|Exception))\)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert path.name == "errors.py" or not own, f"{path}: {own}"


def test_every_command_stands_in_the_contract():
    contract = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"`{name}" in contract, name


def test_the_readme_is_short_and_names_the_two_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 80
    assert "make demo" in readme
    assert "make test" in readme


def test_every_picture_and_page_that_is_named_is_there():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_nothing_names_a_machine():
    words = ("/home/", "/root/", "C:\\Users")
    for folder in ("src", "docs", "benchmarks", "packaging", "tests"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".toml", ".sh"} and path != Path(__file__):
                text = path.read_text(encoding="utf-8")
                assert not [word for word in words if word in text], path
