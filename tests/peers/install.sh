#!/bin/sh
# Installs the peers that the tests run against: Debian packages that are missing, and in the folder given a Python
# environment, `venv`, packages of Node, `node`, and a server in Rust, `s3s`. No service is started: the tests run each
# server themselves.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
venv=$1/venv
node=$1/node
s3s=$1/s3s
policy=/usr/sbin/policy-rc.d
PATH=$PATH:/usr/sbin:/sbin
packages=

need() {
    command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

# Debian starts what it installs unless this file says no.
forbid_services() {
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        trap 'exit 1' INT TERM
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
}

need apache2 apache2-bin
need nginx nginx-light
need squid squid
need curl curl
need openssl openssl
need python3 python3
need node nodejs
need npm npm
need chromium chromium
python3 -c 'import ensurepip' >/dev/null 2>&1 || packages="$packages python3-venv"

if [ -n "$packages" ]; then
    if [ "$(id -u)" != 0 ]; then
        echo "run this as root first: apt-get install --no-install-recommends$packages" >&2
        exit 1
    fi
    forbid_services
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    apt-get install -q -y --no-install-recommends $packages
fi

if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi

if ! cmp -s "$here/package-lock.json" "$node/installed.json"; then
    rm -rf "$node"
    mkdir -p "$node"
    cp "$here/package.json" "$here/package-lock.json" "$node"
    npm ci --prefix "$node" --no-audit --no-fund --ignore-scripts --loglevel=error
    cp "$here/package-lock.json" "$node/installed.json"
fi

# An S3 server that verifies presigned URLs and signed chunks; it takes some minutes to build.
if [ ! -x "$s3s/bin/s3s-fs" ]; then
    cargo install --quiet --locked --version 0.14.1 --features binary --root "$s3s" s3s-fs
fi
