# Installs what is missing, with apt. Sourced by quickstart.sh and test.sh: `install_missing PACKAGE...`.
# A package written A|B is satisfied by either; the first that apt knows is installed.

package_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

install_missing() {
  local wanted=() alternatives package found
  for alternatives in "$@"; do
    found=
    for package in ${alternatives//|/ }; do
      if package_installed "$package"; then found=yes; fi
    done
    [ -n "$found" ] || wanted+=("$alternatives")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "please install: ${wanted[*]}" >&2
    return 1
  fi
  local sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  local chosen=()
  for alternatives in "${wanted[@]}"; do
    for package in ${alternatives//|/ }; do
      if apt-cache show "$package" >/dev/null 2>&1; then chosen+=("$package"); break; fi
    done
  done
  echo "installing: ${chosen[*]}"
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${chosen[@]}" >/dev/null
}

build_packages=(g++ cmake ninja-build 'libboost1.81-dev|libboost1.83-dev|libboost1.88-dev|libboost-dev' libcli11-dev nlohmann-json3-dev)
test_packages=(libgtest-dev librapidcheck-dev libmpfr-dev libgmp-dev libbenchmark-dev clang 'libclang-rt-14-dev|libclang-rt-18-dev|libclang-rt-19-dev|libclang-rt-dev')
