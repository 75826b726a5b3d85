#!/usr/bin/env bash
# How much faster than what pip installs: the fast library beside NumPy + ml_dtypes, and PyTorch with --torch.
#   bash tools/bench/compare.sh                   peers in build/peers
#   bash tools/bench/compare.sh --venv ~/peers --torch --runs 21 --json
# What is not named here goes to compare.py (--help). Exit status 2: no build, no Python or no packages.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${MXEMU_BUILD:-$root/build}
venv=$build/peers
packages=(numpy ml_dtypes)
rest=()
while [ $# -gt 0 ]; do
  case $1 in
    --venv) venv=${2:?--venv takes a directory}; shift 2 ;;
    --torch) packages+=(torch); shift ;;
    *) rest+=("$1"); shift ;;
  esac
done

complain() { echo "compare.sh: $*" >&2; exit 2; }

[ -f "$build/CMakeCache.txt" ] || complain "no build in $build; bash tools/quickstart.sh makes one"
cmake --build "$build" --target mxemu_shared >/dev/null || complain "libmxemu.so does not build in $build"
if [ ! -x "$venv/bin/pip" ]; then
  python3 -m venv "$venv" >/dev/null 2>&1 ||
    complain "python3 makes no virtual environment in $venv; Debian's python3-venv is what it needs"
fi
if ! "$venv/bin/python" -c "import $(IFS=,; echo "${packages[*]}")" 2>/dev/null; then
  log=$("$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" 2>&1) ||
    complain "pip could not install ${packages[*]} into $venv (${log##*$'\n'}); is there a network?"
fi
exec "$venv/bin/python" "$root/tools/bench/compare.py" --library "$build/fast/libmxemu.so.1" "${rest[@]}"
