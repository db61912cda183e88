#!/usr/bin/python3
"""Makes run records for tests out of the golden one: make_records.py FOLDER.

The figures are those that a test wants to see compared; everything else is the golden record's, and the digest is right.
"""
import copy
import json
import pathlib
import sys

from validate_record import digest, load

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "record"


def template():
    """A record without cases, a case with a time, and one with counts."""
    record = load(GOLDEN / "hardware.json")
    timed = next(case for case in record["cases"] if case["id"] == "syscall/getppid/raw")
    counted = next(case for case in record["cases"] if case["id"].startswith("abi/"))
    record["cases"] = []
    return record, timed, counted


def name_case(case, name):
    family, kernel, variant, *params = name.split("/")
    pairs = (param.split("=") for param in params)
    case.update(id=name, family=family, kernel=kernel, variant=variant, params={key: int(value) for key, value in pairs})


def spread(case, rounds):
    """Gives the case that many rounds, like its first."""
    facts, entries = case["round_facts"][0], {name: metric["rounds"][0] for name, metric in case["metrics"].items()}
    case["rounds"] = rounds
    case["round_facts"] = [dict(facts, round=number) for number in range(rounds)]
    for name, metric in case["metrics"].items():
        metric["rounds"] = [copy.deepcopy(dict(entries[name], round=number)) for number in range(rounds)]


def timed_case(model, name, values, evidence="measured"):
    """A case whose rounds have these P50, and P95 5 % above."""
    case = copy.deepcopy(model)
    name_case(case, name)
    case["metrics"] = {"time": case["metrics"]["time"]}
    case["warnings"] = []
    spread(case, len(values))
    metric = case["metrics"]["time"]
    metric["evidence"] = evidence
    metric["p50"] = {"value": sorted(values)[len(values) // 2], "lo": min(values), "hi": max(values)}
    for entry, value in zip(metric["rounds"], values):
        entry["evidence"] = evidence
        entry["p50"] = {"value": value, "lo": value, "hi": value}
        entry["p95"] = {"value": value * 1.05, "lo": value - 1, "hi": value + abs(value)}
    return case


def counted_case(model, name, value, varies=False):
    """A case with one exact count, or one that varies."""
    case = copy.deepcopy(model)
    name_case(case, name)
    case["metrics"] = {"instructions": case["metrics"]["instructions"]}
    case["warnings"] = []
    metric = case["metrics"]["instructions"]
    metric.update(nondeterministic=varies, gross=value, net=value, min=value, mean=value, interval="range" if varies else "exact")
    metric["p50"] = {"value": value, "lo": value, "hi": value}
    metric["max"]["value"] = value
    for entry in metric["rounds"]:
        entry.update(nondeterministic=varies, gross=value, net=value, reference=0, min=value, max=value, mean=value)
        entry["p50"]["value"] = value
    return case


def renamed(case, old, name, unit, better):
    """The case's one metric under another name, in another unit."""
    metric = case["metrics"].pop(old)
    metric.update(unit=unit, better=better)
    case["metrics"][name] = metric
    return case


def ended_case(model, name, status, reason):
    case = copy.deepcopy(model)
    name_case(case, name)
    case.update(status=status, reason=reason, metrics={}, warnings=[], rounds=0, round_facts=[], samples=0, check=None, mode=None,
                ops_per_sample=None)
    return case


def noisy(centre, share, rounds=8):
    """Rounds that swing about a centre by a share, the same every time."""
    steps = [0.9, -0.7, 0.3, -1.0, 0.6, -0.2, 1.0, -0.9]
    return [round(centre * (1 + share * steps[i % len(steps)]), 6) for i in range(rounds)]


def save(record, path):
    record["digest"] = digest(record)
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=1)
        stream.write("\n")


def make_pair(folder):
    """first.json and other.json: a case for every verdict."""
    record, timed, counted = template()
    sides = {"first": copy.deepcopy(record), "other": copy.deepcopy(record)}
    for side, factor in (("first", 1), ("other", 1.05)):
        sides[side]["cases"] = [
            timed_case(timed, "barrier/fence/seq-cst", noisy(20 * factor, 0.002)),
            timed_case(timed, "barrier/fence/acquire", noisy(10 / factor, 0.002)),
            timed_case(timed, "barrier/load/relaxed", noisy(1, 0.002)),
            timed_case(timed, "barrier/spin/pause", noisy(40 * (1 + (factor - 1) / 3), 0.02)),
            timed_case(timed, "barrier/store/relaxed", [0.0, 0.1, -0.1, 0.0]),
            counted_case(counted, "abi/args-int/direct/n=6", 12),
            counted_case(counted, "abi/args-int/direct/n=7", 14 if factor == 1 else 15.5),
            counted_case(counted, "abi/args-int/direct/n=8", 16 if factor == 1 else 15),
            counted_case(counted, "abi/args-int/direct/n=9", 18, varies=factor != 1),
        ]
    sides["first"]["cases"].append(timed_case(timed, "syscall/getppid/raw", noisy(90, 0.01)))
    sides["other"]["cases"].append(ended_case(timed, "syscall/getppid/raw", "faulted", "SIGSEGV at 0x0"))
    sides["first"]["cases"].append(timed_case(timed, "syscall/poll/raw", noisy(90, 0.01)))
    sides["other"]["cases"].append(timed_case(timed, "syscall/read/raw", noisy(90, 0.01)))
    for side, made in sides.items():
        save(made, folder / f"{side}.json")
        # Its first case alone, by a name that stands for one of the catalogue and no more: what a test lets a duel confirm.
        one = copy.deepcopy(made)
        one["cases"] = [{**one["cases"][0], "id": "barrier/fence/seq-cst/pending=0", "params": {"pending": 0}}]
        save(one, folder / f"{side}-one.json")
    return sides


def make_others(folder, first):
    """Records that differ from first.json in one thing each."""
    variants = {
        "compiler": lambda record: record["build"].update(version="13.2.0"),
        "machine": lambda record: record["machine"].update(id="0123456789abcdef"),
        "page": lambda record: record["machine"].update(page_bytes=65536),
        "arm64": lambda record: record["machine"].update(id="fedcba9876543210", arch="arm64"),
    }
    for name, change in variants.items():
        record = copy.deepcopy(first)
        change(record)
        save(record, folder / f"{name}.json")
    emulated = copy.deepcopy(first)
    for case in emulated["cases"]:
        for metric in case["metrics"].values():
            if metric["evidence"] == "measured":
                metric["evidence"] = "emulated"
                for entry in metric["rounds"]:
                    entry["evidence"] = "emulated"
    emulated["machine"].update(arch="arm64", id="1111111111111111",
                               executed_by={"kind": "emulator", "name": "qemu-aarch64", "version": "7.2.22", "host_arch": "x86_64"})
    save(emulated, folder / "emulated.json")
    uncounted = copy.deepcopy(emulated)
    uncounted["cases"] = [case for case in uncounted["cases"] if "time" in case["metrics"]]
    save(uncounted, folder / "uncounted.json")
    pool = folder / "pool"
    pool.mkdir(exist_ok=True)
    for number in range(3):
        record = copy.deepcopy(first)
        record["run"]["id"] = f"{number}{record['run']['id'][1:]}"
        save(record, pool / f"{number}.json")
    (pool / "latest.json").unlink(missing_ok=True)
    (pool / "latest.json").symlink_to("2.json")


def make_kinds(folder):
    """kinds-a.json and kinds-b.json: what has no ratio, no better, or a better that is not a time's. mixed-*.json: the same cases with a time
    and a count, with the count alone, and with an emulator's time and the count."""
    record, timed, counted = template()
    for side, second in (("a", False), ("b", True)):
        made = copy.deepcopy(record)
        made["cases"] = [
            counted_case(counted, "abi/args-int/direct/n=6", 5 if second else 0),
            counted_case(counted, "abi/args-int/direct/n=7", 0 if second else 5),
            renamed(timed_case(timed, "barrier/locks/mcs", noisy(0.5 if second else 0.9, 0.002)), "time", "fairness", "least/most", "higher"),
            renamed(counted_case(counted, "layout/fields/record", 16 if second else 8), "instructions", "offset", "bytes", "neither"),
        ]
        save(made, folder / f"kinds-{side}.json")
    for name, time, count in (("timed", "measured", 12), ("counted", None, 13), ("emulated", "emulated", 14)):
        made = copy.deepcopy(record)
        case = counted_case(counted, "barrier/load/relaxed", count)
        if time is not None:
            rounds = timed_case(timed, "barrier/load/relaxed", noisy(20, 0.002), time)
            rounds["metrics"]["instructions"] = case["metrics"]["instructions"]
            case = rounds
        made["cases"] = [case]
        if time == "emulated":
            made["machine"].update(id="1111111111111111", executed_by={"kind": "emulator", "name": "qemu-x86_64", "version": "7.2.22", "host_arch": "x86_64"})
        save(made, folder / f"mixed-{name}.json")


def make_gone(folder):
    """whole.json, and gone.json without ten of its cases and with five that faulted."""
    record, timed, _ = template()
    whole, gone = copy.deepcopy(record), copy.deepcopy(record)
    whole["cases"] = [timed_case(timed, f"syscall/read/raw/n={number}", noisy(90, 0.01)) for number in range(16)]
    gone["cases"] = [copy.deepcopy(whole["cases"][0])]
    gone["cases"] += [ended_case(timed, f"syscall/read/raw/n={number}", "faulted", "<b>at</b> `0x0`|*") for number in range(1, 6)]
    save(whole, folder / "whole.json")
    save(gone, folder / "gone.json")


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[0])
    make_others(folder, make_pair(folder)["first"])
    make_kinds(folder)
    make_gone(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
