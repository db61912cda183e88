"""The pure parts of the witnesses of exact counts: what a guest sends, what goes into it, what two tools counted.

Run by tests/cli/test_witness.sh; alone: python3 tests/tools/test_witness.py
"""
import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest
import zlib

CI = pathlib.Path(__file__).resolve().parents[2] / "ci"
sys.path.insert(0, str(CI))
import guest  # noqa: E402
import witness  # noqa: E402


def load_script(name):
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(CI / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


valgrind = load_script("valgrind-witness")
pmu_guest = load_script("pmu-guest")


def frame(name, data, status=0, crc=None, size=None):
    crc = zlib.crc32(data) if crc is None else crc
    size = len(data) if size is None else size
    return b"\n@@transept %s %d %d %08x\n%s\n@@end\n" % (name.encode(), status, size, crc, data)


def case(name, gross, net, metric="instructions", **changes):
    count = {"status": "ok", "reason": None, "nondeterministic": False, "gross": gross, "net": net, "rounds": [{"exact": True}]}
    count.update({key: value for key, value in changes.items() if key in count})
    made = {"id": name, "status": "ok", "reason": None, "placement": {"cpus": [0]}, "metrics": {metric: count}}
    made.update({key: value for key, value in changes.items() if key in ("placement", "metrics", "params")})
    if "skipped" in changes:
        made.update(status="skipped", reason=changes["skipped"], metrics={})
    return made


class Frames(unittest.TestCase):
    def test_bytes_come_back_whatever_they_are(self):
        data = bytes(range(256)) + b"\n@@end\n@@transept x 0 1 00000000\n"
        sent = b"[    0.1] the kernel speaks\r\n" + frame("a", data, 3) + b"noise" + frame("b", b"")
        self.assertEqual(guest.frames(sent), [guest.Frame("a", 3, data), guest.Frame("b", 0, b"")])

    def test_damage_is_noticed(self):
        for sent in (frame("a", b"text", crc=1), frame("a", b"text", size=400), frame("a", b"text", size=2)):
            with self.assertRaisesRegex(guest.GuestError, "'a'"):
                guest.frames(sent)

    def test_nothing_sent_is_nothing_found(self):
        self.assertEqual(guest.frames(b"Kernel panic - not syncing\r\n"), [])
        self.assertEqual(guest.tail(b"one\r\nKernel panic\r\n\r\n"), "Kernel panic")
        self.assertEqual(guest.tail(None), "none")


class Contents(unittest.TestCase):
    DYNAMIC = {
        "init": "  [Requesting program interpreter: /lib/ld-linux-aarch64.so.1]\n 0x1 (NEEDED)  Shared library: [libm.so.6]\n",
        "libm.so.6": " 0x1 (NEEDED)  Shared library: [libc.so.6]\n",
        "libc.so.6": " 0x1 (NEEDED)  Shared library: [ld-linux-aarch64.so.1]\n",
    }

    def contents(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for file in files:
                path = pathlib.Path(folder, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()
            found = guest.contents({"/init": pathlib.Path("init")}, folder, "t",
                                   read=lambda file: self.DYNAMIC.get(pathlib.Path(file).name, ""))
            return sorted(found)

    def test_libraries_of_libraries_come_along(self):
        self.assertEqual(self.contents(["lib/ld-linux-aarch64.so.1", "lib/t/libm.so.6", "lib/t/libc.so.6"]),
                         ["/init", "/lib/ld-linux-aarch64.so.1", "/lib/t/libc.so.6", "/lib/t/libm.so.6"])

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(guest.GuestError, "libc.so.6"):
            self.contents(["lib/ld-linux-aarch64.so.1", "lib/t/libm.so.6"])


class Comparison(unittest.TestCase):
    def judge(self, ours, theirs):
        plugin, no_plugin = witness.counts({"cases": ours}, "instructions")
        other, not_other = witness.counts({"cases": theirs}, "instructions")
        return witness.compare(plugin, other, no_plugin, not_other)

    def test_one_instruction_more_is_a_difference(self):
        verdict = self.judge([case("a", 5.25, 5), case("b", 2, 1)], [case("a", 5.25, 5), case("b", 2.00390625, 1.00390625)])
        self.assertEqual(verdict.agree, ["a"])
        self.assertEqual([name for name, _, _ in verdict.differ], ["b"])
        self.assertFalse(witness.holds(verdict))
        self.assertIn("DIFFERS b", "\n".join(witness.report(verdict, "x", "y")))

    def test_a_difference_that_the_reference_hides_is_one(self):
        self.assertFalse(witness.holds(self.judge([case("a", 5.25, 5)], [case("a", 5.5, 5)])))

    def test_a_known_difference_is_told_and_not_judged(self):
        ours, theirs = witness.Count(9, 8), witness.Count(3, 2)
        why = {"handler": "leaves handlers out", "same": "leaves handlers out"}.get
        verdict = witness.compare(dict.fromkeys(("handler", "same", "other"), ours), {"handler": theirs, "same": ours, "other": theirs}, {}, {}, why)
        self.assertEqual((verdict.agree, verdict.unjudged), (["same"], {"leaves handlers out": ["handler"]}))
        self.assertEqual([name for name, _, _ in verdict.differ], ["other"])

    def test_nothing_judged_is_no_agreement(self):
        self.assertFalse(witness.holds(self.judge([], [])))
        self.assertFalse(witness.holds(self.judge([case("a", 1, 1, nondeterministic=True)], [case("a", 1, 1)])))

    def test_callers_of_the_kernel_can_be_left_out(self):
        record = {"cases": [case("plain", 1, 1), case("caller", 1, 1)]}
        record["cases"][1]["metrics"]["syscalls"] = {"gross": 1}
        good, bad = witness.counts(record, "instructions")
        witness.leave_out(good, bad, witness.callers(record), "calls")
        self.assertEqual((list(good), bad), (["plain"], {"caller": "calls"}))

    def test_everything_unjudged_is_told_by_its_reason(self):
        ours = [case("nondeterministic", 1, 1, nondeterministic=True), case("skipped", 0, 0, skipped="needs x"),
                case("placed", 1, 1, placement={"cpus": [0, 1]}), case("threads", 1, 1, params={"threads": 2}),
                case("place", 1, 1, params={"place": "same-cpu"}), case("facts", 1, 1, metrics={}), case("spread", 1, 1, rounds=[{"exact": False}]),
                case("absent", 1, 1, status="denied", reason="no"), case("theirs", 1, 1), case("lost", 1, 1), case("good", 1, 1)]
        verdict = self.judge(ours, [case("theirs", 0, 0, skipped="AVX-512"), case("good", 1, 1)])
        self.assertEqual(verdict.agree, ["good"])
        self.assertEqual(sum(len(cases) for cases in verdict.unjudged.values()), len(ours) - 1)
        self.assertTrue(any("AVX-512" in why for why in verdict.unjudged))
        self.assertTrue(witness.holds(verdict))


class Callgrind(unittest.TestCase):
    SAID = ("a/b/c\top\t256\na/b/c\top\t256\na/b/c\top\t512\na/b/c\treference\t256\na/b/c\treference\t256\na/b/c\treference\t512\na/b/c\tok\t\n"
            "d/e/f\tskipped\tneeds AVX-512\ng/h/i\tfailed\twrong sum\n")

    def test_calls_and_reasons(self):
        calls, bad = valgrind.parse_calls(self.SAID)
        self.assertEqual(calls[2:4], [("a/b/c", "op", 512), ("a/b/c", "reference", 256)])
        self.assertEqual(bad, {"d/e/f": "skipped: needs AVX-512", "g/h/i": "failed: wrong sum"})

    def test_differences_leave_what_stands_around_the_op_out(self):
        calls, _ = valgrind.parse_calls(self.SAID)
        counts = valgrind.reduce(calls, [9999, 256 * 5 + 20, 512 * 5 + 20, 80, 16 * 3 + 7, 32 * 3 + 7])
        self.assertEqual(counts, {"a/b/c": witness.Count(5, 5 - 48 / 256)})

    def test_ops_that_come_one_by_one(self):
        calls = [("a", "op", 1), ("a", "op", 1), ("a", "reference", 1), ("a", "nothing", 1)]
        self.assertEqual(valgrind.reduce(calls, [700, 510, 10, 7]), {"a": witness.Count(503, 500)})

    def test_as_many_ops_are_called_as_the_plugin_counted(self):
        record = {"cases": [{"id": name, "ops_per_sample": ops, "implementation": made} for name, ops, made in
                            (("a", 256, "C"), ("b", 4, "tgkill, rt_sigreturn"), ("c", 256, None), ("bad", 4, "C"))]}
        self.assertEqual(valgrind.by_ops(record, {"a", "b", "c"}), {256: ["a", "c"], 4: ["b"]})
        self.assertIn("handlers", valgrind.differs(record)("b"))
        self.assertEqual((valgrind.differs(record)("a"), valgrind.differs(record)("c")), (None, None))

    def test_a_case_that_never_got_to_its_reference_is_not_judged(self):
        self.assertEqual(valgrind.reduce([("a", "op", 256)], [700]), {})

    def test_dumps_are_read_in_their_order(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in (1, 2, 10):
                pathlib.Path(folder, f"dump.{number}").write_text(f"events: Ir\nsummary: {number}00\n")
            pathlib.Path(folder, "dump").write_text("summary: 7\n")  # what is left at the end belongs to no call
            self.assertEqual(valgrind.summaries(pathlib.Path(folder)), [100, 200, 1000])


class CountedAlone(unittest.TestCase):
    def test_only_those_counted_alone_may_agree_by_net(self):
        record = {"cases": [{"id": "alone", "mode": "per-op", "ops_per_sample": 1}, {"id": "several", "mode": "per-op", "ops_per_sample": 4},
                            {"id": "batched", "mode": "batched", "ops_per_sample": 1}, {"id": "none"}]}
        self.assertEqual(witness.alone(record), {"alone"})
        ours, same_net, other_net = witness.Count(27, 1), witness.Count(19, 1), witness.Count(27, 2)
        verdict = witness.compare({"alone": ours, "several": ours}, {"alone": same_net, "several": same_net}, {}, {}, net_alone={"alone"})
        self.assertEqual((verdict.agree, verdict.by_net, [case for case, _, _ in verdict.differ]), (["alone"], ["alone"], ["several"]))
        self.assertIn("1 of them by net", "\n".join(witness.report(verdict, "a", "b")))
        verdict = witness.compare({"alone": ours}, {"alone": other_net}, {}, {}, net_alone={"alone"})
        self.assertEqual((verdict.agree, len(verdict.differ)), ([], 1))


class GuestRecords(unittest.TestCase):
    def timed(self):
        metrics = {name: {"status": "ok", "gross": 1.0, "reason": None} for name in pmu_guest.COUNTING}
        metrics.update({name: {"status": "implausible", "gross": None, "reason": "read 0"} for name in pmu_guest.READING_ZERO})
        metrics["time"] = {"evidence": "emulated"}
        return {"machine": {"executed_by": {"kind": "emulator", "name": "qemu-system (TCG)"}}, "cases": [{"id": "a", "metrics": metrics}]}

    def test_a_timed_record(self):
        self.assertEqual(pmu_guest.check_timed(self.timed()), [])
        wrong = self.timed()
        wrong["machine"]["executed_by"] = {"kind": "hardware", "name": None}
        wrong["cases"][0]["metrics"]["time"]["evidence"] = "measured"
        wrong["cases"][0]["metrics"]["cycles:u"]["status"] = "multiplexed"
        wrong["cases"][0]["metrics"]["BR_MIS_PRED:u"] = {"status": "ok", "gross": 0, "reason": None}
        self.assertEqual(len(pmu_guest.check_timed(wrong)), 4)

    def test_a_denied_record(self):
        metric = {"evidence": "measured", "status": "denied", "reason": "kernel.perf_event_paranoid is 3; sudo sysctl"}
        record = {"cases": [{"id": "a", "status": "ok", "reason": None, "metrics": {"cycles:u": metric}}]}
        self.assertEqual(pmu_guest.check_denied(record), [])
        metric["status"] = "ok"
        self.assertEqual(len(pmu_guest.check_denied(record)), 1)


if __name__ == "__main__":
    unittest.main()
