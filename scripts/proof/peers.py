"""Part `peers`: google-benchmark on the same chains, on the same CPU, by turns with us.

What it reports as the middle of its repetitions (aggregate `median` of their means) stands for its P50. It has two clocks, the wall's and the
process's CPU time, and each goal is held against the one that does better.
"""
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

import claims
import judges

SOURCES = pathlib.Path(__file__).resolve().parent.parent.parent
# As the kernels are compiled (kernels/CMakeLists.txt); google-benchmark's own file as anybody would.
C_FLAGS = "-std=gnu11 -O2 -fomit-frame-pointer -fno-ipa-icf -falign-functions=64 -falign-loops=64".split()
OPS = 1024  # of an iteration: PEER_OPS in bench/peers/chains.h

PROCESSES = 20
SECONDS = 1.0  # of a process, in all
KERNELS = ("add", "mul")
REPETITIONS = 9  # what compare.py calls the least for its test to be any good
TIME_MS = 10  # of our rounds: what the suites have

LADDER_PROCESSES = 10
LADDER_MS = (1, 2, 5, 10, 20, 50, 100)  # of a repetition, or a round
STEADY = 0.01
STEADY_SHARE = 0.9

MOST_SPREAD = 0.5
MOST_TIME = 0.25
OURS, THEIRS, THEIR_CPU = "transept", "google-benchmark", "google, CPU time"
LATENCIES = {"x86_64": 3}  # multiplication ÷ addition, on cores since 2008


def reported(case):
    """The P50 of a case of a record; Missing where there is none of which a logarithm can be taken."""
    p50 = case["metrics"]["time"]["p50"]["value"] if case["status"] == "ok" else None
    if p50 is None:
        raise judges.Missing(f"a P50 of {case['id']}: {case['reason'] or 'too few samples on a machine as busy as this'}")
    if p50 <= 0:
        raise judges.Missing(f"a P50 of {case['id']}: the empty loop took as long, on a machine as busy as this")
    return p50


class Peers:
    """Both programs: each call is a process, and gives (P50 in ns an op, seconds of wall time); google-benchmark's also a P50 by CPU time."""

    def __init__(self, setting):
        self.setting = setting
        self.google_program = setting.build / "bench/peers/google"
        self.start = {OURS: 0.0, THEIRS: 0.0}

    def compile(self):
        folder = self.google_program.parent
        chains = folder / "chains.o"
        include = [f"-I{SOURCES / one}" for one in ("harness/include", "kernels", "bench")]
        _compile("gcc", *C_FLAGS, *include, "-c", SOURCES / "bench/peers/chains.c", "-o", chains)
        _compile("g++", "-O2", f"-I{SOURCES / 'bench'}", SOURCES / "bench/peers/google.cc", chains, "-lbenchmark", "-lpthread", "-o", self.google_program)

    def _timed(self, command):
        cpu = self.setting.cpu
        begin = time.monotonic()
        done = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, check=False, preexec_fn=lambda: os.sched_setaffinity(0, {cpu})
        )
        took = time.monotonic() - begin
        if done.returncode != 0:
            raise judges.Missing(f"{command[0]}: {(done.stderr.strip().splitlines() or ['it failed'])[-1]}")
        return done.stdout, took

    def google(self, kernel, time_ms, repetitions=REPETITIONS):
        out, took = self._timed(
            [
                self.google_program,
                f"--benchmark_filter=^chain/{kernel}$",
                f"--benchmark_min_time={time_ms / 1000:g}",
                f"--benchmark_repetitions={repetitions}",
                "--benchmark_format=json",
            ]
        )
        (row,) = [row for row in json.loads(out)["benchmarks"] if row.get("aggregate_name") == "median"]
        return row["real_time"] / OPS, took, row["cpu_time"] / OPS

    def transept(self, kernel, time_ms, rounds=REPETITIONS):
        case = f"harness/chain/{kernel}"
        with tempfile.TemporaryDirectory() as folder:
            command = [self.setting.transept, "run", "--suite", "selfbench", "--filter", case, "--rounds", rounds, "--time", f"{time_ms}ms"]
            _, took = self._timed([*command, "--counters", "none", "--format", "json", "--output", folder])
            (path,) = [path for path in pathlib.Path(folder).rglob("*.json") if not path.is_symlink()]
            (found,) = json.loads(path.read_text(encoding="utf-8"))["cases"]
        return reported(found), took

    def measure_starts(self):
        """What a process of each takes beside measuring: google-benchmark's that only lists, ours by what more rounds add."""
        listing = [self._timed([self.google_program, "--benchmark_list_tests"])[1] for _ in range(5)]
        few, many = (statistics.median(self.transept("add", TIME_MS, rounds)[1] for _ in range(5)) for rounds in (3, 13))
        self.a_round = (many - few) / 10
        self.start = {OURS: max(0.0, few - 3 * self.a_round), THEIRS: statistics.median(listing)}


def _compile(*command):
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    except OSError as error:
        raise judges.Missing(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if "error" in line]
        raise judges.Missing(f"the chains under google-benchmark (Debian: libbenchmark-dev): {(errors or ['they do not compile'])[0]}")


def run(setting):
    part = claims.Part("peers", "google-benchmark on the same chains, CPU and budget, by turns")
    peers = Peers(setting)
    try:
        peers.compile()
        peers.measure_starts()
        spread(part, measure_spread(peers, setting), os.uname().machine)
        steadiness(part, measure_ladder(peers, setting), peers.start)
    except judges.Missing as why:
        part.lacking.append(str(why))
    return part


def _by_turns(jobs, seed):
    """Each job in random order: [(key, what it gave)]."""
    jobs = list(jobs)
    random.Random(seed).shuffle(jobs)
    return [(key, call()) for key, call in jobs]


def by_clock(found):
    """{(who, what): [(P50, wall)]}, where google-benchmark's two clocks are two."""
    whole = {key: [gave[:2] for gave in pairs] for key, pairs in found.items()}
    whole.update({(THEIR_CPU, what): [(cpu, took) for _, took, cpu in pairs] for (who, what), pairs in found.items() if who == THEIRS})
    return whole


def measure_spread(peers, setting):
    """{(who, kernel): [(P50, wall)]}, of processes that take the same time."""
    processes = setting.scaled(PROCESSES, least=3)
    seconds = SECONDS if setting.effort >= 0.1 else 0.3
    rounds = max(3, round((seconds - peers.start[OURS]) / peers.a_round))
    time_ms = 1000 * (seconds - peers.start[THEIRS]) / (REPETITIONS + 1)  # its search for a number of iterations takes about one
    found = {(who, kernel): [] for who in peers.start for kernel in KERNELS}
    for turn in range(processes):
        jobs = [((THEIRS, kernel), lambda k=kernel: peers.google(k, time_ms)) for kernel in KERNELS]
        jobs += [((OURS, kernel), lambda k=kernel: peers.transept(k, TIME_MS, rounds)) for kernel in KERNELS]
        for key, gave in _by_turns(jobs, setting.seed + turn):
            found[key].append(gave)
    return by_clock(found)


def deviation(values):
    """The standard deviation of the logarithms: a share."""
    return statistics.stdev(math.log(one) for one in values)


def bootstrap(first, other, figure, seed=1, draws=2000):
    """95 % of figure(first) / figure(other) where both are drawn anew from themselves (Efron's percentiles)."""
    draw = random.Random(seed)
    ratios = sorted(figure(draw.choices(first, k=len(first))) / (figure(draw.choices(other, k=len(other))) or math.inf) for _ in range(draws))
    return ratios[int(0.025 * draws)], ratios[int(0.975 * draws) - 1]


def spread(part, found, arch):
    """Bias and spread of what 20 processes reported."""
    rows = []
    for (who, kernel), pairs in found.items():
        values = [value for value, _ in pairs]
        wall = statistics.median(took for _, took in pairs)
        rows.append([f"{who}, {kernel}", f"{statistics.median(values):.4f}", f"{100 * deviation(values):.2f}", f"{min(values):.4f} to {max(values):.4f}", f"{wall:.2f}"])
    part.tables.append(("", ["P50 of a process", "ns/op", "spread, %", "from, to", "took, s"], rows))
    part.data["processes"] = {f"{who}, {kernel}": pairs for (who, kernel), pairs in found.items()}
    for kernel in KERNELS:
        ours, *both = ([value for value, _ in found[who, kernel]] for who in (OURS, THEIRS, THEIR_CPU))
        theirs = min(both, key=deviation)
        ratio = deviation(ours) / deviation(theirs)
        low, high = bootstrap(ours, theirs, deviation)
        part.claim(f"spread of {kernel}, ours ÷ theirs", f"{ratio:.2f} [{low:.2f}, {high:.2f}]", f"<= {MOST_SPREAD}", ratio <= MOST_SPREAD)
    part.notes.append(f"spread of the {len(found[OURS, KERNELS[0]])} processes: standard deviation of the logarithms; its ratio with the interval of a bootstrap")
    if arch not in LATENCIES:
        part.notes.append(f"bias: a multiplication's latency is not the same on all cores of {arch}, so there is none to be told")
        return
    right = LATENCIES[arch]
    part.notes.append(f"bias: of mul ÷ add, which is {right} here; of the processes the median, the least and the greatest")
    for who in (OURS, THEIRS, THEIR_CPU):
        ratios = sorted(mul / add for (mul, _), (add, _) in zip(found[who, "mul"], found[who, "add"]))
        off = [100 * (one / right - 1) for one in (statistics.median(ratios), ratios[0], ratios[-1])]
        part.claim(f"bias, {who}", f"{off[0]:+.2f} % ({off[1]:+.2f} to {off[2]:+.2f})")


def measure_ladder(peers, setting):
    """{(who, ms): [(P50, wall)]} of ever longer settings, all by turns."""
    processes = setting.scaled(LADDER_PROCESSES, least=3)
    steps = LADDER_MS if setting.effort >= 0.1 else LADDER_MS[:3]
    found = {(who, step): [] for who in peers.start for step in steps}
    for turn in range(processes):
        jobs = [((THEIRS, step), lambda s=step: peers.google("add", s)) for step in steps]
        jobs += [((OURS, step), lambda s=step: peers.transept("add", s)) for step in steps]
        for key, gave in _by_turns(jobs, setting.seed + turn):
            found[key].append(gave)
    return by_clock(found)


def is_steady(values):
    """Nine of ten processes report the same within 1 %."""
    middle = statistics.median(values)
    return sum(abs(value / middle - 1) <= STEADY for value in values) >= STEADY_SHARE * len(values)


def first_steady(steps):
    """Of [(seconds, values)] in order the seconds of the first that is steady; None: none is."""
    return next((seconds for seconds, values in steps if is_steady(values)), None)


def steadiness(part, found, start):
    """The least time in which each reports the same again and again."""
    took = {}
    rows = []
    for who in (OURS, THEIRS, THEIR_CPU):
        steps = []
        for (name, step), pairs in found.items():
            if name == who:
                values = [value for value, _ in pairs]
                seconds = max(0.0, statistics.median(wall for _, wall in pairs) - start.get(who, start[THEIRS]))
                steps.append((seconds, values))
                near = sum(abs(value / statistics.median(values) - 1) <= STEADY for value in values)
                rows.append([who, f"{REPETITIONS} × {step} ms", f"{seconds:.3f}", f"{near} of {len(values)}"])
        took[who] = first_steady(steps)
    part.tables.append(("", ["add", "set to", "took, s", "within 1 %"], rows))
    part.data["ladder"] = {f"{who}, {step} ms": pairs for (who, step), pairs in found.items()}
    part.data["starts"] = start
    ours, theirs = took[OURS], min(filter(None, (took[THEIRS], took[THEIR_CPU])), default=None)
    words = ["never" if seconds is None else f"{seconds:.3f} s" for seconds in (ours, theirs)]
    part.claim("steady after: ours, theirs", ", ".join(words), "<= 1/4", is_sooner(ours, theirs))
    part.notes.append(
        f"steady: nine of ten processes within 1 % of their median; starting a process, once a suite, is not in it: {start[OURS]:.2f} s of ours, "
        f"{start[THEIRS]:.2f} s of theirs"
    )


def is_sooner(ours, theirs):
    """Within a quarter of their time; None is never."""
    return ours is not None and (theirs is None or ours <= MOST_TIME * theirs)
