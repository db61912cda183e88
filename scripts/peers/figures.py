"""What a record's samples say: P50 of each round, and ratios with their intervals across rounds."""
import dataclasses
import math
import statistics

# Student's t, 97.5 %, for 1 … 30 degrees of freedom.
T = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
MOST_ROUNDS = len(T) + 1


@dataclasses.dataclass(frozen=True)
class Ratio:
    """A ratio with its interval of 95 %."""

    value: float
    low: float
    high: float

    @property
    def percent(self):
        """Half the interval, upwards, in percent of the value."""
        return 100 * (self.high / self.value - 1)


def ratio_of(tops, bottoms):
    """The geometric mean of the rounds' ratios; its interval is Student's on their logarithms. None from fewer than two rounds."""
    logs = [math.log(top / bottom) for top, bottom in zip(tops, bottoms) if top is not None and bottom is not None]
    if len(logs) < 2:
        return None
    mean = statistics.fmean(logs)
    half = T[len(logs) - 2] * statistics.stdev(logs) / math.sqrt(len(logs))
    return Ratio(math.exp(mean), math.exp(mean - half), math.exp(mean + half))


class Summary:
    """A record by (n, keys, state), and what was wrong in it."""

    def __init__(self, record):
        self.record = record
        self.cells = {(cell["n"], cell["keys"], cell["state"]): cell for cell in record["cells"]}
        self.sizes = sorted({cell["n"] for cell in record["cells"]})
        self.peers = {peer["name"]: peer for peer in record["peers"]}
        self.present = [name for name, peer in self.peers.items() if "absent" not in peer]
        self.wrong = [line for cell in record["cells"] for line in self._wrong(cell)]

    def _wrong(self, cell):
        """What a peer itself found; and peers of one round whose checksums differ: they drew other batches, or one cannot count."""
        where = f"{cell['n']} pairs, keys {cell['keys']}, {cell['state']}"
        for number, seen in enumerate(cell["rounds"], 1):
            ours = seen.get("putall", {}).get("sum")
            for name, one in seen.items():
                if one["wrong"]:
                    yield f"{name}, {where}, round {number}: {one['wrong']}"
                elif not self.peers[name]["floor"] and one["sum"] != ours:
                    yield f"{name}, {where}, round {number}: the checksum {one['sum']} is not putall's ({ours})"

    def seen(self, name, n, keys, state):
        """What each round saw of a peer; None where it did not take part."""
        cell = self.cells.get((n, keys, state))
        return [seen.get(name) for seen in cell["rounds"]] if cell else []

    def medians(self, name, n, keys, state, what="put"):
        """The P50 of each round, in ns a pair."""
        return [statistics.median(one[what]) if one and one.get(what) else None for one in self.seen(name, n, keys, state)]

    def time(self, name, n, keys, state, what="put"):
        """ns a pair: the median of the rounds' P50; None: not measured."""
        medians = [one for one in self.medians(name, n, keys, state, what) if one is not None]
        return statistics.median(medians) if medians else None

    def ratio(self, top, bottom, what="put"):
        """Of two (name, n, keys, state): round by round, as the rounds of a session lie beside one another."""
        return ratio_of(self.medians(*top, what), self.medians(*bottom, what))

    def per_pair(self, name, n, keys, state, what):
        """Faults or allocations a pair, over all rounds; None: not measured."""
        seen = [one for one in self.seen(name, n, keys, state) if one]
        batches = sum(one["batches"] for one in seen)
        return sum(one[what] for one in seen) / batches / n if batches else None

    def why_not(self, name, n):
        """Why a peer has no figure at this size."""
        peer = self.peers.get(name)
        if peer is None:
            return f"{name} was not in the session"
        if "absent" in peer:
            return f"{name} is absent: {peer['absent']}"
        if name in self.record["left_out"].get(str(n), []):
            return f"{name} was left out at {n} pairs"
        return f"{n} pairs were not measured" if n not in self.sizes else "too few rounds"
