"""The arithmetic of scripts/emulation-cost: known CPU times, known verdicts.

Run by tests/cli/test_selfbench.sh; alone: python3 tests/tools/test_emulation_cost.py
"""
import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import unittest
from unittest import mock

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/emulation-cost"
loader = importlib.machinery.SourceFileLoader("emulation_cost", str(SCRIPT))
cost = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(cost)


def pairs(*ratios):
    """Rounds of these ratios: starting takes 0.5 s with the plugin and 0.25 s without, the ops alone 2 s."""
    return [((0.5 + 2 * one, 0.5), (2.25, 0.25)) for one in ratios]


class Ratios(unittest.TestCase):
    def test_starting_falls_out(self):
        self.assertEqual(cost.ratio((3.5, 0.5), (2.25, 0.25)), 1.5)

    def test_ops_too_few_to_tell_are_refused(self):
        with self.assertRaisesRegex(ValueError, "too few to tell"):
            cost.ratio((3.5, 0.5), (0.25, 0.25))


class Verdicts(unittest.TestCase):
    def test_a_case_is_the_median_of_its_rounds(self):
        lines, good = cost.judge({"a": pairs(1.25, 9, 1)})
        self.assertTrue(good)
        self.assertIn("1.25  [1.00, 9.00]", lines[0])
        self.assertIn("1.25  right: below 1.5  ok", lines[-1])

    def test_the_mean_over_cases_is_geometric(self):
        lines, good = cost.judge({"a": pairs(2), "b": pairs(0.5)})
        self.assertTrue(good)
        self.assertIn(" 1.00  right", lines[-1])

    def test_the_limit_itself_is_too_much(self):
        self.assertTrue(cost.judge({"a": pairs(1.49)})[1])
        lines, good = cost.judge({"a": pairs(1.5)})
        self.assertFalse(good)
        self.assertIn("NOT so", lines[-1])


class Command(unittest.TestCase):
    def run_main(self, measured):
        with mock.patch.object(sys, "argv", ["emulation-cost", "build/native"]), mock.patch.object(cost, "measure", measured):
            with contextlib.redirect_stdout(io.StringIO()) as out:
                return cost.main(), out.getvalue()

    def test_both_ways_are_run_by_turns(self):
        calls = []

        def cpu_seconds(command):
            calls.append(command)
            return float(command[-1])  # a second an op

        with mock.patch.object(cost, "cpu_seconds", cpu_seconds):
            found = cost.measure(pathlib.Path("b"), "arm64")
        self.assertEqual([len(rounds) for rounds in found.values()], [cost.ROUNDS] * len(cost.CASES))
        self.assertEqual(found["harness/chain/add"][0], ((2e9, cost.FEW), (2e9, cost.FEW)))
        self.assertEqual(["--plugins" in command for command in calls], [True, False] * (len(calls) // 2))
        self.assertTrue(all("arm64" in command for command in calls))

    def test_the_verdict_is_the_exit_status(self):
        self.assertEqual(self.run_main(lambda build, arch: {"a": pairs(1.2)})[0], 0)
        self.assertEqual(self.run_main(lambda build, arch: {"a": pairs(1.7)})[0], 1)

    def test_without_a_plugin_nothing_is_judged(self):
        def none(build, arch):
            raise cost.NoPlugin("QEMU is static")

        self.assertEqual(self.run_main(none), (0, "what counting costs cannot be told: QEMU is static\n"))


if __name__ == "__main__":
    unittest.main()
