#!/usr/bin/python3
"""Makes the records of a project's runs over twelve days for tests of histories: make_history.py FOLDER.

Figures, dates and commits are those that a test wants to see told; everything else is the golden record's, and each digest is right.
"""
import copy
import pathlib
import random
import sys

from make_records import counted_case, ended_case, noisy, save, template, timed_case

RUNS = 12


def series(seed, centre, change=lambda run: 1, share=0.004):
    """A value a run: noise of a known size around what the case costs by then."""
    draw = random.Random(seed)
    return [centre * change(run) * (1 + draw.gauss(0, share)) for run in range(RUNS)]


TIMED = {
    "syscall/getppid/raw": series(1, 90, lambda run: 1.12 if run >= 8 else 1),  # a regression
    "barrier/fence/seq-cst": series(2, 6.5),  # nothing
    "alloc/malloc/libc/n=64": series(3, 20, lambda run: 1.5 if run == 5 else 1),  # one bad run
    "fill/zero/memset/n=4096": series(4, 2400, lambda run: 1.08 if 4 <= run < 8 else 1),  # a slip that was mended
    "equal/memcmp/libc/n=16": series(5, 3.1, lambda run: 1 + 0.0005 * run),  # a drift within the noise
}


def cases(timed, counted, run, evidence="measured"):
    made = [timed_case(timed, name, noisy(values[run], 0.002), evidence) for name, values in TIMED.items()]
    if run == 6:
        made[1] = ended_case(timed, "barrier/fence/seq-cst", "faulted", "SIGSEGV at 0x0")
    made.append(counted_case(counted, "abi/args-int/direct/n=6", 12 if run < 5 else 13))
    made.append(counted_case(counted, "abi/args-int/direct/n=7", 14, varies=run == 3))
    made.append(ended_case(timed, "barrier/fence/dmb-ish", "skipped", "needs ARM64"))
    return made


def name_run(record, run, commit):
    record["run"].update(id=f"{0x66320000 + run:08x}-0000-4000-8000-{run:012x}", started=f"2024-05-{run + 1:02d}T02:00:00Z",
                         finished=f"2024-05-{run + 1:02d}T02:01:00Z", commit=commit, seed=str(run))


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[0])
    (folder / "hardware").mkdir(parents=True, exist_ok=True)
    (folder / "emulated").mkdir(exist_ok=True)
    head, timed, counted = template()
    for run in range(RUNS):
        record = copy.deepcopy(head)
        name_run(record, run, f"{run + 1:02x}" * 20)
        record["build"]["version"] = "12.2.0" if run < 8 else "13.2.0"
        record["cases"] = cases(timed, counted, run)
        save(record, folder / "hardware" / f"{run:02d}.json")
    for run in range(3):
        record = copy.deepcopy(head)
        name_run(record, 0x40 + run, f"{run + 1:02x}" * 20)
        record["run"]["started"] = f"2024-05-{run + 1:02d}T03:00:00Z"
        record["machine"].update(arch="arm64", id="1111111111111111",
                                 executed_by={"kind": "emulator", "name": "qemu-aarch64", "version": "7.2.22", "host_arch": "x86_64"})
        record["cases"] = cases(timed, counted, run, "emulated")
        save(record, folder / "emulated" / f"{run:02d}.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
