"""The arithmetic and the verdicts of scripts/proof, on figures whose answers are known.

Run by tests/cli/test_selfbench_proof.sh; alone: JUDGE=build/native/bench/peers/transept_judge python3 tests/tools/test_proof.py
"""
import contextlib
import importlib.util
import io
import os
import pathlib
import sys
import tempfile
import types
import unittest
from unittest import mock

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts/proof"
sys.path.insert(0, str(SCRIPTS))

import claims
import judges
import peers
import same
import slowdown

spec = importlib.util.spec_from_file_location("proof_main", SCRIPTS / "__main__.py")
proof = importlib.util.module_from_spec(spec)
sys.modules["proof_main"] = proof
spec.loader.exec_module(proof)

JUDGE = os.environ.get("JUDGE", "")
SCIPY = importlib.util.find_spec("scipy") is not None
LEVEL = [10 + 0.01 * (i % 5) for i in range(30)]


def scaled(values, factor):
    return [value * factor for value in values]


def setting():
    return types.SimpleNamespace(judge=JUDGE, seed=1, scaled=lambda count, least: least)


def row(verdict, first=LEVEL, factor=1.0):
    """A row as `transept duel --format json` writes it."""
    pairs = [[a, b] for a, b in zip(first, scaled(first, factor))]
    return {"verdict": verdict, "ratio": {"value": factor}, "rounds": [len(first), len(first)], "pairs": pairs}


def narrow(test, text):
    for line in text.splitlines():
        test.assertLessEqual(len(line), 80, line)


class Shares(unittest.TestCase):
    def test_the_interval_is_clopper_and_pearson_s(self):
        # Of none in n the bound is 1 - 0.025^(1/n); 5 of 100 is in every table: 1.64 to 11.28 %.
        self.assertEqual(claims.binomial_interval(0, 100)[0], 0)
        self.assertAlmostEqual(claims.binomial_interval(0, 100)[1], 1 - 0.025**0.01, 9)
        self.assertAlmostEqual(claims.binomial_interval(100, 100)[0], 0.025**0.01, 9)
        low, high = claims.binomial_interval(5, 100)
        self.assertAlmostEqual(low, 0.01643, 5)
        self.assertAlmostEqual(high, 0.11283, 5)

    def test_they_are_written_in_per_cent(self):
        self.assertEqual(claims.share(5, 100), "5 [1.64, 11.3]")
        self.assertEqual(claims.share(0, 1000), "0 [0, 0.368]")


class Judges(unittest.TestCase):
    cases = [(LEVEL, LEVEL), (LEVEL, scaled(LEVEL, 1.02)), (scaled(LEVEL, 1.02), LEVEL), (LEVEL, scaled(LEVEL, 1.003))]

    @unittest.skipUnless(JUDGE, "JUDGE is not set")
    def test_ours_has_a_threshold(self):
        for paired in (True, False):
            self.assertEqual(judges.ours(self.cases, paired, JUDGE), [0, 1, -1, 0])

    @unittest.skipUnless(JUDGE, "JUDGE is not set")
    def test_ours_tells_pairs_from_records(self):
        drift = [10 * 1.01**i for i in range(30)]
        self.assertEqual(judges.ours([(drift, scaled(drift, 1.02))], True, JUDGE), [1])
        self.assertEqual(judges.ours([(drift, scaled(drift, 1.02))], False, JUDGE), [0])

    @unittest.skipUnless(SCIPY, "scipy is not installed")
    def test_benchstat_has_none(self):
        self.assertEqual(judges.benchstat(self.cases)[:3], [0, 1, -1])
        self.assertEqual(judges.benchstat([(list(range(10, 40)), [x + 0.5 for x in range(30, 60)])]), [1])

    @unittest.skipUnless(SCIPY and judges.COMPARE_PY.exists(), "compare.py or scipy is not installed")
    def test_google_s_program_says_what_its_function_says(self):
        self.assertEqual(judges.google(self.cases, whole=True), judges.google(self.cases, whole=False))
        self.assertEqual(judges.google(self.cases, whole=True)[:3], [0, 1, -1])

    def test_who_is_missing_is_told_once(self):
        part = claims.Part("a", "b")
        absent = pathlib.Path("/nonexistent/compare.py")
        with mock.patch.object(judges, "COMPARE_PY", absent), mock.patch.object(judges, "ours", lambda *_: [0]):
            with mock.patch.object(judges, "benchstat", lambda *_: [0]):
                for _ in range(2):
                    self.assertEqual(list(judges.all_three([(LEVEL, LEVEL)], True, JUDGE, part)), ["transept", "benchstat"])
        self.assertEqual(len(part.lacking), 1)
        self.assertIn("libbenchmark-tools", part.lacking[0])
        self.assertFalse(part.held)


class RealDuels(unittest.TestCase):
    def judged(self, module, verdicts, **others):
        part = claims.Part("a", "b")
        found = {"transept": [9] * len(verdicts), "google-benchmark": [0] * len(verdicts), "benchstat": [1] * len(verdicts)}
        with mock.patch.object(judges, "all_three", lambda *_: found):
            module.judged(part, [row(verdict) for verdict in verdicts], setting())
        narrow(self, claims.text(part))
        return part

    def test_one_false_alarm_in_a_hundred_is_put_up_with(self):
        self.assertTrue(self.judged(same, ["same"] * 99 + ["slower"]).held)
        self.assertFalse(self.judged(same, ["same"] * 98 + ["slower", "faster"]).held)
        self.assertTrue(self.judged(same, ["inconclusive"] * 20).held)
        self.assertEqual(self.judged(same, ["same"] * 50).data["alarms"], {"transept": 0, "google-benchmark": 0, "benchstat": 50})

    def test_a_duel_without_pairs_is_a_duel_that_found_nothing(self):
        part = claims.Part("a", "b")
        broken = row("inconclusive") | {"pairs": [[1.0, None], [None, 2.0]], "ratio": None}
        with mock.patch.object(judges, "all_three", lambda cases, *_: {"benchstat": [1] * len(cases)}):
            slowdown.judged(part, [row("slower")] * 9 + [broken], setting())
        self.assertEqual(part.data["found"], {"benchstat": 9, "transept": 9})
        self.assertIn("90 [", part.claims[0].found)
        self.assertFalse(part.held)

    def test_nothing_to_judge_is_nothing_shown(self):
        part = claims.Part("a", "b")
        same.judged(part, [], setting())
        self.assertFalse(part.held)

    def test_nineteen_of_twenty_must_be_found(self):
        self.assertTrue(self.judged(slowdown, ["slower"] * 19 + ["inconclusive"]).held)
        self.assertFalse(self.judged(slowdown, ["slower"] * 18 + ["inconclusive"] * 2).held)
        self.assertFalse(self.judged(slowdown, ["faster"] * 20).held)  # a difference, and the wrong one


class AgainstOthers(unittest.TestCase):
    def spread(self, ours, theirs, cpu, arch="x86_64"):
        part = claims.Part("a", "b")
        values = {peers.OURS: ours, peers.THEIRS: theirs, peers.THEIR_CPU: cpu}
        found = {(who, kernel): [(v * (3 if kernel == "mul" else 1), 1.0) for v in of] for who, of in values.items() for kernel in peers.KERNELS}
        peers.spread(part, found, arch)
        narrow(self, claims.text(part))
        return part

    def test_spread_is_held_against_the_better_of_their_clocks(self):
        tight, wide = [1, 1.01, 0.99] * 7, [1, 1.04, 0.96] * 7
        self.assertTrue(self.spread(tight, wide, wide).held)
        self.assertFalse(self.spread(tight, wide, tight).held)
        self.assertFalse(self.spread(tight, tight, wide).held)

    def test_bias_is_told_where_the_latency_is_known(self):
        texts = [claim.found for claim in self.spread([1, 1.1], [1, 1.1], [1, 1.1]).claims]
        self.assertIn("+0.00 % (+0.00 to +0.00)", texts)
        self.assertEqual(len(self.spread([1, 1.1], [1, 1.1], [1, 1.1], arch="aarch64").claims), 2)

    def test_a_p50_without_a_logarithm_is_missing(self):
        case = {"id": "harness/chain/add", "status": "ok", "reason": "", "metrics": {"time": {"p50": {"value": 0.3}}}}
        self.assertEqual(peers.reported(case), 0.3)
        for status, value, why in ("ok", None, "too few samples"), ("ok", -0.01, "empty loop"), ("ok", 0, "empty loop"), ("failed", 1.0, "samples"):
            case["status"], case["metrics"]["time"]["p50"]["value"] = status, value
            with self.assertRaisesRegex(judges.Missing, f"harness/chain/add: .*{why}"):
                peers.reported(case)

    def test_steady_is_nine_of_ten_within_one_per_cent(self):
        self.assertTrue(peers.is_steady([1.0] * 9 + [2.0]))
        self.assertFalse(peers.is_steady([1.0] * 8 + [2.0] * 2))
        self.assertTrue(peers.is_steady([1.0, 1.0, 1.0099]))
        self.assertEqual(peers.first_steady([(1, [1, 2, 3]), (2, [1, 1, 1]), (4, [1, 1, 1])]), 2)
        self.assertIsNone(peers.first_steady([(1, [1, 2, 3])]))

    def test_a_quarter_of_their_time(self):
        for ours, theirs, held in ((1, 4, True), (1.01, 4, False), (1, None, True), (None, 4, False), (None, None, False)):
            self.assertEqual(peers.is_sooner(ours, theirs), held)

    def test_starting_is_not_measuring(self):
        part = claims.Part("a", "b")
        found = {(peers.OURS, 1): [(1, 0.35)] * 10, (peers.THEIRS, 1): [(1, 0.5)] * 10, (peers.THEIR_CPU, 1): [(1, 0.5)] * 10}
        peers.steadiness(part, found, {peers.OURS: 0.25, peers.THEIRS: 0.0})
        self.assertTrue(part.held)  # 0.1 s of 0.5 s
        narrow(self, claims.text(part))
        part = claims.Part("a", "b")
        peers.steadiness(part, found, {peers.OURS: 0.0, peers.THEIRS: 0.0})
        self.assertFalse(part.held)


class Simulated(unittest.TestCase):
    def setUp(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("numpy is not installed")
        import simulated

        self.simulated, self.random = simulated, numpy.random.default_rng(1)
        self.count = lambda _, n: numpy.arange(n) / 1000.0
        self.logs = lambda values: (numpy.log(numpy.array(values) / 10) * 1000).round().astype(int).tolist()

    def test_a_duel_takes_neighbours_by_turns(self):
        first, other = map(self.logs, self.simulated.duel(self.random, self.count, 1))
        self.assertTrue(all({a, b} == {2 * pair, 2 * pair + 1} for pair, (a, b) in enumerate(zip(first, other))))
        ahead = [a < b for a, b in zip(first, other)]
        self.assertEqual(sum(ahead), self.simulated.PAIRS // 2)
        self.assertTrue(all(a != b for a, b in zip(ahead[::2], ahead[1::2])))

    def test_records_follow_each_other(self):
        first, other = map(self.logs, self.simulated.records(self.random, self.count, 1))
        self.assertEqual(first + other, list(range(2 * self.simulated.ROUNDS)))
        slower = self.simulated.records(self.random, self.count, 1.5)[1]
        self.assertAlmostEqual(slower[0] / self.simulated.records(self.random, self.count, 1)[1][0], 1.5)

    def test_noises_are_as_many_as_asked(self):
        for noise in self.simulated.NOISES.values():
            self.assertEqual(len(noise(self.random, 40)), 40)

    def test_a_judge_who_cries_wolf_is_refused(self):
        def verdict(one):
            return lambda cases, *_, **__: {name: [one] * len(cases) for name in ("transept", "google-benchmark", "benchstat")}

        for one, held in ((0, True), (1, False), (-1, False)):
            with mock.patch.object(judges, "all_three", verdict(one)):
                part = self.simulated.run(setting())
            self.assertEqual(part.held, held)
            narrow(self, claims.text(part))


class Command(unittest.TestCase):
    def status(self, *parts, write=False):
        """The exit status with parts that found that, and what was printed and written."""
        with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()) as out:
            root = pathlib.Path(root)
            (root / "bench").mkdir()
            (root / "bench/transept").write_text("#!/bin/sh\necho transept 1.2\n", encoding="utf-8")
            (root / "bench/transept").chmod(0o755)
            (root / "results/reference").mkdir(parents=True)
            made = {part.name: lambda _, part=part: part for part in parts}
            argv = ["proof", *(["--write"] if write else []), str(root)]
            with mock.patch.object(proof, "PARTS", made), mock.patch.object(proof, "ROOT", root), mock.patch.object(sys, "argv", argv):
                with mock.patch.object(proof.scipy_here, "make_importable"):
                    code = proof.main()
            written = root / "results/reference/selfbench.md"
            self.assertEqual(len(list(root.glob("results/selfbench/proof/*.json"))), 1)
            return code, out.getvalue(), written.read_text(encoding="utf-8") if written.exists() else None

    @staticmethod
    def part(held, lacking=()):
        part = claims.Part(f"part {held}", "about it", lacking=list(lacking), lines=["as it was said"])
        part.tables.append(("a title", ["one", "two"], [["1", "2"]]))
        part.claim("what", "1 %", "at most 2 %", held)
        return part

    def test_one_claim_that_does_not_hold_is_enough(self):
        self.assertEqual(self.status(self.part(True), self.part(None))[0], 0)
        code, out, _ = self.status(self.part(True), self.part(False))
        self.assertEqual(code, 1)
        self.assertIn("NOT held", out)

    def test_what_was_left_out_is_not_shown(self):
        code, out, _ = self.status(self.part(True, ["compare.py is not there"]))
        self.assertEqual(code, 1)
        self.assertIn("LEFT OUT: compare.py is not there", out)

    def test_the_tables_are_written_on_demand(self):
        self.assertIsNone(self.status(self.part(True))[2])
        text = self.status(self.part(True, ["a thing"]), write=True)[2]
        for words in ("# The proof", "| what | 1 % | at most 2 % | held |", "A title:", "as it was said", "**Left out:** a thing", "transept 1.2"):
            self.assertIn(words, text)

    def test_a_part_that_is_none_is_misuse(self):
        with mock.patch.object(sys, "argv", ["proof", "/", "nothing"]), contextlib.redirect_stderr(io.StringIO()) as err:
            with self.assertRaises(SystemExit) as stop:
                proof.main()
        self.assertEqual(stop.exception.code, 2)
        self.assertIn("there is no part 'nothing'", err.getvalue())


if __name__ == "__main__":
    unittest.main()
