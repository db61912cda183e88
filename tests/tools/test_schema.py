"""The schema takes what we write and refuses what we must never write; the CSV says what the JSON says.

test_schema.py GOLDEN-FOLDER: run by tests/cli/test_schema.sh.
"""
import copy
import csv
import json
import pathlib
import sys

import validate_record

COLUMNS = (
    "schema run arch executed_by machine case family kernel variant params status metric unit evidence counter_status ops_per_sample n "
    "rounds p50 p50_lo p50_hi p95 p95_lo p95_hi p99 p99_lo p99_hi min mean sd mad reason"
).split()

TIME = ("cases", 0, "metrics", "time")
DENIED = ("cases", 0, "metrics", "cycles:k")
EXACT = ("cases", 1, "metrics", "instructions")
GONE = object()

# What is done to hardware.json, and what the strict validator must say of it.
MUTATIONS = [
    (("schema",), "transept.run/2", "was expected"),
    (("digest",), GONE, "'digest' is a required property"),
    (("digest",), "md5:0", "does not match"),
    (("run", "seed"), 1, "is not of type 'string'"),
    (("run", "seed"), "-1", "does not match"),
    (("run", "started"), "yesterday", "does not match"),
    (("run", "finished"), None, "True was expected"),
    (("run", "comand"), "x", "Additional properties are not allowed"),
    (("machine", "id"), "my-laptop", "does not match"),
    (("machine", "executed_by"), {"kind": "emulator"}, "'name' is a required property"),
    (("machine", "quiet", "findings", 0, "level"), "bad", "is not one of"),
    (("machine", "topology", "caches", 0, "ways"), 0, "less than the minimum"),
    (("machine", "core_ghz_estimate"), 0, "less than or equal to the minimum"),
    (("build", "optimisation"), "fast", "does not match"),
    (("cases", 0, "id"), "getppid", "does not match"),
    (("cases", 0, "status"), "fine", "is not one of"),
    (("cases", 0, "reason"), "but", "is not of type 'null'"),
    (("cases", 0, "mode"), "batch", "is not one of"),
    (("cases", 0, "ops_per_sample"), None, "is not of type 'integer'"),
    (("cases", 0, "placement", "cpus"), [], "too short"),
    (("cases", 0, "rounds"), 2, "but there are facts of 3"),
    (("cases", 3, "reason"), None, "is not of type 'string'"),  # skipped without a reason
    (("cases", 4, "round_facts", 1, "reason"), None, "is not of type 'string'"),
    (("cases", 4, "round_facts", 1, "metrics"), GONE, "'metrics' is a required property"),
    (("cases", 0, "round_facts", 0, "metrics"), {}, "False schema"),
    (TIME + ("evidence",), GONE, "'evidence' is a required property"),
    (TIME + ("evidence",), "guessed", "is not one of"),
    (TIME + ("better",), "up", "is not one of"),
    (TIME + ("p50",), None, "is not of type 'object'"),
    (TIME + ("p99",), None, "is not of type 'object'"),
    (TIME + ("p99",), {"value": None}, "is not valid under any of the given schemas"),
    (TIME + ("p99",), {"value": None, "needs": 300, "lo": 1}, "is not valid under any of the given schemas"),
    (TIME + ("p50", "lo"), None, "is not valid under any of the given schemas"),
    (TIME + ("p50", "lo"), 1e6, "is outside"),
    (TIME + ("p50", "low"), 1, "is not valid under any of the given schemas"),
    (TIME + ("sd",), -1, "less than the minimum"),
    (TIME + ("n",), 0, "is not of type"),
    (TIME + ("rounds", 0, "sketch"), [1.0], "too short"),
    (TIME + ("rounds", 0, "sketch"), None, "is not of type 'array'"),
    (TIME + ("rounds", 0, "skech"), [], "Additional properties are not allowed"),
    (TIME + ("rounds", 1, "round"), 0, "are not among those"),
    (DENIED + ("reason",), None, "is not of type 'string'"),  # denied without the reason
    (DENIED + ("net",), 0, "is not of type 'null'"),  # a silent zero
    (DENIED + ("status",), "absent", "is not one of"),
    (EXACT + ("sd",), 0.5, "0 was expected"),
    (EXACT + ("nondeterministic",), True, "False was expected"),
    (EXACT + ("evidence",), "measured", "is not one of"),
]


def mutate(record, path, value):
    changed = copy.deepcopy(record)
    place = changed
    for step in path[:-1]:
        place = place[step]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def test_mutations(record):
    check = validate_record.validator()
    for path, value, said in MUTATIONS:
        found = validate_record.complaints(mutate(record, path, value), check)
        assert any(said in complaint for complaint in found), f"{path} = {value!r}: expected '{said}', found {found}"
    doubled = copy.deepcopy(record)
    doubled["cases"].append(doubled["cases"][0])
    assert "is there twice" in validate_record.complaints(doubled, check)[0]
    lenient = validate_record.validator(strict=False)
    added = mutate(record, ("run", "weather"), "fine")
    assert not validate_record.complaints(added, lenient), "a reader must allow fields that it does not know"


def test_words_that_are_not_json(folder):
    for word in ("NaN", "Infinity", "-Infinity"):
        try:
            json.loads(f'{{"value": {word}}}', parse_constant=validate_record.refuse_constant)
        except ValueError:
            continue
        raise AssertionError(f"{word} was taken")
    for path in folder.glob("*.json"):
        assert not any(word in path.read_text(encoding="utf-8") for word in ("NaN", "Infinity", "nan", "inf,"))


def expected_rows(record):
    for case in record["cases"]:
        for name, metric in case["metrics"].items():
            yield case, name, metric
        if not case["metrics"]:
            yield case, "", None


def number(text):
    return float(text) if text else None


def test_csv(folder, name):
    record = validate_record.load(folder / f"{name}.json")
    raw = (folder / f"{name}.csv").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") and raw.endswith(b"\r\n"), "lines of a CSV end in CRLF (RFC 4180)"
    rows = list(csv.reader(raw.decode().splitlines(keepends=True), strict=True))
    assert rows[0] == COLUMNS, rows[0]
    expected = list(expected_rows(record))
    assert len(rows) == len(expected) + 1
    for cells, (case, metric_name, metric) in zip(rows[1:], expected):
        assert len(cells) == len(COLUMNS), cells
        row = dict(zip(COLUMNS, cells))
        params = "/".join(f"{name}={value}" for name, value in case["params"].items())
        assert (row["case"], row["status"], row["params"]) == (case["id"], case["status"], params), row
        assert (row["metric"], row["arch"]) == (metric_name, record["machine"]["arch"]), row
        assert row["reason"] == ((metric or case)["reason"] or case["reason"] or ""), row
        for quantile in ("p50", "p95", "p99"):
            estimate = (metric or {}).get(quantile) or {}
            for column, field in ((quantile, "value"), (f"{quantile}_lo", "lo"), (f"{quantile}_hi", "hi")):
                assert number(row[column]) == estimate.get(field), (column, row)
        for column in ("n", "min", "mean", "sd", "mad") if metric else ():
            assert number(row[column]) == metric[column], (column, row)


def main():
    folder = pathlib.Path(sys.argv[1])
    test_mutations(validate_record.load(folder / "hardware.json"))
    test_words_that_are_not_json(folder)
    for name in ("hardware", "emulated"):
        test_csv(folder, name)
    print(f"{len(MUTATIONS)} mutations refused, CSV and JSON agree")


if __name__ == "__main__":
    main()
