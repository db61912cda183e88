"""The judge of counted invariants: known counts, known verdicts.

Run by tests/cli/test_invariants.sh; alone: python3 tests/tools/test_invariants.py
"""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import invariants  # noqa: E402


def case(name, value, status="ok", evidence="counted", nondeterministic=False):
    metric = {"p50": {"value": value}, "evidence": evidence, "nondeterministic": nondeterministic}
    ok = status == "ok"
    return {"id": name, "status": status, "reason": None if ok else "for a reason", "metrics": {"m": metric} if ok else None}


def row(*values):
    return [case(f"f/k/v/n={n}", value) for n, value in enumerate(values)]


def wrong(line, cases):
    (invariant,) = invariants.parse("all m " + line)
    return invariants.judge(invariant, invariants.Records([{"cases": cases}]))


class Relations(unittest.TestCase):
    def holds(self, line, cases):
        self.assertEqual(wrong(line, cases), [])

    def breaks(self, line, cases, count=1):
        self.assertEqual(len(wrong(line, cases)), count, wrong(line, cases))

    def test_a_number(self):
        self.holds("f/k/v/n=* = 2", row(2, 2, 2))
        self.breaks("f/k/v/n=* = 2", row(2, 2.0625, 1), 2)
        self.holds("f/k/v/n=* = 2 within 0.2", row(2, 2.0625))
        self.breaks("f/k/v/n=* = 2 within 0.2", row(2, 1.75))
        self.holds("f/k/v/n=0 >= 2", row(2))
        self.breaks("f/k/v/n=0 > 2", row(2))
        self.breaks("f/k/v/n=0 <= 1", row(2))

    def test_cases_in_order(self):
        self.holds("f/k/v/n=0 <= f/k/v/n=1 <= f/k/v/n=2", row(1, 2, 2))
        self.breaks("f/k/v/n=0 <= f/k/v/n=1 <= f/k/v/n=2", row(1, 3, 2))
        self.breaks("f/k/v/n=0 < f/k/v/n=1", row(2, 2))
        self.holds("f/k/v/n=0 < f/k/v/n=1 within 0.5", row(2, 3))
        self.breaks("f/k/v/n=0 < f/k/v/n=1 within 0.5", row(2, 2.4))
        self.holds("f/k/v/n=1 > f/k/v/n=0 within 0.5", row(2, 3))
        self.breaks("f/k/v/n=1 > f/k/v/n=0 within 0.5", row(2, 2.4))
        self.breaks("f/k/v/n=* = f/k/v/n=0", row(2, 3, 4), 2)

    def test_where_a_row_rises(self):
        line = "f/k/v/n=* rises first at 2"
        self.holds(line, row(1, 1, 2, 2, 3))
        self.breaks(line, row(1, 2, 3, 4))  # too early
        self.breaks(line, row(1, 1, 1, 2))  # too late
        self.breaks(line, row(1, 1, 3, 2))  # and falls
        self.holds("f/k/v/n=* rises first at 2 within 0.2", row(1, 1.0625, 2.0625, 3.125))
        self.breaks(line, row(1, 1))  # nothing there to rise

    def test_steps(self):
        self.holds("f/k/v/n=* steps <= 1", row(3, 4, 4, 5))
        self.breaks("f/k/v/n=* steps <= 1", row(3, 5, 6))
        self.breaks("f/k/v/n=* steps <= 1", row(3, 2))
        self.breaks("f/k/v/n=* steps <= 1", row(3))

    def test_sums(self):
        self.holds("f/k/v/n=* sums to 2 over 3", row(0, 1, 1))
        self.breaks("f/k/v/n=* sums to 3 over 3", row(0, 1, 1))
        self.breaks("f/k/v/n=* sums to 2 over 4", row(0, 1, 1))


class Evidence(unittest.TestCase):
    def test_only_exact_counts_count(self):
        for bad in (case("f/k", 1, nondeterministic=True), case("f/k", 1, evidence="measured"), case("f/k", 1, status="failed")):
            self.assertEqual(len(wrong("f/k = 1", [bad])), 1)
        self.assertEqual(len(wrong("f/other = 1", [case("f/k", 1)])), 1)

    def test_what_is_skipped_is_neither_held_nor_broken(self):
        with self.assertRaisesRegex(invariants.Absent, "for a reason"):
            wrong("f/k = 1", [case("f/k", 1, status="skipped")])
        self.assertEqual(len(wrong("f/k/v/n=* = 1", [case("f/k/v/n=0", 1), case("f/k/v/n=1", 1, status="skipped")])), 1)


class Table(unittest.TestCase):
    def test_mistakes_are_named(self):
        for line in ("vax m f/k = 1", "all m f/k", "all m f/k is 1", "all m f/k = 1 <", "all m f/k rises first at x"):
            with self.assertRaisesRegex(invariants.TableError, "line 1"):
                invariants.parse(line)

    def test_a_line_may_have_a_number_for_each_isa(self):
        table = invariants.parse("all m f/a = 0 1 2 3 4 5")
        self.assertEqual([(i.archs, i.relation[1]) for i in table], [((a,), str(n)) for n, a in enumerate(invariants.ARCHS)])
        with self.assertRaises(invariants.TableError):
            invariants.parse("all m f/a = 0 1 2 3 4")

    def test_a_plan_has_each_family_once(self):
        table = invariants.parse("all m f/a = 1 # why\n\nx86_64 m f/b <= f/c\narm64 m f/d = 1\nall line-crossings+m g/a = 1\n")
        self.assertEqual(invariants.plan(table, "x86_64"), [("f", "by=block", "f/a,f/b,f/c"), ("g", "accesses=on", "g/a")])

    def test_the_real_one_speaks_of_every_isa(self):
        table = invariants.parse((HERE / "invariants.txt").read_text(encoding="utf-8"))
        for arch in invariants.ARCHS:
            self.assertTrue(invariants.plan(table, arch))


if __name__ == "__main__":
    unittest.main()
