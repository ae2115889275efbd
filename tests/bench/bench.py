#!/usr/bin/env python3
"""Measures conclave beside python-tuf, in one run, on inputs made for it.

Prints a table of medians: seconds by the wall clock, seconds of processor time,
peak memory, and python-tuf's share divided by ours. Slowness never fails: a
limit in seconds belongs to a reader, not to a machine. What fails is a command
that fails, and two outputs that disagree.
"""

import argparse
import json
import os
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = sys.executable
TIME_AIM, MEMORY_AIM, COLD_START_AIM = 20, 4, 0.010
ANY_PATH = re.compile(r"dist/[0-9a-f]{4}/package-\d{7}(?:\.z)?\.tar\.gz")


class Disagreement(Exception):
    """Two outputs that should say the same do not."""


@dataclass
class Measured:
    wall: float
    processor: float
    memory: float  # MiB
    output: Path


def run_once(command, output):
    """One run, its children included; standard output goes to the file `output`."""
    sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    quiet = os.open(os.devnull, os.O_RDONLY)
    start = time.perf_counter()
    actions = [(os.POSIX_SPAWN_DUP2, quiet, 0), (os.POSIX_SPAWN_DUP2, sink, 1)]
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    os.close(sink)
    os.close(quiet)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        said = Path(output).read_bytes()[:2000].decode(errors="replace")
        raise subprocess.CalledProcessError(code, shlex.join(command), said)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(command, repeat, output):
    runs = [run_once([str(word) for word in command], output) for _ in range(repeat)]
    walls, processors, memories = zip(*runs)
    return Measured(statistics.median(walls), statistics.median(processors), max(memories), output)


def python_tuf(*words):
    return [PYTHON, HERE / "python_tuf.py", *words]


def piped(*words):
    """Canonical bytes straight into sha256sum; both processes are counted."""
    line = shlex.join(str(word) for word in words)
    return ["bash", "-c", f"set -o pipefail; {line} | sha256sum"]


def same_digest(ours, theirs):
    left, right = ours.decode().split()[0], theirs.decode().strip()
    if left != right:
        raise Disagreement(f"canonical form: conclave {left}, python-tuf {right}")


def json_of(ours):
    try:
        return json.loads(ours)
    except ValueError as error:
        raise Disagreement(f"conclave was asked for JSON and wrote {ours[:60]!r}: {error}") from error


def says_verified(ours, _theirs):
    """python-tuf failed before this if the threshold was missed; ours must report it met as well."""
    tallies = []

    def walk(value):
        if isinstance(value, dict):
            if {"valid", "threshold"} <= value.keys():
                tallies.append(value)
            value = list(value.values())
        if isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(json_of(ours))
    if not tallies:
        raise Disagreement("verify: conclave's output has no tally (valid, threshold)")
    for tally in tallies:
        if tally["valid"] < tally["threshold"]:
            raise Disagreement(f"verify: python-tuf is satisfied, conclave says {tally}")


def same_changes(ours, theirs):
    """Every path that differs is named by both, and no other path is named at all."""
    json_of(ours)
    ours, theirs = (set(ANY_PATH.findall(text.decode())) for text in (ours, theirs))
    if ours != theirs:
        only = f"only conclave: {sorted(ours - theirs)[:3]}, only python-tuf: {sorted(theirs - ours)[:3]}"
        raise Disagreement(f"diff: {len(ours)} paths and {len(theirs)} paths; {only}")


def row(title, ours, theirs):
    def cells(measured, floor):
        memory = f"{measured.memory:.0f}"
        if measured.memory <= floor + 1:
            memory = f"<{floor:.0f}"
        return f"{measured.wall:9.3f} {measured.processor:9.3f} {memory:>8}"

    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times, memories = theirs.wall / ours.wall, theirs.memory / ours.memory
    print(f"{title:<28}{cells(ours, floor)}  {cells(theirs, floor)}  {times:7.1f}x {memories:7.1f}x", flush=True)


def heading():
    print(f"{'':<28}{'conclave':^28}  {'python-tuf':^28}  {'python-tuf / ours':^17}")
    columns = f"{'wall s':>9} {'cpu s':>9} {'peak MiB':>8}"
    print(f"{'':<28}{columns}  {columns}  {'time':>8} {'memory':>8}")


def make(folder, *words):
    subprocess.run([PYTHON, HERE / "make.py", *map(str, words)], check=True)
    return folder


def check_shape(file):
    """make.py claims the bytes that python-tuf's own serializer writes; its reader must give them back."""
    script = (
        "import sys; from tuf.api.metadata import Metadata; from tuf.api.serialization.json import JSONSerializer; "
        "data = open(sys.argv[1], 'rb').read(); "
        "sys.exit(Metadata.from_bytes(data).to_bytes(JSONSerializer()) != data)"
    )
    if subprocess.run([PYTHON, "-c", script, file], check=False).returncode != 0:
        raise Disagreement("the benchmark's inputs are not in the form that python-tuf writes")


def measure_size(conclave, root, count, repeat, folder):
    """Prints one row a job; yields how its two outputs are to be compared, and where they are."""
    old, new = folder / f"{count}.old.json", folder / f"{count}.new.json"
    make(folder, "targets", count, old)
    make(folder, "targets", count, new, "--revised")
    jobs = [
        ("canonicalize and hash", same_digest, piped(conclave, "canonical", old), python_tuf("canonical", old)),
        (
            "verify",
            says_verified,
            [conclave, "show", "--json", "--trust", root, old],
            python_tuf("verify", root, old),
        ),
        (
            "diff of two versions",
            same_changes,
            [conclave, "show", "--json", "--trust", root, "--against", old, new],
            python_tuf("diff", root, old, new),
        ),
    ]
    print(f"\n{count:,} targets, {old.stat().st_size / 1e6:.0f} MB, median of {repeat}")
    for number, (title, agree, ours, theirs) in enumerate(jobs):
        ours = measure(ours, repeat, folder / f"{count}.{number}.conclave")
        theirs = measure(theirs, repeat, folder / f"{count}.{number}.python-tuf")
        row(f"  {title}", ours, theirs)
        yield agree, ours.output, theirs.output
    old.unlink()
    new.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("conclave", type=Path, help="the binary to measure")
    parser.add_argument("--small", action="store_true", help="10,000 targets only: minutes become seconds")
    asked = parser.parse_args()
    conclave = asked.conclave.resolve()
    sizes = [(10_000, 3)] if asked.small else [(100_000, 5), (1_000_000, 3)]
    with tempfile.TemporaryDirectory(prefix="conclave-bench-") as name:
        folder = Path(name)
        root, probe = folder / "1.root.json", folder / "probe.json"
        make(folder, "root", root)
        make(folder, "targets", 1000, probe)
        check_shape(root)
        check_shape(probe)
        heading()
        print("\na root with 3 signatures, median of 31")
        ours = measure([conclave, "show", root], 31, folder / "cold.conclave")
        row("  cold start of show", ours, measure(python_tuf("show", root), 31, folder / "cold.python-tuf"))
        cold = ours.wall
        outputs = []
        for count, repeat in sizes:
            outputs.extend(measure_size(conclave, root, count, repeat, folder))
        # Read only now: this process's memory at each fork is a floor under what its children report.
        for agree, ours, theirs in outputs:
            agree(ours.read_bytes(), theirs.read_bytes())
        print("\nBoth agreed on every output.")
    print(f"Aims: time {TIME_AIM}x, memory {MEMORY_AIM}x, cold start {COLD_START_AIM * 1000:.0f} ms", end=" ")
    print(f"(it was {cold * 1000:.1f} ms). A peak of <N is under this driver's own N, which hides it.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        sys.exit(f"bench: exit {failure.returncode} from {failure.cmd}\n{failure.output or ''}")
    except Disagreement as failure:
        sys.exit(f"bench: outputs disagree: {failure}")
