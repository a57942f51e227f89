"""The demo links what the lists part left, or invents lists of its own."""

from goodoffices.cli.demo import linkage
from goodoffices.cli.demo.part import Stage


def test_both_ways_are_linked_with_a_page_in_four_languages(tmp_path):
    outcome = linkage.run(Stage(tmp_path / "linkage", 0.05, 1, lambda _: None))
    assert len(outcome.acts) == len(outcome.lines) == 2
    for path, _ in outcome.pages:
        assert (tmp_path / "linkage" / path).exists()
    for language in ("uk", "ru", "tr"):
        assert (tmp_path / "linkage" / f"sought-by-a.{language}.html").exists()
    assert all(int(act.content["linked"]) > 100 for act in outcome.acts)
    assert all("Коваль" not in str(act.content) for act in outcome.acts)
