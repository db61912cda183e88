#!/usr/bin/python3
"""Validates files of exact counts against results/schema/counts-1.json: validate_counts.py FILE…

Beyond the schema: unnamed fields are typos, cases are sorted and have a line each (a reference is read as a diff), no id comes twice, and
every count is a multiple of 2^-14, as a difference over so many ops must be.
"""
import pathlib
import re
import sys

import jsonschema
import validate_record

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "results" / "schema" / "counts-1.json"


def validator():
    schema = validate_record.load(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(schema)
    for part in (schema, schema["properties"]["toolchain"]):
        part["additionalProperties"] = False
    schema["$defs"]["case"]["unevaluatedProperties"] = False
    return jsonschema.Draft202012Validator(schema)


def natural(text):
    """n=2 before n=10."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", text)]


def complaints(path, check):
    counts = validate_record.load(path)
    found = [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in check.iter_errors(counts)]
    if found:
        return found
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r'"[^"]*/', line)]
    ids = [line.split('"')[1] for line in lines]
    if ids != list(counts["cases"]):
        found.append("cases: not one line each, or one comes twice")
    if ids != sorted(ids, key=natural):
        found.append("cases: not sorted")
    for name, case in counts["cases"].items():
        for metric, value in case.get("counts", {}).items():
            if value != "varies" and value * 2**14 != int(value * 2**14):
                found.append(f"{name}: {metric} is {value}, no multiple of 2^-14")
    return found


def main(paths):
    if not paths:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    check = validator()
    failed = False
    for path in map(pathlib.Path, paths):
        try:
            found = complaints(path, check)
        except (OSError, ValueError) as error:
            found = [str(error)]
        for complaint in found:
            print(f"{path}: {complaint}", file=sys.stderr)
        failed = failed or bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
