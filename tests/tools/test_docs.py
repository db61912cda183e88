#!/usr/bin/python3
"""Tests of scripts/docs: what its cells, anchors and links are.

Run by tests/cli/test_docs.sh; alone: python3 tests/tools/test_docs.py
"""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/docs"))
import check  # noqa: E402
import counts  # noqa: E402
import links  # noqa: E402
import sections  # noqa: E402
import stage  # noqa: E402


def case(**values):
    return {"status": "ok", "counts": values}


class Cells(unittest.TestCase):
    def test_numbers_keep_what_tells(self):
        for value, text in ((0, "0"), (3, "3"), (156490, "156,490"), (7.0625, "7.06"), (1234.5, "1,234.50"), (0.015625, "0.016"), (-2, "-2")):
            self.assertEqual(counts.number(value), text)

    def test_what_has_no_number_says_so(self):
        self.assertEqual(counts.cell(None, "loads"), "")
        self.assertEqual(counts.cell({"status": "skipped", "reason": "x"}, "loads"), "–")
        self.assertEqual(counts.cell(case(loads="varies"), "loads"), "~")
        self.assertEqual(counts.cell(case(instructions=3), "loads"), "")
        self.assertEqual(counts.cell(case(loads=0, stores=2), "loads", "stores"), "0 · 2")

    def test_names_are_in_the_order_of_their_numbers(self):
        names = ["a/b/c/n=10", "a/b/c/n=2", "a/b/c/n=100"]
        self.assertEqual(sorted(names, key=counts.natural), ["a/b/c/n=2", "a/b/c/n=10", "a/b/c/n=100"])

    def test_a_pair_is_the_op_over_its_pairs(self):
        name = "insert/putall/swar/n=1000/keys=random/state=reused"
        self.assertEqual(counts.a_pair(case(instructions=67500), name, "instructions"), 67.5)
        self.assertIsNone(counts.a_pair(case(instructions="varies"), name, "instructions"))
        self.assertIsNone(counts.a_pair({"status": "skipped"}, name, "instructions"))
        self.assertIsNone(counts.a_pair(None, name, "instructions"))

    def test_only_counts_that_settle_are_in_the_table_of_pairs(self):
        of_all = {f"insert/putall/swar/n={n}/keys=random/state={state}": case() for n in (1000, 100) for state in ("fresh", "reused")}
        found = counts.batches(dict.fromkeys(counts.ARCHS, of_all))
        self.assertEqual([dict(key)["n"] for key in found], ["100", "1000"])
        self.assertTrue(all(name.endswith("reused") for names in found.values() for name in names))


class Sections(unittest.TestCase):
    def test_anchors_are_those_of_code_hosting_sites(self):
        for heading, anchor in (("abi/args-int", "abiargs-int"), ("What a `put` costs: all", "what-a-put-costs-all"), ("syscall/clock_gettime", "syscallclock_gettime")):
            self.assertEqual(sections.anchor(heading), anchor)

    def test_headings_name_kernels(self):
        self.assertEqual(sections.kernels_of("barrier/rmw-add, rmw-cas"), ["barrier/rmw-add", "barrier/rmw-cas"])
        self.assertEqual(sections.kernels_of("abi/a, abi/b"), ["abi/a", "abi/b"])
        for heading in ("What an op is", "Loads, stores", "abi/call costs"):
            self.assertEqual(sections.kernels_of(heading), [])

    def test_a_section_ends_at_its_level_and_not_in_code(self):
        page = "# f\n\n## f/a\nText.\n```\n## f/z\n```\n### More\nm\n## f/b\nB.\n"
        found = sections.of_pages({"f": page})
        self.assertEqual(sorted(found), ["f/a", "f/b"])
        self.assertIn("### More\nm", found["f/a"][2])
        self.assertIn("## f/z", found["f/a"][2])
        self.assertEqual(found["f/b"][2], "B.\n")

    def test_kernels_and_sections_must_meet(self):
        cases = [{"family": "f", "kernel": "a", "variant": "v"}]
        page = {"f": "## f/a\nA text of rather a few words. More.\n"}
        self.assertIn("| [f/a](f.md#fa) | A text of rather a few words | `v` | 1 |  |", sections.index(cases, page))
        self.assertIn("| 1 | [counted](../../results/reference/counts/f.md#fa) |", sections.index(cases, page, {"f/a"}))
        for page, said in (("# f\n", "kernel f/a has no section"), ("## f/a\n\n## f/b\n", "there is no such kernel")):
            with self.assertRaisesRegex(sections.Missing, said):
                sections.index(cases, {"f": page})


class Links(unittest.TestCase):
    def test_code_is_left_alone(self):
        text = "[a](x.md) `[b](y.md)`\n```\n[c](z.md)\n```\n"
        self.assertEqual(links.each(text, lambda target: target.upper()), text.replace("x.md", "X.MD"))

    def test_where_links_lead(self):
        self.assertEqual(links.resolve("docs/a/b.md", "../c.md#d"), ("docs/c.md", "#d"))
        self.assertEqual(links.resolve("docs/a/b.md", "#d"), ("docs/a/b.md", "#d"))
        self.assertEqual(links.resolve("docs/a.md", "../../x"), ("../x", ""))
        for target in ("https://example.org/", "//example.org", "mailto:a@b"):
            self.assertIsNone(links.resolve("docs/a.md", target))

    def test_links_between_pages(self):
        self.assertEqual(links.between("kernels/abi/call.md", "method/counts.md", "#x"), "../../method/counts.md#x")
        self.assertEqual(links.between("index.md", "index.md", "#x"), "#x")

    def test_nothing_outside_the_checkout_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder, "root")
            (root / "docs").mkdir(parents=True)
            pathlib.Path(folder, "secret").write_text("x", encoding="utf-8")
            (root / "docs/a.md").write_text("[x](../../secret) [y](../none.c)\n", encoding="utf-8")
            laid = stage.Stage(root, pathlib.Path(folder, "out"))
            laid.put("a.md", "docs/a.md", laid.read("docs/a.md"))
            self.assertEqual(len(laid.wrong), 2)

    def test_what_a_browser_would_fetch(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "index.html")
            for html, fetched in (('<a href="https://example.org/">x</a>', 0), ('<link rel="canonical" href="https://example.org/">', 0),
                                  ('<link rel="stylesheet" href="//example.org/a.css">', 1), ('<script src="https://example.org/a.js"></script>', 1),
                                  ('<img src="a.png">', 0), ('<link rel="preconnect" href="https://fonts.example.org">', 1)):
                page.write_text(html, encoding="utf-8")
                self.assertEqual(len(check.fetches(folder)), fetched, html)


if __name__ == "__main__":
    unittest.main()
