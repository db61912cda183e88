"""The session: rounds of fresh processes, and in each of them every cell in an order of its own."""
import dataclasses
import datetime
import os
import pathlib
import random
import sys
import time

import programs

FORMAT = "transept-peers-1"
HUGE_FROM = 1_000_000  # pairs: from here on the processes ask for huge pages
SLOW_FROM = 10_000_000
SLOW = ("putall/", "bucket-loop", "std", "uthash", "glib")
# Repetitions of a round for sizes up to so many pairs; beyond, the last.
REPETITIONS = ((10_000, 30), (100_000, 10), (1_000_000, 3), (None, 2))
KINDS = (("random", "growing"), ("random", "sized"), ("random", "reused"), ("half", "reused"), ("same", "reused"))


@dataclasses.dataclass(frozen=True)
class Cell:
    """What is measured at once: so many pairs with such keys into a map in such a state."""

    n: int
    keys: str
    state: str


def repetitions_of(n):
    return next(count for most, count in REPETITIONS if most is None or n <= most)


def is_slow(name):
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in SLOW)


def _text(path):
    try:
        return pathlib.Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def cpu_model():
    for line in _text("/proc/cpuinfo").splitlines():
        if line.startswith(("model name", "uarch", "cpu\t")):
            return line.split(":", 1)[1].strip()
    return os.uname().machine


def chosen(hello, n, everything):
    """The names that take part at this size, and those that do not because they would take too long."""
    names = [peer["name"] for peer in hello["peers"] if "absent" not in peer]
    out = [] if everything or n < SLOW_FROM else [name for name in names if is_slow(name)]
    return [name for name in names if name not in out], out


class Session:
    """Collects what the programs say."""

    def __init__(self, asked, build):
        self.asked, self.build = asked, build
        self.chance = random.Random(asked.seed)
        self.peers, self.about, self.left_out = {}, {}, {}
        self.cells = {Cell(n, *kind): [] for n in asked.sizes for kind in KINDS}
        self.huge = {}

    def meet(self, program):
        for peer in program.hello["peers"]:
            self.peers[peer["name"]] = peer
        for word in ("compiler", "flags", "tallied"):
            if word in program.hello:
                self.about.setdefault(f"{word}", program.hello[word])

    def part(self, huge):
        """A round's cells of one page size, in fresh processes."""
        cells = [cell for cell in self.cells if (cell.n >= HUGE_FROM) == huge]
        if not cells:
            return
        running = [programs.Program(command, self.asked.cpu, huge and not self.asked.no_thp) for command in self.build.commands()]
        try:
            for program in running:
                self.meet(program)
            self.chance.shuffle(cells)
            for cell in cells:
                self.chance.shuffle(running)
                self.one(cell, running)
        finally:
            for program in running:
                program.close()

    def one(self, cell, running):
        seed = self.chance.getrandbits(63)  # the same batches for all
        both = {}
        for program in running:
            names, out = chosen(program.hello, cell.n, self.asked.all)
            if out:
                self.left_out.setdefault(str(cell.n), {}).update(dict.fromkeys(out))
            seen, huge = program.cell(cell, self.asked.repetitions or repetitions_of(cell.n), seed, names)
            both |= seen
            if huge is not None:
                self.huge[cell] = max(huge, self.huge.get(cell, -1))
        self.cells[cell].append(both)

    def record(self, begun, seconds):
        if self.build.no_go:
            self.peers["go"] = {"name": "go", "absent": self.build.no_go}
        return {
            "format": FORMAT,
            "begun": begun,
            "seconds": round(seconds, 1),
            "machine": {"cpu": cpu_model(), "arch": os.uname().machine, "kernel": os.uname().release, "pinned_to": self.asked.cpu},
            "load_before": self.about["load"],
            "thp": _text("/sys/kernel/mm/transparent_hugepage/enabled").strip() or "no such file",
            "thp_asked": not self.asked.no_thp,
            "seed": self.asked.seed,
            "rounds": self.asked.rounds,
            "compiler": self.about["compiler"],
            "flags": self.about["flags"].strip(),
            "tallied": self.about["tallied"],
            "peers": list(self.peers.values()),
            "left_out": {n: list(names) for n, names in self.left_out.items()},
            "cells": [dataclasses.asdict(cell) | {"huge_kib": self.huge.get(cell), "rounds": seen} for cell, seen in self.cells.items()],
        }


def run(asked, build):
    """Measures; returns the record."""
    begun = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    session = Session(asked, build)
    session.about["load"] = os.getloadavg()[0]
    start = time.monotonic()
    for number in range(asked.rounds):
        parts = [False, True]
        session.chance.shuffle(parts)
        for huge in parts:
            session.part(huge)
        print(f"scripts/peers: round {number + 1} of {asked.rounds}, {time.monotonic() - start:.0f} s", file=sys.stderr)
    return session.record(begun, time.monotonic() - start)
