"""The verifier: bundles, single bits, and what it must not import."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from goodoffices.engines.ledger.log import Anchor, check_log
from goodoffices.engines.ledger.policy import parse_policy, policy_body
from goodoffices.verify.__main__ import main as verify_main
from goodoffices.verify.bundle import Folder
from tests.cli.ledger_world import ROLES, World


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small log with a charter, a statement in force, two heads and something pending."""
    world = World(tmp_path_factory.mktemp("small")).start()
    world.state({"quantity": 5}, statement="s-1")
    world.checkpoint()
    world.cosign()
    for role in ROLES:
        world.consent("s-1", role)
    world.checkpoint()
    world.cosign()
    world.append(world.lines({"kind": "count", "statement": "t"}))
    files = Folder(world.log)
    return {name: files.read(name) for name in files.names()}, world


def test_a_bit_of_any_file_counts(small):
    """Each flip is a failure, or a warning that was not there before; the slow test below tries all of them."""
    files, _ = small
    clean = check_log(files.get, files)
    assert clean.failures == []
    assert len(files) > 6
    missed = []
    for name, data in files.items():
        short = len(data) < 100
        for place in range(0, len(data), 1 if short else 3):
            for bit in range(8) if short else (place % 8,):
                changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
                found = check_log((files | {name: changed}).get, files)
                if found.is_good and set(found.warnings) <= set(clean.warnings):
                    missed.append((name, place, bit))
    assert missed == []


@pytest.mark.slow
def test_every_single_bit_of_every_file_counts(small):
    files, _ = small
    clean = check_log(files.get, files)
    for name, data in files.items():
        for place in range(len(data)):
            for bit in range(8):
                changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
                found = check_log((files | {name: changed}).get, files)
                assert not found.is_good or set(found.warnings) - set(clean.warnings), (name, place, bit)


def test_a_missing_file_and_a_stray_file_are_told(small):
    files, _ = small
    for name in files:
        fewer = {key: data for key, data in files.items() if key != name}
        if name != "pending" and "/0" in name and not name.startswith("heads/") and ".p/6" in name:
            assert not check_log(fewer.get, fewer).is_good
    more = files | {"tile/9/000": b"x", "notes.txt": b"x"}
    assert len(check_log(more.get, more).warnings) == len(check_log(files.get, files).warnings) + 2


def bundle_of(world, folder, *, content=None, **more):
    shutil.copytree(world.log, folder / "log")
    from goodoffices.store.vault import Vault

    with Vault(world.vault) as vault:
        kept, salt = vault.get("s-1")
    value = {"index": 1, "salt": salt.hex(), "content": content or json.loads(kept)}
    (folder / "statements").mkdir()
    (folder / "statements" / "1.json").write_text(json.dumps(value))
    manifest = {"form": "goodoffices/bundle@v1", "log": "log", "statements": ["statements/1.json"]} | more
    (folder / "bundle.json").write_text(json.dumps(manifest))
    return str(folder)


def test_a_bundle_holds_and_a_wrong_content_in_it_does_not(small, tmp_path, capsys):
    _, world = small
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert verify_main([bundle_of(world, tmp_path / "a")]) == 0
    assert verify_main([bundle_of(world, tmp_path / "b", content={"quantity": 6}), "--json"]) == 1
    assert "not what entry 1 commits to" in capsys.readouterr().out


@pytest.mark.parametrize(
    "more",
    [
        {"log": "../elsewhere"},
        {"statements": ["statements/none.json"]},
        {"statements": ["../../secret"]},
        {"plans": [{"terms": "t", "plan": "p"}]},
        {"form": "other"},
        {"statements": 7},
    ],
)
def test_a_bundle_that_points_elsewhere_or_nowhere_does_not_hold(small, tmp_path, capsys, more):
    _, world = small
    assert verify_main([bundle_of(world, tmp_path, **more)]) == 1
    assert "FAILS" in capsys.readouterr().out


def test_an_exchange_plan_in_a_bundle_is_audited(small, tmp_path, capsys):
    from tests.cli.test_exchange import desk, go

    _, world = small
    (tmp_path / "exchange").mkdir()
    agreed, plan = desk(tmp_path / "exchange")
    assert go("exchange", "compose", agreed, "--out", plan) == 0
    named = {"terms": "exchange/TERMS.toml", "plan": "exchange/PLAN.json"}
    bundle = bundle_of(world, tmp_path, plans=[named])
    capsys.readouterr()
    assert verify_main([bundle, "--json"]) == 0
    audited = json.loads(capsys.readouterr().out)["exchange/PLAN.json"]
    assert audited["violations"] == 0
    assert audited["checks_passed"] > 5
    value = json.loads(plan.read_text())
    value["legs"][0]["release"]["A"].pop()
    plan.write_text(json.dumps(value))
    assert verify_main([bundle]) == 1
    assert "FAILS: exchange/PLAN.json" in capsys.readouterr().out
    (tmp_path / "exchange/PLAN.lists/A.csv").unlink()
    assert verify_main([bundle]) == 1
    capsys.readouterr()


def test_an_anchor_that_does_not_fit_is_a_failure(small, tmp_path, capsys):
    files, world = small
    assert not check_log(files.get, files, anchor=Anchor(charter="ab" * 32)).is_good
    other = World(tmp_path).start()
    assert verify_main([str(world.log), "--policy", str(other.log / "policy")]) == 1
    assert verify_main([str(tmp_path / "nothing")]) == 2
    assert verify_main([str(world.log), "--policy", str(tmp_path / "nothing")]) == 2
    capsys.readouterr()


def test_a_charter_beside_the_trusted_policy_brings_nothing_in_force(small):
    files, _ = small
    text = files["policy"].decode()
    weaker = parse_policy(policy_body(text).replace("group inforce all", "group inforce 1"))
    verdict = check_log(files.get, files, anchor=Anchor(weaker))
    assert verdict.failures == ["charter: none in the log names the policy that you trust"]
    assert not any(found.in_force for found in verdict.standings(files.get))


def test_a_policy_alone_is_met_though_the_charter_came_later(small):
    files, world = small
    assert check_log(files.get, files, anchor=Anchor(parse_policy(files["policy"].decode()))).is_good
    assert world.verify() == 0


def test_the_verifier_imports_the_standard_library_and_cryptography_only():
    code = "import sys, goodoffices.verify.__main__; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    allowed = set(sys.stdlib_module_names) | {"goodoffices", "cryptography", "_cffi_backend", "__main__", "cffi"}
    found = {name for name in done.stdout.split() if not name.startswith(("_", "sitecustomize"))}
    assert found - allowed <= {"site", "zipimport"}
