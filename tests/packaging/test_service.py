"""The service's unit: systemd reads it without a word, and it leaves the desk no right that it does not need."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[2] / "packaging/systemd/goodoffices-desk.service"
ANALYZE = shutil.which("systemd-analyze")
MOST = 12
"""Tenths of systemd's own measure of exposure, 0 to 100; a unit without any protection has 96."""


def lines():
    """The settings of the unit, several of one name together."""
    found = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze: 1 test of the unit not run")
def test_systemd_reads_the_unit_and_finds_it_little_exposed(tmp_path):
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    program = re.search(r"^ExecStart=(\S+)", text, re.MULTILINE)[1]
    unit.write_text(text.replace(program, shutil.which("true")), encoding="utf-8")
    said = subprocess.run(
        [ANALYZE, "verify", "--man=no", unit], capture_output=True, text=True, timeout=60, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")
    told = subprocess.run(
        [ANALYZE, "security", "--offline=true", f"--threshold={MOST}", "--no-pager", unit],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-300:]


def test_the_unit_starts_a_real_desk_of_a_user_of_its_own_on_this_machine_alone():
    found = lines()
    assert found["User"] == ["goodoffices"]
    assert "GOODOFFICES_MODE=production" in found["Environment"][0]
    assert "--host 127.0.0.1" in found["ExecStart"][0]
    assert (found["IPAddressDeny"], found["IPAddressAllow"]) == (["any"], ["localhost"])
    assert found["CapabilityBoundingSet"] == [""]
    assert not [name for name in found if re.search("SECRET|KEY|PASSWORD", name)]
    assert "SECRET" not in "".join(found["Environment"])
