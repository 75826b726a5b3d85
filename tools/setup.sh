# shellcheck shell=bash disable=SC2034  # the names are for those who source this file
# Installs what is missing, with apt, and looks for a GPU. Sourced by quickstart.sh, test.sh and others: `install_missing PACKAGE...`.
# A package written A|B is satisfied by either; the first that apt knows is installed. NAME:VERSION is a minimum version.

# new_enough VERSION MINIMUM: a version there is, and not below the minimum (which may be empty).
new_enough() { [ -n "$1" ] && { [ -z "$2" ] || dpkg --compare-versions "$1" ge "$2"; }; }

installed_version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || true; }
available_version() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9].*\)/\1/p'; }

# first_of LOOKUP ALTERNATIVES: the first alternative that LOOKUP finds new enough, or nothing.
first_of() {
  local lookup=$1 alternative name minimum
  for alternative in ${2//|/ }; do
    name=${alternative%%:*}
    minimum=; [ "$name" = "$alternative" ] || minimum=${alternative#*:}
    if new_enough "$($lookup "$name")" "$minimum"; then echo "$name"; return; fi
  done
}

install_missing() {
  local wanted=() chosen=() alternatives package sudo=
  for alternatives in "$@"; do
    [ -n "$(first_of installed_version "$alternatives")" ] || wanted+=("$alternatives")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "mxemu needs these packages, or what your system calls them: ${wanted[*]}" >&2
    return 2
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "mxemu needs these packages; please install them as root: ${wanted[*]}" >&2
      return 2
    fi
    sudo=sudo
  fi
  $sudo apt-get update -qq
  for alternatives in "${wanted[@]}"; do
    package=$(first_of available_version "$alternatives")
    if [ -z "$package" ]; then
      echo "apt knows none of $alternatives; Debian 12 has them" >&2
      return 2
    fi
    chosen+=("$package")
  done
  echo "installing: ${chosen[*]}"
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${chosen[@]}" >/dev/null
}

# find_gpu: sets gpu_name, gpu_driver and gpu_architecture (90 of sm_90); without a GPU it fails, and gpu_absent says why.
find_gpu() {
  local line
  export PATH=$PATH:/usr/local/cuda/bin  # where NVIDIA's packages put nvcc, and leave it
  if ! command -v nvidia-smi >/dev/null; then
    gpu_absent="no NVIDIA driver here (no nvidia-smi on the PATH)"
    return 1
  fi
  line=$(nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader 2>/dev/null | head -n 1) || line=
  if [[ $line != *,*,* ]]; then
    gpu_absent="nvidia-smi finds no GPU"
    return 1
  fi
  IFS=, read -r gpu_name gpu_driver gpu_architecture <<<"${line//, /,}"
  gpu_architecture=${gpu_architecture//[^0-9]/}
}

# install_peers DIRECTORY PACKAGE...: Python packages to compare with, in a virtual environment. Without a network there are
# none, and the comparisons with them say SKIPPED.
install_peers() {
  local venv=$1 log
  shift
  [ -x "$venv/bin/pip" ] || python3 -m venv "$venv" >/dev/null 2>&1 || {
    echo "python3 makes no virtual environment in $venv" >&2
    return 0
  }
  "$venv/bin/python" -c "import $(IFS=,; echo "$*")" 2>/dev/null ||
    log=$("$venv/bin/pip" install --quiet --disable-pip-version-check --timeout 20 --retries 1 "$@" 2>&1) ||
    echo "pip could not install $* into $venv (${log##*$'\n'})" >&2
}

build_packages=(g++ cmake ninja-build 'libboost-dev:1.81|libboost1.81-dev|libboost1.83-dev' libcli11-dev nlohmann-json3-dev libpcre2-dev libsentencepiece-dev libutf8proc-dev)
test_packages=(libgtest-dev librapidcheck-dev libmpfr-dev libgmp-dev libbenchmark-dev 'libboost-context-dev:1.81|libboost-context1.81-dev|libboost-context1.83-dev' libdnnl-dev ocl-icd-opencl-dev clang python3 python3-numpy
               python3-regex python3-venv unicode-data bzip2 verilator iverilog
               'libclang-rt-14-dev|libclang-rt-18-dev|libclang-rt-19-dev|libclang-rt-dev')
