"""Our maps beside those that people use, in one interleaved session on one CPU: docs/peers.md.

usage: scripts/peers [--big] [--all] [--sizes N,...] [--rounds N] [--repetitions N] [--cpu N] [--seed N] [--no-thp] [--peer-flags FLAGS]
                     [--build DIR] [--output DIR] [--base PEER] [--markdown] [--write] [--strict]
       scripts/peers --read RECORD.json [--base PEER] [--markdown] [--write] [--strict]

--big (or PEERS_BIG=1) adds 10,000,000 pairs, and --all lets every peer put these. --read prints a record made before instead of measuring.
--write puts the tables into results/reference/peers.md. Exit status: 0 every map was right; 1 one was not, or with --strict a target was
missed; 2 misuse.
"""
import argparse
import json
import os
import pathlib
import random
import signal
import sys

import figures
import programs
import session
import tables
import targets

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SIZES = (1_000, 10_000, 100_000, 1_000_000)
BIG = 10_000_000
MOST_PAIRS = 100_000_000


def sizes_of(text):
    try:
        sizes = sorted({int(word) for word in text.split(",")})
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of numbers like 1000,10000") from None
    if not 1 <= sizes[0] <= sizes[-1] <= MOST_PAIRS:
        raise argparse.ArgumentTypeError(f"sizes are 1 to {MOST_PAIRS} pairs")
    return sizes


def within(low, high):
    def number(text):
        if not text.isdigit() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"'{text}' is not a number from {low} to {high}")
        return int(text)

    return number


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/peers", usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    parser.add_argument("--big", action="store_true", default=os.environ.get("PEERS_BIG", "0") not in ("", "0"))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--sizes", type=sizes_of)
    parser.add_argument("--rounds", type=within(2, figures.MOST_ROUNDS), default=5)
    parser.add_argument("--repetitions", type=within(1, 1000))
    parser.add_argument("--cpu", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=within(0, 2**63 - 1), default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--no-thp", action="store_true")
    parser.add_argument("--peer-flags", default="")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/peers")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "results/peers")
    parser.add_argument("--read", type=pathlib.Path)
    parser.add_argument("--base", default="boost")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strict", action="store_true")
    asked = parser.parse_args()
    if asked.cpu not in os.sched_getaffinity(0):
        parser.error(f"CPU {asked.cpu} is not ours to use; there are {', '.join(map(str, sorted(os.sched_getaffinity(0))))}")
    if asked.sizes is None:
        asked.sizes = list(SIZES) + ([BIG] if asked.big else [])
    return asked


def read(path):
    """A record, or the end with one line."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"scripts/peers: {path}: {error}")
    if not isinstance(record, dict) or record.get("format") != session.FORMAT:
        sys.exit(f"scripts/peers: {path} is no record of scripts/peers ({session.FORMAT})")
    return record


def measure(asked):
    """Builds, runs and keeps the record; returns it."""
    with programs.Build(ROOT, asked.build, asked.peer_flags) as build:
        record = session.run(asked, build)
    asked.output.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=1) + "\n"
    for name in (record["begun"].replace(":", ""), "latest"):
        (asked.output / f"{name}.json").write_text(text, encoding="utf-8")
    print(f"scripts/peers: the samples are in {asked.output}/latest.json", file=sys.stderr)
    return record


def main():
    asked = arguments()
    try:
        record = read(asked.read) if asked.read else measure(asked)
    except programs.Trouble as trouble:
        sys.exit(f"scripts/peers: {trouble}")
    except KeyboardInterrupt:
        sys.exit("scripts/peers: interrupted; nothing is kept")
    known = [peer["name"] for peer in record["peers"]]
    if asked.base not in known:
        print(f"scripts/peers: there is no peer '{asked.base}'; there are {', '.join(known)}", file=sys.stderr)
        return 2
    summary = figures.Summary(record)
    judged = targets.judge(summary)
    if asked.write:
        path = ROOT / "results/reference/peers.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tables.document(record, summary, judged), encoding="utf-8")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever reads only the head is no error
    print(tables.document(record, summary, judged) if asked.markdown else tables.screen(record, summary, judged, asked.base))
    for line in summary.wrong:
        print(f"scripts/peers: WRONG: {line}", file=sys.stderr)
    missed = [one for one in judged if one.verdict == targets.MISSED and not one.aim]
    return 1 if summary.wrong or (asked.strict and missed) else 0


if __name__ == "__main__":
    sys.exit(main())
