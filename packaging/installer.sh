#!/bin/sh
# Builds a folder that installs on a laptop without network: installer.sh PYTHON FOLDER
# The wheels are those of this machine's platform and Python; build it on a machine like the laptop.
set -eu
python=$1 out=$2
rm -rf "$out"
mkdir -p "$out/wheels"
[ -x "$(dirname "$python")/pip" ] || "$python" -m ensurepip -q 2>/dev/null || true
builder=$(mktemp -d)
trap 'rm -rf "$builder"' EXIT
"$python" -m venv "$builder/venv"
pip="$builder/venv/bin/python -m pip --disable-pip-version-check"
echo "Fetching the wheels that requirements.lock names ..." >&2
$pip download -q --require-hashes --only-binary :all: -r requirements.lock -d "$out/wheels"
$pip install -q --no-index --find-links "$out/wheels" hatchling editables
$pip wheel -q --no-deps --no-build-isolation -w "$out/wheels" .
cp requirements.lock LICENSE "$out/"
"$python" -c 'import platform; print(platform.python_version(), platform.machine(), platform.system())' > "$out/BUILT-FOR"
cat > "$out/install.sh" <<'SCRIPT'
#!/bin/sh
# Installs Good Offices from this folder, without network: sh install.sh [FOLDER]   (default: ~/goodoffices)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$HOME/goodoffices}
want=$(cut -d. -f1,2 "$here/BUILT-FOR")
python=${PYTHON:-$(command -v "python$want" || command -v python3 || true)}
[ -n "$python" ] || { echo "Python $want was not found; set PYTHON=/path/to/python" >&2; exit 2; }
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$found" = "$want" ] || { echo "found Python $found, expected $want (set PYTHON=/path/to/python$want)" >&2; exit 2; }
(cd "$here" && sha256sum -c --quiet SHA256SUMS) || { echo "a file of this folder was changed or damaged; nothing was installed" >&2; exit 1; }
"$python" -m venv "$target"
"$target/bin/python" -m pip install -q --disable-pip-version-check --no-index --find-links "$here/wheels" --require-hashes -r "$here/requirements.lock"
"$target/bin/python" -m pip install -q --disable-pip-version-check --no-index --no-deps "$here"/wheels/goodoffices-*.whl
echo "Installed. Try: $target/bin/goodoffices demo --dir demo"
SCRIPT
(cd "$out" && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum > SHA256SUMS)
du -sh "$out" | cut -f1 | xargs echo "Installer in $out:" >&2
