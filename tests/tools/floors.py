#!/usr/bin/python3
"""Noise floors for tests: floors.py make RECORD SHARE FILE writes those of the record's machine, the same for all its cases;
floors.py change REPEATS SHARE FILE lets its floors be these, of so many repeats; floors.py check FILE… holds files to
results/schema/floors-1.json."""
import json
import pathlib
import sys

import jsonschema
import validate_record

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "results" / "schema" / "floors-1.json"


def digest(floors):
    state = 0xCBF29CE484222325
    for byte in validate_record.spell({key: value for key, value in floors.items() if key != "digest"}).encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"fnv1a64:{state:016x}"


def make(record, share, path):
    record = validate_record.load(pathlib.Path(record))
    alarms = {"judged": 1, "slower": 0, "faster": 0}
    floors = {"schema": "transept.floors/1", "arch": record["machine"]["arch"], "machine": record["machine"]["id"],
              "made": "2024-05-01T12:34:56Z", "version": "0.1.0", "repeats": 3, "rounds": 3, "threshold": 0.01,
              "false_alarms": {"between": alarms, "paired": alarms},
              "cases": {case["id"]: {"between": float(share), "paired": float(share), "repeats": 3} for case in record["cases"]}}
    floors["digest"] = digest(floors)
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


def change(repeats, share, path):
    path = pathlib.Path(path)
    floors = validate_record.load(path)
    for floor in floors["cases"].values():
        floor.update(repeats=int(repeats), between=float(share))
    floors["digest"] = digest(floors)
    path.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")


def check(paths):
    schema = validate_record.load(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in paths:
        floors = validate_record.load(pathlib.Path(path))
        jsonschema.Draft202012Validator(schema).validate(floors)
        if floors["digest"] != digest(floors):
            raise ValueError(f"{path}: the digest is {floors['digest']}, not {digest(floors)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"] and len(sys.argv) == 5:
        make(*sys.argv[2:])
    elif sys.argv[1:2] == ["change"] and len(sys.argv) == 5:
        change(*sys.argv[2:])
    elif sys.argv[1:2] == ["check"] and len(sys.argv) > 2:
        check(sys.argv[2:])
    else:
        sys.exit(__doc__)
