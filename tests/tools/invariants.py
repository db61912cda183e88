#!/usr/bin/env python3
"""Holds counted records to a table of invariants (tests/tools/invariants.txt, whose head explains its lines).

usage: invariants.py plan TABLE ARCH                  the runs that it takes: family, the plugin's options, a pattern of cases
       invariants.py check TABLE ARCH RECORD.json...  judges; a line for each invariant that is broken, or that nothing here can test

tests/cli/test_invariants.sh does both; tests/tools/test_invariants.py tests this file.
"""
import dataclasses
import fnmatch
import json
import operator
import re
import sys

ARCHS = ("x86_64", "arm64", "riscv64", "ppc64el", "s390x", "armhf")
OPERATORS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
BY_ACCESS = {"accesses", "accesses-unseen", "line-crossings", "page-crossings", "misaligned"}


class TableError(Exception):
    """The table is wrong, or the records lack what it speaks of."""


class Absent(Exception):
    """The cases are known and skipped here, each with its reason."""


@dataclasses.dataclass(frozen=True)
class Invariant:
    where: str
    archs: tuple
    metrics: tuple  # summed
    cases: str
    relation: tuple
    within: float

    @property
    def family(self):
        return self.cases.split("/")[0]

    def patterns(self):
        return [self.cases] + [word for word in self.relation if "/" in word]


def parse(text):
    """The table's lines as invariants."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        where = f"line {number}: {' '.join(words)}"
        if len(words) < 5:
            raise TableError(f"{where}: wanted ISAS METRIC CASES RELATION")
        archs = ARCHS if words[0] == "all" else tuple(words[0].split(","))
        if not set(archs) <= set(ARCHS):
            raise TableError(f"{where}: the ISAs are {', '.join(ARCHS)}, or all")
        within = 0.0
        if words[-2] == "within":
            within = float(words[-1])
            words = words[:-2]
        columns = [(archs, words[3:])]
        if words[3] == "=" and len(words) == 4 + len(ARCHS) and words[0] == "all":
            columns = [((arch,), ["=", number]) for arch, number in zip(ARCHS, words[4:])]
        found += [Invariant(where, to, tuple(words[1].split("+")), words[2], tuple(tail), within) for to, tail in columns]
        if relation(found[-1]) is None:
            raise TableError(f"{where}: no relation is written like that")
    return found


def relation(invariant):
    """What judges the invariant: a function of it and a lookup; None when its words are none that are known."""
    words = invariant.relation
    text = " ".join(words)
    if re.fullmatch(r"rises first at \d+", text):
        return judge_rise
    if re.fullmatch(r"steps <= [\d.]+", text):
        return judge_steps
    if re.fullmatch(r"sums to [\d.]+ over \d+", text):
        return judge_sum
    if len(words) % 2 == 0 and all(word in OPERATORS for word in words[::2]):
        return judge_chain
    return None


def parameter(case):
    """The number that the case's last parameter has: what rises along a pattern."""
    return int(case.rsplit("=", 1)[1])


def judge_rise(invariant, values):
    at = int(invariant.relation[3])
    rows = sorted((parameter(case), value) for case, value in values(invariant.cases).items())
    if not any(place < at for place, _ in rows) or not any(place == at for place, _ in rows):
        raise TableError(f"{invariant.where}: nothing to compare at {at}")
    first, level = rows[0]
    for (_, before), (place, value) in zip(rows, rows[1:]):
        if place < at and abs(value - level) > invariant.within:
            yield f"at {place} there are {value:g} already, {level:g} at {first}"
        if place >= at and value - level <= invariant.within:
            yield f"at {place} there are {value:g}, no more than the {level:g} at {first}"
        if place > at and before - value > invariant.within:
            yield f"at {place} there are {value:g} again, after {before:g}"


def judge_steps(invariant, values):
    most = float(invariant.relation[2])
    rows = sorted((parameter(case), value) for case, value in values(invariant.cases).items())
    if len(rows) < 2:
        raise TableError(f"{invariant.where}: a step takes two cases")
    for (_, before), (place, value) in zip(rows, rows[1:]):
        if not -invariant.within <= value - before <= most + invariant.within:
            yield f"from {before:g} to {value:g} at {place}"


def judge_sum(invariant, values):
    wanted, count = float(invariant.relation[2]), int(invariant.relation[4])
    found = values(invariant.cases)
    if len(found) != count:
        yield f"{len(found)} cases instead of {count}"
    if abs(sum(found.values()) - wanted) > invariant.within:
        yield f"the sum is {sum(found.values()):g}"


def judge_chain(invariant, values):
    """a < b < c: each case on the left (a pattern may have many) beside the one on the right, or a number."""
    left = values(invariant.cases)
    for sign, right in zip(invariant.relation[::2], invariant.relation[1::2]):
        following = values(right) if "/" in right else {right: float(right)}
        for case, value in left.items():
            for other, limit in following.items():
                shifted = {"=": 0, "<": -1, "<=": 1, ">": 1, ">=": -1}[sign] * invariant.within
                good = abs(value - limit) <= invariant.within if sign == "=" else OPERATORS[sign](value, limit + shifted)
                if not good:
                    yield f"{case} has {value:g}" + (f", {other} has {limit:g}" if other != right or "/" in right else "")
        left = following


class Records:
    """Counts by case and metric, of several records."""

    def __init__(self, records):
        self.cases = [case for record in records for case in record["cases"]]

    def value(self, case, metric):
        found = (case["metrics"] or {}).get(metric)
        if found is None or found["p50"] is None:
            raise TableError(f"{case['id']} has no {metric}")
        if found["evidence"] != "counted":
            raise TableError(f"{metric} of {case['id']} is {found['evidence']}, not counted")
        if found["nondeterministic"]:
            raise TableError(f"{metric} of {case['id']} is not the same every time")
        return found["p50"]["value"]

    def values(self, pattern, metrics):
        """The sum of the metrics of each case that the pattern matches. Absent when all are skipped; else none may be."""
        matched = [case for case in self.cases if fnmatch.fnmatchcase(case["id"], pattern)]
        if not matched:
            raise TableError(f"no record has a case {pattern}")
        bad = [case for case in matched if case["status"] != "ok"]
        if all(case["status"] == "skipped" for case in matched):
            raise Absent(f"{matched[0]['id']}: {matched[0]['reason']}")
        if bad:
            raise TableError(f"{bad[0]['id']} is {bad[0]['status']}: {bad[0]['reason']}")
        return {case["id"]: sum(self.value(case, metric) for metric in metrics) for case in matched}


def judge(invariant, records):
    """What is wrong, line by line."""
    try:
        return list(relation(invariant)(invariant, lambda pattern: records.values(pattern, invariant.metrics)))
    except TableError as error:
        return [str(error)]


def plan(invariants, arch):
    """Family, options and pattern of each run, the families in the table's order."""
    runs = {}
    for invariant in invariants:
        if arch in invariant.archs:
            run = runs.setdefault(invariant.family, {"options": "by=block", "patterns": {}})
            run["patterns"].update(dict.fromkeys(invariant.patterns()))
            if BY_ACCESS & set(invariant.metrics):
                run["options"] = "accesses=on"
    return [(family, run["options"], ",".join(run["patterns"])) for family, run in runs.items()]


def check(invariants, arch, paths):
    loaded = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            loaded.append(json.load(file))
    records = Records(loaded)
    held = broken = 0
    for invariant in invariants:
        if arch not in invariant.archs:
            continue
        try:
            wrong = judge(invariant, records)
        except Absent as absent:
            print(f"SKIPPED {invariant.where}: {absent}")
            continue
        held, broken = held + (not wrong), broken + bool(wrong)
        for line in wrong:
            print(f"BROKEN {arch}: {invariant.where}: {line}")
    print(f"{arch}: {held} invariants hold, {broken} are broken")
    return 0 if held and not broken else 1


def main(arguments):
    if len(arguments) < 3 or arguments[0] not in ("plan", "check") or arguments[2] not in ARCHS:
        sys.exit(__doc__.split("\n\n")[1])
    command, table, arch, *paths = arguments
    try:
        with open(table, encoding="utf-8") as file:
            invariants = parse(file.read())
    except (OSError, TableError) as error:
        sys.exit(f"{table}: {error}")
    if command == "check":
        return check(invariants, arch, paths)
    for run in plan(invariants, arch):
        print(*run)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
