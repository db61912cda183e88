"""The goals that were set for the batch insert before it was written, and whether they are met."""
import dataclasses

MET, MISSED, UNKNOWN = "met", "missed", "cannot tell"

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
PASS = (0.55, 0.6, 0.5, 0.35, 0.3)
AIM = (0.42, 0.47, 0.4, 0.27, 0.24)
AIM_COPY = (5, 4, 2.3, 3, 3)
GO_TIMES = 20
GO_SIZE = 10_000
LOOKUP_MOST = 1.5


@dataclasses.dataclass(frozen=True)
class Judged:
    """One goal, what was seen and what that means."""

    what: str
    goal: str
    seen: str
    verdict: str
    aim: bool = False  # better than what has to be


def verdict_of(ratio, bound, least=False):
    """met and missed need the whole interval on one side of the bound."""
    if ratio is None:
        return UNKNOWN
    good, bad = (ratio.low >= bound, ratio.high < bound) if least else (ratio.high <= bound, ratio.low > bound)
    return MET if good else MISSED if bad else UNKNOWN


def short(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def count(n):
    return f"{n // 1_000_000} M" if n >= 1_000_000 and n % 1_000_000 == 0 else f"{n // 1_000} k" if n >= 1_000 and n % 1_000 == 0 else str(n)


def shown(ratio):
    return f"{short(ratio.value)} [{short(ratio.low)}, {short(ratio.high)}]"


class Judge:
    """Goes through the goals at the sizes that were measured."""

    def __init__(self, summary):
        self.summary, self.judged = summary, []

    def ratio(self, what, top, bottom, bound, least=False, aim=False, measure="put"):
        ratio = self.summary.ratio(top, bottom, measure)
        if ratio is None:
            lacking = next((one for one in (top, bottom) if self.summary.time(*one, measure) is None), top)
            seen = self.summary.why_not(lacking[0], lacking[1])
        else:
            seen = shown(ratio)
        goal = f"{'>=' if least else '<='} {bound:g}"
        self.judged.append(Judged(what, goal, seen, verdict_of(ratio, bound, least), aim))

    def against_boost(self, n):
        for keys, bound, what in (("random", None, "random"), ("half", 1, "50 % duplicates"), ("same", 1, "100 % duplicates")):
            bound = PASS[SIZES.index(n)] if bound is None and n in SIZES else bound
            if bound is not None:
                self.ratio(f"x boost, {what}, {count(n)}", ("putall", n, keys, "reused"), ("boost", n, keys, "reused"), bound)
        lookups = ("putall", n, "random", "reused"), ("boost", n, "random", "reused")
        self.ratio(f"x boost, lookups, {count(n)}", *lookups, LOOKUP_MOST, measure="lookup")

    def against_go(self):
        if GO_SIZE in self.summary.sizes:
            self.ratio(
                f"go growing / putall sized, {count(GO_SIZE)}",
                ("go", GO_SIZE, "random", "growing"),
                ("putall", GO_SIZE, "random", "sized"),
                GO_TIMES,
                least=True,
            )

    def allocations(self):
        what, goal = "allocations, reused, all sizes", "0"
        if not self.summary.record["tallied"]:
            self.judged.append(Judged(what, goal, "this C library's are not counted", UNKNOWN))
            return
        seen = [one for n, keys, state in self.summary.cells if state == "reused" for one in self.summary.seen("putall", n, keys, state) if one]
        total = sum(one["allocations"] for one in seen)
        self.judged.append(Judged(what, goal, str(total) if seen else "not measured", UNKNOWN if not seen else MET if total == 0 else MISSED))

    def aims(self, n):
        if n in SIZES:
            at = SIZES.index(n)
            ours = ("putall", n, "random", "reused")
            self.ratio(f"aim: x boost, random, {count(n)}", ours, ("boost", n, "random", "reused"), AIM[at], aim=True)
            self.ratio(f"aim: x copy, random, {count(n)}", ours, ("copy", n, "random", "reused"), AIM_COPY[at], aim=True)


def judge(summary):
    """Every goal at the sizes of the record."""
    goals = Judge(summary)
    for n in summary.sizes:
        goals.against_boost(n)
    goals.against_go()
    goals.allocations()
    for n in summary.sizes:
        goals.aims(n)
    return goals.judged

