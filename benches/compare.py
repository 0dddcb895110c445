"""Runs the workloads of Perennis and of its peers in turn, compares checksums, prints a table of ratios.

    python3 benches/compare.py [--rounds 5] [--only w1,w2,w3,cores,w5] [--members 1000000] [--scenarios 1000]

Builds what it runs. A ratio is the peer's CPU seconds over ours, the median of the rounds; one above 1 means that
Perennis is faster. Checksums are compared first: a workload whose checksums differ by more than 1e-12 has no ratio.
Peers that are not installed are named and passed over.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORKSPACE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(WORKSPACE / "benches"))
sys.dont_write_bytecode = True
from inputs import peers  # noqa: E402

# Peer, its share of the members, rounds and repeats where they are fewer, must hold, aim: of performance.md. A peer that
# keeps members times years is slower where that outgrows the caches: it has all members where there is the memory.
W1 = [
    ("numba", 1.0, None, 1.0, 2.2),
    ("numpy", 0.2, (1, 3), 25, None),
    ("gaspatchio", 1.0, (3, 1), 120, None),
    ("heavylight", 1.0, (1, 1), 120, None),
    ("modelx", 0.02, (1, 3), None, None),
    ("lifeflow", 0.02, (1, 3), None, None),
]
# GiB of memory that must be free for all the members; with less a peer has 2 % of them.
MEMORY = {"gaspatchio": 8, "heavylight": 14}
# numba's W2 where the limits of W5 were set, ms.
NUMBA_W2 = 4.0
LIMIT_W5 = 150.0
LIMIT_W5_BY_MONTH = 1000.0

# Prints the checksums and CPU seconds of a peer of W1 with all their digits.
W1_PEER = """
import sys, time
import w1_common
def bench(name, n, f, m, rep):
    f()
    found = []
    for _ in range(rep):
        start = time.process_time()
        b, c = f()
        found.append(time.process_time() - start)
    print(sorted(found)[len(found) // 2] / w1_common.steps(m), float(b), float(c), flush=True)
w1_common.bench = bench
exec(open("w1_peers.py").read())
"""


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--only", default="w1,w2,w3,cores,w5")
    words.add_argument("--members", type=int, default=1_000_000)
    words.add_argument("--scenarios", type=int, default=1_000)
    words.add_argument("--level", default="best", help="baseline, avx2, avx512 or best")
    words.add_argument("--workloads", help="run this executable instead of building the example")
    words.add_argument("--perennis", help="run this executable instead of building perennis")
    words = words.parse_args()
    only = words.only.split(",")
    with tempfile.TemporaryDirectory() as folder:
        run = Run(words, Path(folder))
        for name, measure in [
            ("w1", run.w1),
            ("w2", run.w2),
            ("w3", run.w3),
            ("cores", run.cores),
            ("w5", run.w5),
        ]:
            if name in only:
                measure()
        run.table()


class Run:
    def __init__(self, words, folder):
        self.words = words
        self.folder = folder
        self.rows = []
        self.inputs = folder / "inputs"
        self.peers = folder / "peers"
        shutil.copytree(peers(), self.peers)
        self.workloads = words.workloads or build("perennis-benches", "--example", "workloads")
        sizes = [str(self.inputs), str(words.members), str(words.scenarios)]
        subprocess.run([sys.executable, WORKSPACE / "benches/inputs.py", *sizes], check=True)

    def ours(self, workload, repeats, env=None):
        """Returns median wall and CPU seconds, the checksums and the peak memory in MiB."""
        command = [self.workloads, self.inputs, self.words.level, workload, repeats]
        lines, peak = child(command, env)
        found = [line.split() for line in lines]
        wall = statistics.median(float(line[2]) for line in found)
        cpu = statistics.median(float(line[3]) for line in found)
        return wall, cpu, [float(sum) for sum in found[0][4:]], peak

    def peer(self, script, *words):
        lines, _ = child([sys.executable, *script, *words], cwd=self.peers)
        return lines[-1]

    def row(self, name, ours, ratios, must, aim, note=""):
        self.rows.append((name, ours, ratios, must, aim, note))

    def w1(self):
        steps = None
        for peer, share, fewer, must, aim in W1:
            name = f"W1 against {peer}"
            rounds, repeats = fewer or (self.words.rounds, 3)
            if free_memory() < MEMORY.get(peer, 0):
                share, repeats = 0.02, 3
            if not installed(peer):
                self.row(name, "", [], must, aim, "not installed")
                continue
            members = int(self.words.members * share)
            ratios, ours = [], []
            for _ in range(rounds):
                _, cpu, sums, peak = self.ours("w1", 5)
                steps = steps or self.steps()
                line = self.peer(["-c", W1_PEER], peer, str(members), str(repeats)).split()
                ours.append(steps / cpu / 1e6)
                ratios.append(float(line[0]) / (cpu / steps))
                if share == 1.0:
                    self.check(name, sums, [float(line[1]), float(line[2])])
            note = f"{statistics.median(ours):.0f} M member-steps a CPU second, {peak:.0f} MiB"
            note += f"; the peer has {members} members" if share < 1.0 else ""
            self.row(name, note, ratios, must, aim)

    def steps(self):
        import numpy as np

        return int((110 - np.fromfile(self.inputs / "w1_age.f64")).sum())

    def w2(self):
        numba = ("numba", ["1", "200"], 1.0, 1.7)
        numpy = ("numpy", ["1", "10"], 10, None)
        self.nation("W2", "w2", 100, numba, numpy, 1)

    def w3(self):
        scenarios = self.words.scenarios
        numba = ("numba", [str(scenarios), "1"], 3.0, 5.0)
        numpy = ("numpy", [str(min(scenarios, 20)), "1"], 30, None)
        self.nation("W3", "w3", 1, numba, numpy, scenarios)

    def nation(self, title, workload, repeats, numba, numpy, scenarios):
        for peer, words, must, aim in (numba, numpy):
            name = f"{title} against {peer}"
            if not installed(peer):
                self.row(name, "", [], must, aim, "not installed")
                continue
            ratios, ours = [], []
            for _ in range(self.words.rounds if peer == "numba" else 2):
                _, cpu, sums, peak = self.ours(workload, repeats)
                line = self.peer([f"w2_{peer}.py"], *words)
                ours.append(cpu * 1e3 / scenarios)
                ratios.append(number(r"cpu ([\d.]+) ms", line) / ours[-1])
                fund = r"=(?:np\.float64\()?(-?[\d.e+]+)"
                theirs = [number("F0" + fund, line), number("mean" + fund, line)]
                same_scenarios = peer == "numba" or scenarios == 1
                self.check(name, sums[:1], theirs[:1])
                if same_scenarios and len(sums) == 2:
                    self.check(name, sums[1:], theirs[1:])
            note = f"{statistics.median(ours):.3f} CPU ms a scenario, {peak:.0f} MiB"
            self.row(name, note, ratios, must, aim)

    def cores(self):
        walls, inflation = [], []
        for _ in range(self.words.rounds):
            one = self.ours("w3", 1, {"RAYON_NUM_THREADS": "1"})
            two = self.ours("w3", 1, {"RAYON_NUM_THREADS": "2"})
            assert one[2] == two[2], "one thread and two give the same bits"
            walls.append(one[0] / two[0])
            inflation.append(two[1] / one[1])
        note = f"CPU seconds x {statistics.median(inflation):.2f} (at most 1.10)"
        self.row("W3, wall of one thread over two", note, walls, 1.7, 1.9, "holds on an idle machine")

    def w5(self):
        perennis = self.words.perennis or build("perennis-cli", "--bin", "perennis")
        model = WORKSPACE / "assumptions/viet-nam/valuation.toml"
        years = ["--set", "horizon=75"]
        reforms = [model.parent / "reforms/coverage_of_households.toml"]
        reforms.append(WORKSPACE / "benches/viet_nam_by_month.toml")
        by_month = years + [word for reform in reforms for word in ("--reform", reform)]
        for title, words, rounds, limit in [
            ("as the file says", [], 20, LIMIT_W5),
            ("75 years", years, 20, LIMIT_W5),
            ("by month, 3 groups, 5 classes", by_month, 8, LIMIT_W5_BY_MONTH),
        ]:
            times, numba, peak = [], [], 0.0
            for at in range(rounds):
                out = self.folder / "results"
                start = time.perf_counter()
                _, memory = child([perennis, "value", model, "--out", out, *words])
                times.append(time.perf_counter() - start)
                peak = max(peak, memory)
                if at % 4 == 0:
                    line = self.peer(["w2_numba.py"], "1", "100")
                    numba.append(number(r"wall ([\d.]+) ms", line))
            ours, theirs = statistics.median(times) * 1e3, statistics.median(numba)
            limit = limit / NUMBA_W2 * theirs
            note = f"{ours:.0f} ms, {peak:.0f} MiB; limit {limit:.0f} ms at numba's W2 of {theirs:.2f} ms"
            self.row(f"W5, {title}: limit over ours", note, [limit / ours], 1.0, 3.0, "(wall: idle machine)")

    def check(self, name, ours, theirs):
        for one, other in zip(ours, theirs, strict=True):
            if not abs(one - other) <= 1e-12 * abs(other):
                sys.exit(f"{name}: checksum {one!r}, the peer has {other!r}")

    def table(self):
        print(f"{'':38} {'ratio':>8} {'(least, most)':>17} {'must':>6} {'aim':>6}")
        for name, ours, ratios, must, aim, note in self.rows:
            if not ratios:
                print(f"{name:38} {note:>8}")
                continue
            middle = statistics.median(ratios)
            spread = f"({min(ratios):.2f}, {max(ratios):.2f})"
            held = "" if must is None or must <= middle else "  BELOW"
            bounds = f"{must or '':>6} {aim or '':>6}"
            print(f"{name:38} {middle:8.2f} {spread:>17} {bounds}{held}  {ours} {note}")


def build(package, *target):
    """Builds in release mode and returns the executable."""
    command = ["cargo", "build", "--release", "-p", package, *target, "--message-format=json"]
    built = subprocess.run(command, cwd=WORKSPACE, check=True, stdout=subprocess.PIPE, text=True)
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    return [m["executable"] for m in messages if m.get("executable")][-1]


def child(command, env=None, cwd=None):
    """Runs a program and returns the lines that it prints and its peak memory in MiB."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=out,
            cwd=cwd,
            env={**os.environ, **(env or {}), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{command[0]} failed")
        out.seek(0)
        return out.read().splitlines(), usage.ru_maxrss / 1024


def free_memory():
    """Returns GiB of memory that programs may take without swapping."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) / 2**20


def installed(peer):
    return importlib.util.find_spec(peer) is not None


def number(pattern, text):
    return float(re.search(pattern, text).group(1))


if __name__ == "__main__":
    main()
