#!/usr/bin/python3
"""Makes what the report's tests look at: make_report_records.py FOLDER.

tests/golden/report has two real records of the same cases, one measured on x86_64 and one of arm64 under QEMU, with figures of five digits and without
what no test looks at, so that they are small. Out of the first this makes a record as hardware of another ISA could have left it: every time is
multiplied by what the case's name says. And one whose texts try to become part of the page; and a trend.
"""
import copy
import json
import pathlib
import sys
import zlib

from validate_record import digest, load

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "report"
TIMES = {"value", "lo", "hi", "min", "max", "mean", "sd", "mad", "gross", "net", "reference", "p50", "p95", "p99", "p999"}
HOSTILE = "</script><b>injected</b><script>globalThis.injected = 1</script><!-- ' \" & \\"


def factor(name):
    """0.5 … 2 by the case's name, and one that stands out."""
    return 8.5 if name == "syscall/getppid/raw" else 2 ** (zlib.crc32(name.encode()) % 2000 / 1000 - 1)


def number(value):
    value = float(f"{value:.6g}")
    return int(value) if value == int(value) and abs(value) < 2**53 else value


def scale(node, by):
    """Multiplies all times below `node`."""
    for key, value in node.items():
        if key == "sketch" and value is not None:
            node[key] = [number(one * by) for one in value]
        elif key in TIMES and isinstance(value, (int, float)):
            node[key] = number(value * by)
        elif isinstance(value, dict):
            scale(value, by)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    scale(one, by)


def save(record, path):
    record["digest"] = digest(record)
    path.write_text(json.dumps(record), encoding="utf-8")


def make_other(record):
    """The same cases on made-up hardware of another ISA."""
    other = copy.deepcopy(record)
    other["machine"].update(arch="arm64", id="0123456789abcdef")
    other["machine"]["cpu"].update(vendor="Nobody", model="Made-up core, for a test", features=["neon"])
    for case in other["cases"]:
        for name in ("time", "time_per_item"):
            if name in (case["metrics"] or {}):
                scale(case["metrics"][name], factor(case["id"]))
    return other


def make_hostile(record):
    hostile = copy.deepcopy(record)
    hostile["machine"]["cpu"]["model"] = HOSTILE
    hostile["run"]["command"] = HOSTILE
    for case in hostile["cases"]:
        if case["status"] == "skipped":
            case["reason"] = HOSTILE
    case = next(case for case in hostile["cases"] if case["status"] == "ok")
    case.update(id=f"{case['family']}/{case['kernel']}/<b>i", variant="<b>i", params={"n": "</script>"})
    case["warnings"] = [HOSTILE]
    return hostile


def make_trend():
    """Twelve runs of a case: quiet, one of them without a value, then a fifth slower."""
    points = []
    for day in range(12):
        value = (100 if day < 7 else 120) + (day * 7 % 5 - 2) * 0.4
        points.append({"run": f"r{day}", "started": f"2024-05-{day + 1:02}T08:00:00Z", "commit": f"{day:040x}", "p50": value, "lo": value - 1, "hi": value + 1, "n": 5})
    points[3].update(p50=None, lo=None, hi=None, reason="faulted: SIGSEGV")
    series = {"case": "syscall/getppid/raw", "metric": "time", "unit": "ns/op", "evidence": "measured", "arch": "x86_64", "machine": "0123456789abcdef", "points": points,
              "band": {"lo": 98.5, "hi": 101.5}, "changes": [{"index": 7, "run": "r7", "from": 100, "to": 120, "p": 0.0004}]}
    return {"schema": "transept.trend/1", "series": [series]}


def main(arguments):
    if len(arguments) != 2:
        print("usage: make_report_records.py FOLDER", file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[1])
    record = load(GOLDEN / "x86_64.json")
    save(make_other(record), folder / "other.json")
    save(make_hostile(record), folder / "hostile.json")
    (folder / "trend.json").write_text(json.dumps(make_trend()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
