"""Three judges of the same figures: our rules, google-benchmark's U test, and benchstat's.

A case is (first, other): the values of both sides, one a round, in the order they ran. Each judge says of each case -1 (faster), 0 (nothing
found) or 1 (slower).
"""
import functools
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

ALPHA = 0.05  # what both others take unless told otherwise
COMPARE_PY = pathlib.Path("/usr/share/benchmark/compare.py")
THRESHOLD = 0.01  # transept's own
# compare.py looks every row up among all: a file of many takes the square of their number.
CASES_A_FILE = 30
# golang.org/x/perf/benchmath takes the exact distribution for samples of up to 50 without ties, else the normal one corrected for ties and
# continuity. (With ties up to 25 it counts exactly too, which scipy does not: times on a clock of nanoseconds hardly have any.)
BENCHSTAT_EXACT = 50


class Missing(Exception):
    """A program or library is not there."""


def _direction(first, other):
    return 1 if statistics.median(other) > statistics.median(first) else -1


def ours(cases, paired, judge):
    """By the functions that compare and duel call, each case as a comparison of its own. `judge` is the program bench/peers/judge.c."""
    rule = "pairs" if paired else "records"
    if not cases:
        return []
    lines = [" ".join([rule, str(THRESHOLD), str(len(a)), *(f"{v:.12g}" for v in (*a, *b))]) for a, b in cases]
    done = subprocess.run([judge], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"proof: {judge}: {done.stderr.strip()}")
    found = [line.split()[0] for line in done.stdout.splitlines()]
    return [{"slower": 1, "faster": -1}.get(word, 0) for word in found]


def google(cases, whole):
    """By google-benchmark's own compare.py, on files as its library writes them; unless `whole`, by the function in it that works out p."""
    if not COMPARE_PY.exists():
        raise Missing(f"{COMPARE_PY} is not there (Debian: libbenchmark-tools)")
    if whole:
        files = (cases[start : start + CASES_A_FILE] for start in range(0, len(cases), CASES_A_FILE))
        told = [p for file in files for p in _google_file(file)]
    else:
        told = [_google_function()(*case) for case in cases]
    return [_direction(*case) if p < ALPHA else 0 for case, p in zip(cases, told)]


@functools.cache
def _google_function():
    """The p that compare.py works out, of two lists of times; once it is seen to be what the program prints."""
    sys.path.append(str(COMPARE_PY.parent))
    try:
        from gbench import report
    except ImportError as error:
        raise Missing(f"compare.py of google-benchmark: {error} (Debian: python3-scipy)") from error

    def p_of(first, other):
        return report.calc_utest([first, other], [first, other])[2]

    draw = random.Random(1)
    some = [tuple([draw.gauss(10, 1) for _ in range(n)] for _ in range(2)) for n in (5, 9, 15, 30)]
    if any(abs(told - p_of(*case)) > 1e-4 for told, case in zip(_google_file(some), some)):
        sys.exit("proof: compare.py of google-benchmark and the function in it disagree")
    return p_of


def _google_file(cases):
    """The p of each case, as the program tells it."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("first.json", "other.json", "found.json")]
        for side, path in enumerate(paths[:2]):
            rows = [row for number, case in enumerate(cases) for row in _google_rows(f"case/{number}", case[side])]
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"context": {}, "benchmarks": rows}, file)
        command = [sys.executable, COMPARE_PY, "--no-color", "--alpha", str(ALPHA), "-a", "-d", paths[2], "benchmarks", *paths[:2]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Missing(f"compare.py of google-benchmark: {done.stderr.strip().splitlines()[-1]}")
        with open(paths[2], encoding="utf-8") as file:
            told = {row["name"]: row["utest"]["time_pvalue"] for row in json.load(file) if row.get("utest")}
    return [told[f"case/{number}"] for number in range(len(cases))]


def _google_rows(name, values):
    return [
        {
            "name": name,
            "run_name": name,
            "run_type": "iteration",
            "repetitions": len(values),
            "repetition_index": index,
            "threads": 1,
            "iterations": 1,
            "real_time": value,
            "cpu_time": value,
            "time_unit": "ns",
        }
        for index, value in enumerate(values)
    ]


def benchstat(cases):
    """By the test that benchstat documents (Mann and Whitney's U, two-sided): Debian has no package of the tool itself."""
    try:
        from scipy.stats import mannwhitneyu
    except ImportError as error:
        raise Missing(f"{error} (Debian: python3-scipy)") from error
    found = []
    for first, other in cases:
        ties = len(set(first) | set(other)) < len(first) + len(other)
        exact = not ties and max(len(first), len(other)) <= BENCHSTAT_EXACT
        p = mannwhitneyu(first, other, alternative="two-sided", method="exact" if exact else "asymptotic").pvalue
        found.append(_direction(first, other) if p < ALPHA else 0)
    return found


def all_three(cases, paired, judge, part, whole=True):
    """{name: verdicts}; who is missing is told by the part."""
    found = {"transept": ours(cases, paired, judge)}
    for name, other in (("google-benchmark", lambda: google(cases, whole)), ("benchstat", lambda: benchstat(cases))):
        try:
            found[name] = other()
        except Missing as why:
            if str(why) not in part.lacking:
                part.lacking.append(str(why))
    return found
