"""Every example of docs/print.md runs, as one program."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs/print.md").read_text(encoding="utf-8")


def test_the_examples_run_and_give_pdf():
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 4
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/print.md", "exec"), space)  # noqa: S102 our own page
    originals = space["originals"]
    assert isinstance(originals, list)
    assert len({bytes(pdf) for pdf in originals}) == 3
    assert bytes(space["tomorrow"])[:5] == b"%PDF-"  # type: ignore[call-overload]
    assert bytes(space["archive"])[:2] == b"PK"  # type: ignore[call-overload]


def test_the_typed_line_of_the_page_is_that_of_a_form():
    assert re.search(r"such as: \d{2}-\d{4}-\d{3}[A-Z] \d+( \d+[A-Z]-[234])+", PAGE)
