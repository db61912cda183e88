#!/usr/bin/python3
"""Validates results of transept workload against results/schema/workload-1.json: validate_workload.py FILE.json [FILE.raw [FILE.csv]]

Beyond the schema: unnamed fields are typos, the digest is right, figures agree with each other, and so do the raw samples and the CSV.
"""
import array
import csv
import math
import pathlib
import sys

import jsonschema
import validate_record

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "results" / "schema" / "workload-1.json"
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999}
OPERATIONS = ["get", "put", "remove"]


def spell_out(node, name):
    """References within a schema by its full name: this library loses it between schemas that are URNs."""
    if isinstance(node, dict):
        if node.get("$ref", "").startswith("#"):
            node["$ref"] = name + node["$ref"]
        for child in node.values():
            spell_out(child, name)
    elif isinstance(node, list):
        for child in node:
            spell_out(child, name)


def validator():
    schemas = {schema["$id"]: schema for schema in map(validate_record.load, (SCHEMA, validate_record.SCHEMA))}
    schema = schemas["urn:transept:workload:1"]
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, part in schemas.items():
        validate_record.close(part)
        spell_out(part, name)
    resolver = jsonschema.RefResolver.from_schema(schema, store=schemas)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def digest(result):
    state = 0xCBF29CE484222325
    for byte in validate_record.spell({key: value for key, value in result.items() if key != "digest"}).encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"fnv1a64:{state:016x}"


def figures(result):
    """Sums that must agree, and quantiles in order."""
    operations = result["operations"]
    kinds = [name for name in operations if name != "all"]
    if operations["all"]["n"] != sum(operations[name]["n"] for name in kinds):
        yield "operations: all is not the sum of its kinds"
    for name, latency in operations.items():
        if latency["n"] != sum(second[name]["n"] for second in result["seconds"]):
            yield f"{name}: the seconds do not sum to the whole"
        values = [latency[quantile] and latency[quantile]["value"] for quantile in QUANTILES]
        values = [value for value in values if value is not None]
        if values != sorted(values):
            yield f"{name}: quantiles out of order: {values}"
        for quantile in QUANTILES:
            estimate = latency[quantile]
            if estimate and estimate.get("lo") is not None and not estimate["lo"] <= estimate["value"] <= estimate["hi"]:
                yield f"{name}: {quantile} lies outside its interval"
    check = result["check"]
    if check["status"] == "passed" and check["put"] - check["replaced"] != check["pairs"]:
        yield "check: what was put less what was replaced is not what is there"


def samples(result, path):
    """The raw samples give the quantiles by rank, and the histogram's differ by no more than it says."""
    content = path.read_bytes()
    if content[:8] != b"TSPRAW1\n":
        yield f"{path}: not raw samples"
        return
    words = array.array("Q", content[8:])
    if sys.byteorder == "big":
        words.byteswap()
    of = {name: sorted(word & (1 << 56) - 1 for word in words if word >> 56 == i) for i, name in enumerate(OPERATIONS)}
    of["all"] = sorted(value for values in list(of.values()) for value in values)
    for name, latency in result["operations"].items():
        values = of[name]
        if len(values) != latency["n"]:
            yield f"{name}: {len(values)} raw samples for {latency['n']} operations"
            continue
        for quantile, p in QUANTILES.items():
            if latency[quantile]["value"] is None:
                continue
            exact = values[max(math.ceil(p * len(values) * (1 - 1e-15)), 1) - 1]
            if latency["raw"][quantile] != exact:
                yield f"{name}: {quantile} of the samples is {exact}, not {latency['raw'][quantile]}"
            if abs(latency[quantile]["value"] - exact) > result["histogram_error"] * exact + 1e-6:
                yield f"{name}: {quantile} {latency[quantile]['value']} is too far from {exact}"
        if values and (values[0], values[-1]) != (latency["min"], latency["max"]):
            yield f"{name}: least and most are not those of the samples"


def table(result, path):
    """The CSV says what the JSON says."""
    with open(path, encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    whole = {row["operation"]: row for row in rows if row["second"] == ""}
    if set(whole) != set(result["operations"]) or len(rows) != len(whole) * (1 + len(result["seconds"])):
        yield f"{path}: rows are missing, or too many"
    for name, row in whole.items():
        latency = result["operations"][name]
        if int(row["n"]) != latency["n"] or row["evidence"] != latency["evidence"]:
            yield f"{path}: {name} differs"


def main(paths):
    if not paths:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    result = validate_record.load(paths[0])
    found = [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator().iter_errors(result)]
    if not found:
        found = list(figures(result))
        if digest(result) != result["digest"]:
            found.append(f"digest: {result['digest']}, and by the content {digest(result)}")
    if not found and len(paths) > 1:
        found += samples(result, pathlib.Path(paths[1]))
    if not found and len(paths) > 2:
        found += table(result, pathlib.Path(paths[2]))
    for complaint in found:
        print(f"{paths[0]}: {complaint}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
