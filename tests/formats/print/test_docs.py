"""Every example of docs/print.md runs, as one program."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs/print.md").read_text(encoding="utf-8")


def test_the_examples_run_and_give_pdf():
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 4
    space = {}
    for block in blocks:
        exec(compile(block, "docs/print.md", "exec"), space)  # noqa: S102 our own page
    assert len(set(space["originals"])) == 3
    assert all(pdf.startswith(b"%PDF-") for pdf in (*space["originals"], space["tomorrow"]))
    assert space["archive"].startswith(b"PK")


def test_the_typed_line_of_the_page_is_that_of_a_form():
    assert re.search(r"such as: \d{2}-\d{4}-\d{3}[A-Z] \d+( \d+[A-Z]-[234])+", PAGE)
