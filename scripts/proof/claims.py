"""What is claimed, what was found, and whether it holds: as a table of at most 80 columns, as Markdown, as JSON."""
import dataclasses
import math
import textwrap

COLUMNS = 80


@dataclasses.dataclass
class Claim:
    what: str
    found: str
    goal: str = ""  # empty: shown for what it is, without a goal
    held: bool | None = None

    @property
    def verdict(self):
        return {None: "", True: "held", False: "NOT held"}[self.held]


@dataclasses.dataclass
class Part:
    """What a part of the proof found. `data` is kept as JSON; `lacking` says in a line why something was left out."""

    name: str
    about: str
    lines: list = dataclasses.field(default_factory=list)  # as another script wrote them
    tables: list = dataclasses.field(default_factory=list)  # (title, words above the columns, rows of as many texts)
    claims: list = dataclasses.field(default_factory=list)
    lacking: list = dataclasses.field(default_factory=list)
    notes: list = dataclasses.field(default_factory=list)
    data: dict = dataclasses.field(default_factory=dict)

    @property
    def held(self):
        """Nothing that was claimed is refuted, and nothing that should have been shown was left out."""
        return not self.lacking and all(claim.held is not False for claim in self.claims)

    def claim(self, what, found, goal="", held=None):
        self.claims.append(Claim(what, found, goal, held))

    def all_tables(self):
        rows = [[claim.what, claim.found, claim.goal, claim.verdict] for claim in self.claims]
        return self.tables + ([("", ["claim", "found", "goal", ""], rows)] if rows else [])


def text(part):
    lines = [f"{part.name}: {part.about}", *part.lines]
    for title, head, rows in part.all_tables():
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines += ["", *([f"  {title}"] if title else []), *("  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths)).rstrip() for row in [head, *rows])]
    if part.notes or part.lacking:
        lines.append("")
    for note in part.notes + [f"LEFT OUT: {why}" for why in part.lacking]:
        lines += textwrap.wrap(note, COLUMNS, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines)


def markdown(parts, head):
    lines = ["# The proof", "", head, ""]
    for part in parts:
        lines += [f"## {part.name}", "", f"{part.about[0].upper()}{part.about[1:]}.", ""]
        lines += ["```", *part.lines, "```", ""] if part.lines else []
        for title, words, rows in part.all_tables():
            lines += [f"{title[0].upper()}{title[1:]}:", ""] if title else []
            lines += [f"| {' | '.join(row)} |" for row in [words, ["---"] * len(words), *rows]] + [""]
        lines += [f"- {note}" for note in part.notes + [f"**Left out:** {why}" for why in part.lacking]]
        lines += [""] if part.notes or part.lacking else []
    return "\n".join(lines).rstrip() + "\n"


def share(hits, trials):
    """Per cent with their interval: '0.4 [0.1, 0.9]'."""
    low, high = binomial_interval(hits, trials)
    return f"{100 * hits / trials:.3g} [{100 * low:.3g}, {100 * high:.3g}]"


def binomial_interval(hits, trials, confidence=0.95):
    """Clopper and Pearson's (Biometrika 26, 1934, 404-413): the shares that would give so few, or so many, hits with half of what is left."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _root(lambda p: 1 - _binomial_up_to(hits - 1, trials, p) - tail)
    high = 1.0 if hits == trials else _root(lambda p: tail - _binomial_up_to(hits, trials, p))
    return low, high


def _binomial_up_to(hits, trials, p):
    """The chance of at most so many hits."""
    logs = (
        math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * math.log(p) + (trials - k) * math.log1p(-p)
        for k in range(hits + 1)
    )
    return min(1.0, math.fsum(math.exp(one) for one in logs))


def _root(rising):
    """Where a function that rises over (0, 1) is zero."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
