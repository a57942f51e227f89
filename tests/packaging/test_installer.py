"""The installer's folder installs without network, and refuses a damaged file."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def can_cut_the_network():
    return bool(shutil.which("unshare")) and subprocess.run(["unshare", "-n", "true"], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_cut_the_network(), reason="the network cannot be cut off here (unshare -n)")
def test_it_installs_and_runs_with_the_network_cut_off(tmp_path):
    folder, target = tmp_path / "installer", tmp_path / "laptop"
    build = ["sh", "packaging/installer.sh", sys.executable, str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    install = ["unshare", "-n", "sh", str(folder / "install.sh"), str(target)]
    subprocess.run(install, check=True, capture_output=True)
    demo = ["unshare", "-n", str(target / "bin/goodoffices"), "results", "--json"]
    done = subprocess.run(demo, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert '"one-sided": 29' in done.stdout
    with next((folder / "wheels").glob("click*.whl")).open("ab") as wheel:
        wheel.write(b"x")
    damaged = subprocess.run([*install[:-1], str(tmp_path / "other")], check=False, capture_output=True, text=True)
    assert damaged.returncode == 1
    assert "changed or damaged" in damaged.stderr
