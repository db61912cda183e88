"""The arithmetic, verdicts and tables of scripts/peers: known records, known words.

Run by tests/cli/test_peers.sh; alone: python3 tests/tools/test_peers.py
"""
import contextlib
import importlib.util
import io
import json
import math
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts/peers"
sys.path.insert(0, str(SCRIPTS))


def module(name, file):
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / file)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


figures, programs, session, tables, targets = map(importlib.import_module, ("figures", "programs", "session", "tables", "targets"))
peers_main = module("peers_main", "__main__.py")

NAMES = ("putall", "boost", "go", "copy")


def seen(put, lookup=None, allocations=0, sum_="0a", wrong=""):
    """What a peer says of a cell: all repetitions alike but one that is far off, which a median does not mind."""
    one = {"put": [put, put, 100 * put], "batches": 3, "faults": 6, "allocations": allocations, "sum": sum_, "wrong": wrong}
    return one | ({"lookup": [lookup] * 3} if lookup else {})


def cell(n, keys, state, rounds):
    return {"n": n, "keys": keys, "state": state, "huge_kib": 0, "rounds": rounds}


def record(cells, absent=(), left_out=None):
    peers = [{"name": name, "version": "1", "hash": "h", "reused": "kept", "floor": name == "copy"} for name in NAMES if name not in absent]
    return {
        "format": session.FORMAT,
        "begun": "2026-01-02T03:04:05Z",
        "seconds": 1.0,
        "machine": {"cpu": "a CPU", "arch": "x86_64", "kernel": "6", "pinned_to": 1},
        "load_before": 0.1,
        "thp": "always [madvise] never",
        "thp_asked": True,
        "seed": 1,
        "rounds": 3,
        "compiler": "gcc 12",
        "flags": "-O2",
        "tallied": True,
        "peers": peers + [{"name": name, "absent": "no such package"} for name in absent],
        "left_out": left_out or {},
        "cells": cells,
    }


def reused(n, putall, boost=10.0, keys="random", lookups=(3.0, 3.0)):
    """Three rounds in which putall takes the given times, and all else is steady."""
    rounds = [{"putall": seen(time, lookups[0]), "boost": seen(boost, lookups[1]), "copy": seen(1.0, sum_="00")} for time in putall]
    return cell(n, keys, "reused", rounds)


def judged(made):
    return {one.what: one for one in targets.judge(figures.Summary(made))}


class Arithmetic(unittest.TestCase):
    def test_ratio_is_a_geometric_mean_with_students_interval(self):
        ratio = figures.ratio_of([1.0, 2.0, 4.0], [2.0, 2.0, 2.0])
        self.assertAlmostEqual(ratio.value, 1.0)
        # Logarithms -ln 2, 0, ln 2: standard deviation ln 2, over the root of 3, times t of 2 degrees of freedom.
        half = 4.303 * math.log(2) / math.sqrt(3)
        self.assertAlmostEqual(ratio.low, math.exp(-half))
        self.assertAlmostEqual(ratio.high, math.exp(half))
        self.assertAlmostEqual(ratio.percent, 100 * (math.exp(half) - 1))

    def test_rounds_without_one_of_both_do_not_count(self):
        self.assertIsNone(figures.ratio_of([1.0, None], [1.0, 1.0]))
        self.assertAlmostEqual(figures.ratio_of([1.0, None, 4.0], [2.0, 9.0, 8.0]).value, 0.5)

    def test_p50_of_a_round_and_the_median_of_rounds(self):
        summary = figures.Summary(record([reused(1000, (4.0, 5.0, 9.0))]))
        self.assertEqual(summary.medians("putall", 1000, "random", "reused"), [4.0, 5.0, 9.0])
        self.assertEqual(summary.time("putall", 1000, "random", "reused"), 5.0)
        self.assertAlmostEqual(summary.per_pair("putall", 1000, "random", "reused", "faults"), 18 / 9 / 1000)


class Verdicts(unittest.TestCase):
    def test_the_whole_interval_decides(self):
        ratio = figures.Ratio(0.5, 0.4, 0.6)
        self.assertEqual(targets.verdict_of(ratio, 0.6), targets.MET)
        self.assertEqual(targets.verdict_of(ratio, 0.55), targets.UNKNOWN)
        self.assertEqual(targets.verdict_of(ratio, 0.39), targets.MISSED)
        self.assertEqual(targets.verdict_of(ratio, 0.4, least=True), targets.MET)
        self.assertEqual(targets.verdict_of(ratio, 0.5, least=True), targets.UNKNOWN)
        self.assertEqual(targets.verdict_of(ratio, 0.61, least=True), targets.MISSED)
        self.assertEqual(targets.verdict_of(None, 1), targets.UNKNOWN)

    def test_goals_by_size(self):
        found = judged(record([reused(1000, (5.4, 5.4, 5.4)), reused(1_000_000, (5.4, 5.4, 5.4))]))
        self.assertEqual(found["x boost, random, 1 k"].verdict, targets.MET)
        self.assertEqual(found["x boost, random, 1 M"].verdict, targets.MISSED)
        self.assertEqual(found["x boost, random, 1 M"].seen, "0.54 [0.54, 0.54]")
        self.assertEqual(found["aim: x copy, random, 1 k"].verdict, targets.MISSED)
        self.assertTrue(found["aim: x copy, random, 1 k"].aim)

    def test_duplicates_and_lookups(self):
        cells = [reused(1000, (5, 5, 5), lookups=(4.6, 3.0)), reused(1000, (9, 9.1, 9), keys="half"), reused(1000, (11, 11, 11), keys="same")]
        found = judged(record(cells))
        self.assertEqual(found["x boost, lookups, 1 k"].verdict, targets.MISSED)
        self.assertEqual(found["x boost, 50 % duplicates, 1 k"].verdict, targets.MET)
        self.assertEqual(found["x boost, 100 % duplicates, 1 k"].verdict, targets.MISSED)

    def test_go_growing_against_ours_sized(self):
        growing = cell(10_000, "random", "growing", [{"putall": seen(5.0), "go": seen(70.0)}] * 3)
        sized = cell(10_000, "random", "sized", [{"putall": seen(3.0), "go": seen(40.0)}] * 3)
        found = judged(record([growing, sized]))["go growing / putall sized, 10 k"]
        self.assertEqual((found.verdict, found.seen), (targets.MET, "23.3 [23.3, 23.3]"))

    def test_any_allocation_in_a_reused_map_misses(self):
        self.assertEqual(judged(record([reused(1000, (5, 5, 5))]))["allocations, reused, all sizes"].verdict, targets.MET)
        made = record([cell(1000, "half", "reused", [{"putall": seen(5.0, allocations=1)}] * 2)])
        self.assertEqual(judged(made)["allocations, reused, all sizes"].verdict, targets.MISSED)

    def test_a_peer_that_is_absent_is_the_reason(self):
        rounds = [{"putall": seen(5.0, 3.0)}] * 3
        found = judged(record([cell(1000, "random", "reused", rounds)], absent=("boost",)))["x boost, random, 1 k"]
        self.assertEqual((found.verdict, found.seen), (targets.UNKNOWN, "boost is absent: no such package"))


class Wrong(unittest.TestCase):
    def test_what_a_peer_says_and_what_differs(self):
        rounds = [{"putall": seen(1.0), "boost": seen(1.0, sum_="0b"), "go": seen(1.0, wrong="1 pair too few"), "copy": seen(1.0, sum_="00")}]
        self.assertEqual(
            figures.Summary(record([cell(5, "half", "sized", rounds)])).wrong,
            [
                "boost, 5 pairs, keys half, sized, round 1: the checksum 0b is not putall's (0a)",
                "go, 5 pairs, keys half, sized, round 1: 1 pair too few",
            ],
        )

    def status(self, made, *more):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(made, file)
            file.flush()
            arguments = ["peers", "--read", file.name, *more]
            with mock.patch.object(sys, "argv", arguments), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
                return peers_main.main(), said.getvalue()

    def test_exit_status(self):
        self.assertEqual(self.status(record([reused(1000, (5, 5, 5))])), (0, ""))
        late = record([reused(1000, (8, 8, 8))])  # a goal missed
        self.assertEqual(self.status(late)[0], 0)
        self.assertEqual(self.status(late, "--strict")[0], 1)
        # Better than what has to be, not as good as it could be.
        self.assertEqual(self.status(record([reused(1000, (5, 5, 5))]), "--strict")[0], 0)
        bad = record([cell(1000, "random", "reused", [{"putall": seen(1.0), "boost": seen(1.0, sum_="0b")}] * 2)])
        status, said = self.status(bad)
        self.assertEqual(status, 1)
        self.assertIn("scripts/peers: WRONG: boost, 1000 pairs", said)
        self.assertEqual(self.status(late, "--base", "nobody")[0], 2)


class Tables(unittest.TestCase):
    MADE = record([reused(n, (5, 6, 7)) for n in (1000, 10_000, 100_000, 1_000_000, 10_000_000)], absent=("go",), left_out={"10000000": ["glib"]})

    def words(self, make, *more):
        summary = figures.Summary(self.MADE)
        return make(self.MADE, summary, targets.judge(summary), *more)

    def test_screen(self):
        text = self.words(tables.screen, "boost")
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        self.assertIn("putall             0.59 ±52%", text)
        self.assertIn("go             ABSENT: no such package", text)
        self.assertIn("Left out at 10 M, where they take long (--all): glib.", text)
        self.assertRegex(text, r"x boost, random, 1 k +<= 0.55 +0.59 \[0.39, 0.90\] +cannot tell")

    def test_document(self):
        text = self.words(tables.document)
        self.assertIn("| putall | 6.00 (0.59 ±52%; 1.00 ±0%) |", text)
        self.assertIn("| go | ABSENT: no such package |", text)


class Programs(unittest.TestCase):
    def test_without_go_there_is_a_reason(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(programs.shutil, "which", return_value=None):
            build = programs.Build(SCRIPTS.parents[1], pathlib.Path(folder), "")
            build._go()
            self.assertEqual(build.no_go, "no program go (golang-go)")
            self.assertEqual(len(build.commands()), 1)

    def test_what_takes_long_is_left_out_by_name(self):
        hello = {"peers": [{"name": name} for name in ("putall", "putall/swar", "boost", "std")] + [{"name": "glib", "absent": "?"}]}
        self.assertEqual(session.chosen(hello, 1_000_000, False), (["putall", "putall/swar", "boost", "std"], []))
        self.assertEqual(session.chosen(hello, 10_000_000, False), (["putall", "boost"], ["putall/swar", "std"]))
        self.assertEqual(session.chosen(hello, 10_000_000, True)[1], [])


if __name__ == "__main__":
    unittest.main()
