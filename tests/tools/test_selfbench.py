"""The verdicts of scripts/selfbench: known records, known verdicts.

Run by tests/cli/test_selfbench.sh; alone: python3 tests/tools/test_selfbench.py
"""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/selfbench"
loader = importlib.machinery.SourceFileLoader("selfbench", str(SCRIPT))
selfbench = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(selfbench)

ROUNDS = selfbench.LEAST_ROUNDS


def case(name, quiet, usual=None, status="ok"):
    """A case whose rounds have these quiet hundredths, and P50 that are the same unless told."""
    rounds = [
        {"round": number, "p50": {"value": p50}, "sketch": [hundredth] * (selfbench.QUIET + 1) + [p50] * (100 - selfbench.QUIET)}
        for number, (hundredth, p50) in enumerate(zip(quiet, usual or quiet))
    ]
    return {"id": name, "status": status, "reason": "for a reason", "metrics": {"time": {"rounds": rounds, "evidence": "measured"}}}


def record(add=1.0, twice=2.0, mul=3.0, empty=(-0.01, 0.01), arch="x86_64", usual_mul=None, rounds=ROUNDS):
    def some(value):
        return [value] * rounds

    def alternating(pair):
        return [pair[number % 2] for number in range(rounds)]

    return {
        "machine": {"arch": arch},
        "run": {"rounds": rounds},
        "cases": [
            case("harness/chain/add", some(add)),
            case("harness/chain/add-twice", some(twice)),
            case("harness/chain/mul", some(mul), usual_mul and some(usual_mul)),
            case("harness/empty/loop", alternating(empty)),
        ],
    }


def verdict(made):
    """The exit status and the output for a record."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file, contextlib.redirect_stdout(io.StringIO()) as out:
        json.dump(made, file)
        file.flush()
        with mock.patch.object(sys, "argv", ["selfbench", file.name]):
            return selfbench.main(), out.getvalue()


class Medians(unittest.TestCase):
    def test_the_interval_is_the_binomial_s(self):
        # Of 11 values the 2nd and the 10th: 2 · (1 + 11) / 2^11 = 1.2 % outside; the 3rd and the 9th would leave out 6.5 %.
        self.assertEqual(selfbench.median(range(11)), (5, 1, 9))
        # Of 17 the 5th and the 13th (Conover's table A3: 4.9 % outside).
        self.assertEqual(selfbench.median(range(17)), (8, 4, 12))
        self.assertEqual(selfbench.median([2, 1]), (1.5, 1, 2))  # too few for any interval but all there is

    def test_order_does_not_matter(self):
        self.assertEqual(selfbench.median([5, 3, 9, 1, 7, 0, 8, 2, 6, 4, 10]), selfbench.median(range(11)))

    def test_one_wild_round_does_not_matter(self):
        self.assertEqual(selfbench.median([1.0] * 10 + [100.0]), (1.0, 1.0, 1.0))


class Verdicts(unittest.TestCase):
    def test_a_right_record_passes(self):
        status, out = verdict(record())
        self.assertEqual(status, 0, out)
        self.assertEqual(out.count("ok"), 3)
        self.assertIn("chain/mul / chain/add        3.0000  [3.0000, 3.0000]", out)

    def test_one_per_cent_is_the_limit(self):
        self.assertEqual(verdict(record(mul=3.029))[0], 0)
        self.assertEqual(verdict(record(mul=2.971))[0], 0)
        for wrong in ({"mul": 3.031}, {"mul": 2.969}, {"twice": 2.021}, {"twice": 1.979}, {"add": 1.011}):
            status, out = verdict(record(**wrong))
            self.assertEqual(status, 1, wrong)
            self.assertIn("NOT within 1 %", out)

    def test_a_multiplication_takes_what_it_takes_elsewhere(self):
        status, out = verdict(record(mul=4.0, arch="arm64"))
        self.assertEqual(status, 0, out)
        self.assertIn("nothing to compare with", out)

    def test_a_busy_core_is_seen_and_not_held_against_the_harness(self):
        status, out = verdict(record(usual_mul=3.3))
        self.assertEqual(status, 0, out)
        self.assertIn("P50 3.3000", out)

    def test_nothing_must_be_within_its_interval(self):
        for empty in ((0.01, 0.02), (-0.02, -0.01)):
            status, out = verdict(record(empty=empty))
            self.assertEqual(status, 1)
            self.assertIn("NOT so", out)
        self.assertEqual(verdict(record(empty=(0.0, 0.01)))[0], 0)


class Pairs(unittest.TestCase):
    def test_ratios_are_of_the_same_round(self):
        # The clock halves in the midst: both cases take twice as long, and their ratio stays.
        made = record()
        pace = [1.0] * (ROUNDS // 2) + [2.0] * (ROUNDS - ROUNDS // 2)
        made["cases"][0] = case("harness/chain/add", pace)
        made["cases"][1] = case("harness/chain/add-twice", [2 * one for one in pace])
        made["cases"][2] = case("harness/chain/mul", [3 * one for one in pace])
        status, out = verdict(made)
        self.assertEqual(status, 0, out)

    def test_too_few_rounds_are_refused(self):
        with self.assertRaisesRegex(SystemExit, f"only {ROUNDS - 1} rounds have both .*; {ROUNDS} are the least"):
            verdict(record(rounds=ROUNDS - 1))

    def test_a_missing_or_failed_case_is_named(self):
        made = record()
        made["cases"] = made["cases"][1:]
        with self.assertRaisesRegex(SystemExit, "no case harness/chain/add"):
            verdict(made)
        made = record()
        made["cases"][2]["status"] = "failed"
        with self.assertRaisesRegex(SystemExit, "harness/chain/mul is failed: for a reason"):
            verdict(made)

    def test_a_file_that_is_no_record_is_named(self):
        with mock.patch.object(sys, "argv", ["selfbench", "/nonexistent"]), self.assertRaisesRegex(SystemExit, "/nonexistent"):
            selfbench.main()


if __name__ == "__main__":
    unittest.main()
