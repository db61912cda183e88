#!/usr/bin/python3
"""Validates run records against results/schema/run-1.json, and their digests: validate_record.py [--lenient] FILE…

The schema lets anyone add fields; our own records must not have any that it does not name, or a typo would pass. So unless
--lenient is given, every object that lists its properties is closed first.
"""
import copy
import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "results" / "schema" / "run-1.json"


def close(node):
    """Forbids unnamed members in every schema that says {"type": "object", "properties": …}."""
    if isinstance(node, dict):
        kinds = node.get("type", [])
        if "properties" in node and ("object" == kinds or "object" in kinds):
            node.setdefault("additionalProperties", False)
        for child in node.values():
            close(child)
    elif isinstance(node, list):
        for child in node:
            close(child)


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


def load(path):
    with open(path, encoding="utf-8") as stream:
        return json.load(stream, parse_constant=refuse_constant)


def validator(strict=True):
    """A validator of records; strict ones also refuse fields that the schema does not name."""
    schema = load(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(schema)
    if strict:
        schema = copy.deepcopy(schema)
        close(schema)
    return jsonschema.Draft202012Validator(schema)


def spell(value):
    """Compact JSON with sorted keys and 12 digits: what the digest is made of (docs/formats.md)."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{spell(key)}:{spell(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(spell(item) for item in value) + "]"
    if isinstance(value, float):
        digits, _, exponent = f"{value:.12g}".partition("e")
        if exponent:
            return f"{digits}e{int(exponent)}"
        return digits if "." in digits else digits + ".0"
    return json.dumps(value, ensure_ascii=False)


def digest(record):
    state = 0xCBF29CE484222325
    for part in [record["run"], record["machine"], record["build"], *record["cases"]]:
        for byte in spell(part).encode():
            state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"fnv1a64:{state:016x}"


def beyond_schema(record):
    """What JSON Schema cannot say: counts that must agree with each other."""
    ids = [case["id"] for case in record["cases"]]
    for name in sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) != len(ids) else []:
        yield f"cases: {name} is there twice"
    for case in record["cases"]:
        if case["rounds"] != len(case["round_facts"]):
            yield f"{case['id']}: rounds is {case['rounds']}, but there are facts of {len(case['round_facts'])}"
        ok = {facts["round"] for facts in case["round_facts"] if facts["status"] == "ok"}
        for name, metric in case["metrics"].items():
            numbers = [entry["round"] for entry in metric["rounds"]]
            if numbers != sorted(set(numbers)) or not set(numbers) <= ok:
                yield f"{case['id']}: {name}: rounds {numbers} are not among those that ended ok, {sorted(ok)}"
            p50 = metric["p50"]
            if p50 is not None and p50.get("lo") is not None and not p50["lo"] <= p50["value"] <= p50["hi"]:
                yield f"{case['id']}: {name}: p50 {p50['value']} is outside {p50['lo']} … {p50['hi']}"


def complaints(record, check, sealed=False):
    errors = sorted(check.iter_errors(record), key=lambda error: list(map(str, error.absolute_path)))
    if errors:
        return [f"{'.'.join(map(str, error.absolute_path)) or 'record'}: {error.message[:300]}" for error in errors]
    found = list(beyond_schema(record))
    if sealed and record["digest"] != digest(record):
        found.append(f"digest: is {record['digest']}, the content's is {digest(record)}")
    return found


def main(arguments):
    strict = "--lenient" not in arguments
    paths = [argument for argument in arguments if argument != "--lenient"]
    if not paths:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    check = validator(strict)
    failed = False
    for path in paths:
        try:
            found = complaints(load(path), check, sealed=True)
        except (OSError, ValueError) as error:
            found = [str(error)]
        for complaint in found:
            print(f"{path}: {complaint}", file=sys.stderr)
        failed = failed or bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
