"""Runs the same collections by newman and by `countersign run`, in turns, and prints time and memory of both.

    cargo xtask peers newman && cargo build --release --package countersign-cli
    python3 tests/peers/postman/side_by_side.py

The server is one program on loopback for both. newman runs without a reporter, which is its fastest way. The times are
those of the process from its start to its end, the memory is the most that it held.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
MODULES = TARGET / "peers/node/node_modules"
NEWMAN = ["node", str(MODULES / "newman/bin/newman.js"), "run"]
OURS = [str(TARGET / "release/countersign"), "run"]
TURNS = 5
LIMIT = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def collection(requests, base):
    """Requests in folders of a hundred, which take their authentication from the collection."""
    item = lambda number: {
        "name": f"request {number}",
        "request": {
            "method": "POST",
            "header": [{"key": "X-Item", "value": f"{{{{prefix}}}} {number}"}],
            "url": f"{base}/{number}?a={{{{prefix}}}}",
            "body": {"mode": "raw", "raw": '{"number": %d}' % number, "options": {"raw": {"language": "json"}}},
        },
    }
    items = [item(number) for number in range(requests)]
    folders = [items[at : at + 100] for at in range(0, requests, 100)]
    password = [{"key": "username", "value": "{{prefix}}"}, {"key": "password", "value": "p"}]
    return {
        "info": {"name": "side by side", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": [{"name": f"folder {number}", "item": folder} for number, folder in enumerate(folders)],
        "auth": {"type": "basic", "basic": password},
        "variable": [{"key": "prefix", "value": "value"}],
    }


def measured(command):
    """Seconds and megabytes of one run, which has to end well."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, held(process.pid))
        if time.monotonic() - start > LIMIT:
            process.kill()
        time.sleep(0.002)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return time.monotonic() - start, most / 1024


def held(pid):
    """The most that a process has held, in kilobytes. What the kernel counts for its parent has the parent's own in it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def compare(name, path):
    rows = {"newman": [], "countersign": []}
    for _ in range(TURNS):
        rows["newman"].append(measured([*NEWMAN, path, "--silent"]))
        rows["countersign"].append(measured([*OURS, path]))
    middle = {who: [statistics.median(column) for column in zip(*runs)] for who, runs in rows.items()}
    for who, (seconds, megabytes) in middle.items():
        print(f"{name:16} {who:12} {seconds * 1000:8.0f} ms {megabytes:8.1f} MB")
    ratio = [theirs / ours for theirs, ours in zip(middle["newman"], middle["countersign"])]
    print(f"{name:16} {'':12} {ratio[0]:8.1f} times {ratio[1]:6.1f} times")


def main():
    version = subprocess.run([*NEWMAN[:2], "--version"], capture_output=True, text=True, check=True)
    print(f"newman {version.stdout.strip()}, medians of {TURNS} runs in turns")
    port = free_port()
    server = subprocess.Popen(["timeout", "600", "node", str(Path(__file__).parent / "record.js"), str(port)])
    try:
        time.sleep(1)
        with tempfile.TemporaryDirectory() as folder:
            for requests, name in [(1, "start, 1 request"), (1000, "1000 requests")]:
                path = Path(folder) / f"{requests}.json"
                path.write_text(json.dumps(collection(requests, f"http://127.0.0.1:{port}")))
                compare(name, str(path))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
