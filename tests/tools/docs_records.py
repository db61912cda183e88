#!/usr/bin/python3
"""Lays out the folder in which the documentation's commands run: docs_records.py FOLDER.

Its records are made up: before.json and after.json of one machine with a case for every verdict, x86.json and arm.json of two machines, counted-before.json and counted-after.json with an instruction more,
and what a checkout has after runs: results/ARCH/latest.json.
"""
import copy
import pathlib
import shutil
import sys

import make_history
import make_records

# P50 of the two machines' rounds, ns: what differs between them by a known factor, and what does not.
CASES = {
    "barrier/fence/seq-cst": (8.0, 21.0, 0.004),
    "barrier/store/release": (0.30, 0.60, 0.004),
    "syscall/getppid/raw": (120.0, 81.0, 0.006),
    "align/load/latency": (1.40, 1.40, 0.003),
    "layout/chase/random": (82.0, 86.0, 0.06),
}
POLICY = """name: pull request
rules:
  - name: primitives
    cases: [barrier, syscall]
    metric: time
    evidence: measured
    threshold: 2%
"""


WORKLOAD = """name: my own
about: a little of everything
threads: 2
duration: 300ms
warmup: 50ms
mix: [get, put]
keys: {count: 1000, distribution: uniform}
"""


def two_machines(folder):
    record, timed, counted = make_records.template()
    for side, name in enumerate(("x86", "arm")):
        machine = copy.deepcopy(record)
        machine["cases"] = [make_records.timed_case(timed, case, make_records.noisy(figures[side], figures[2])) for case, figures in CASES.items()]
        machine["cases"] += [make_records.counted_case(counted, "abi/args-int/direct/n=7", (14, 11)[side])]
        if side == 1:
            machine["machine"].update(arch="arm64", id="fedcba9876543210")
            machine["machine"]["cpu"].update(model="Another CPU")
            machine["build"].update(target="aarch64-linux-gnu")
        make_records.save(machine, folder / f"{name}.json")


def counted_twice(folder):
    """Counts of one ISA, as QEMU's, before and after a change that costs an instruction."""
    record, _, counted = make_records.template()
    record["machine"].update(executed_by={"kind": "emulator", "name": "qemu-x86_64", "version": "7.2.22", "host_arch": "x86_64"})
    for name, calls in (("before", 3), ("after", 4)):
        made = copy.deepcopy(record)
        made["cases"] = [make_records.counted_case(counted, "syscall/getppid/raw", calls), make_records.counted_case(counted, "abi/args-int/direct/n=7", 14)]
        make_records.save(made, folder / f"counted-{name}.json")


def place(folder, source, *parts):
    to = folder.joinpath("results", *parts, "latest.json")
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / source, to)


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[0])
    make_records.main([str(folder)])
    for name, source in (("before", "first"), ("after", "other")):
        shutil.copy(folder / f"{source}.json", folder / f"{name}.json")
    two_machines(folder)
    counted_twice(folder)
    place(folder, "x86.json", "x86_64")
    place(folder, "arm.json", "arm64")
    place(folder, "counted-after.json", "counted", "x86_64")
    make_history.main([str(folder / "nightly")])
    (folder / "my.yaml").write_text(WORKLOAD, encoding="utf-8")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
