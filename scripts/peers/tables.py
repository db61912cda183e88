"""The tables: for a terminal of 80 columns, and as Markdown."""
import textwrap

from targets import UNKNOWN, count, short

SECTIONS = (
    ("random", "growing", "put", "random keys into a map that grows"),
    ("random", "sized", "put", "random keys into a new map made for so many"),
    ("random", "reused", "put", "random keys into a map that was filled and emptied"),
    ("half", "reused", "put", "half of the pairs bring a key again; map emptied before"),
    ("same", "reused", "put", "all pairs have the same key; map emptied before"),
    ("random", "reused", "lookup", "lookups that hit, in another order than the keys were put in"),
)
WIDTH = 80
NAME = 15


def title_of(section):
    return f"{section[3]}: ns a {'key' if section[2] == 'lookup' else 'pair'}, P50"


class Grid:
    """Rows of a first word and a cell for every size."""

    def __init__(self, title, head, rows):
        self.title, self.head, self.rows = title, head, rows

    def screen(self):
        def line(row):
            return (row[0].ljust(NAME) + "".join(f"{cell:>13}" for cell in row[1:])).rstrip()

        return "\n".join([self.title, line(self.head)] + [line(row) for row in self.rows])

    def markdown(self):
        lines = [f"## {self.title[0].upper()}{self.title[1:]}", "", "| " + " | ".join(self.head) + " |", "|---" + "|--:" * (len(self.head) - 1) + "|"]
        return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in self.rows])


def percent(ratio):
    if ratio is None:
        return "-"
    return f"{short(ratio.value)} ±{ratio.percent:.0f}%" if ratio.percent < 1000 else f"{short(ratio.value)} ±?"


def names_in(summary, section):
    """The peers that have a figure there, in the order of the record."""
    keys, state, what, _ = section
    return [name for name in summary.present if any(summary.time(name, n, keys, state, what) is not None for n in summary.sizes)]


def times(summary, section, base=None):
    """ns a pair; with `base` times that peer's, and their intervals."""
    keys, state, what, _ = section
    rows = []
    for name in names_in(summary, section):
        if base is None:
            found = [summary.time(name, n, keys, state, what) for n in summary.sizes]
            cells = ["-" if one is None else short(one) for one in found]
        else:
            cells = [percent(summary.ratio((name, n, keys, state), (base, n, keys, state), what)) for n in summary.sizes]
        rows.append([name, *cells])
    head = ["" if base is None else f"× {base}", *(count(n) for n in summary.sizes)]
    return Grid(title_of(section), head, rows)


def both(summary, section, bases):
    """For Markdown: the time and its ratios in one cell."""
    keys, state, what, _ = section
    rows = []
    for name in names_in(summary, section):
        row = [name]
        for n in summary.sizes:
            time = summary.time(name, n, keys, state, what)
            ratios = [percent(summary.ratio((name, n, keys, state), (base, n, keys, state), what)) for base in bases]
            row.append("-" if time is None else f"{short(time)} ({'; '.join(ratios)})")
        rows.append(row)
    return Grid(title_of(section), ["", *(count(n) for n in summary.sizes)], rows)


def costs(summary, n):
    """Faults and allocations apart, per 1,000 pairs."""
    rows = []
    for name in summary.present:
        cells = []
        for what in ("faults", "allocations"):
            for state in ("growing", "sized", "reused"):
                found = summary.per_pair(name, n, "random", state, what)
                counted = what == "faults" or summary.record["tallied"]
                cells.append("-" if found is None or not counted else f"{1000 * found:.4g}")
        rows.append([name, *cells])
    head = ["", "growing", "sized", "reused", "growing", "sized", "reused"]
    return Grid(f"{count(n)}: minor faults (first three) and allocations, a 1,000 pairs", head, rows)


def costs_screen(grid):
    def line(row):
        return (row[0].ljust(NAME) + "".join(f"{cell:>10}" for cell in row[1:])).rstrip()

    return "\n".join([grid.title, line(grid.head)] + [line(row) for row in grid.rows])


def targets_grid(judged):
    rows = [[one.what, one.goal, one.seen, one.verdict] for one in judged]
    return Grid("goals", ["putall against", "goal", "seen, 95 % interval", ""], rows)


def targets_screen(judged):
    lines = [f"{'goal, for putall':<33}{'':<9}{'seen, 95 % interval':<26}"]
    for one in judged:
        # A reason is longer than an interval.
        if one.verdict == UNKNOWN and len(one.seen) > 25:
            lines.append(f"{one.what:<33}{one.goal:<9}{'':<26}{one.verdict}")
            lines += textwrap.wrap(one.seen, WIDTH, initial_indent="    ", subsequent_indent="    ")
        else:
            lines.append(f"{one.what:<33}{one.goal:<9}{one.seen:<26}{one.verdict}")
    return "\n".join(line.rstrip() for line in lines)


def setting(record):
    """What was measured where, in sentences."""
    machine = record["machine"]
    huge = [cell["huge_kib"] for cell in record["cells"] if cell["huge_kib"] is not None and cell["huge_kib"] > 0]
    sentences = [
        f"{record['begun']}, {machine['cpu']} ({machine['arch']}), CPU {machine['pinned_to']}, {record['rounds']} rounds in {record['seconds']:.0f} s"
        f" (seed {record['seed']}), load before {record['load_before']:.1f}.",
        f"{record['compiler']} {record['flags']}.",
        f"Transparent huge pages: {record['thp']};"
        + (" from 1 M on all programs of the C library ask for them;" if record["thp_asked"] else " nobody asks for them;")
        + (f" at most {max(huge) // 1024} MiB were in them." if huge else " none were had."),
    ]
    sentences += [f"Left out at {count(int(n))}, where they take long (--all): {', '.join(names)}." for n, names in sorted(record["left_out"].items())]
    return sentences


def legend(record):
    """[(names, words)] of every peer, absent ones with the reason. Our variants say the same and share a line."""
    lines = []
    for peer in record["peers"]:
        if "absent" in peer:
            lines.append((peer["name"], f"ABSENT: {peer['absent']}"))
        elif peer["floor"]:
            lines.append((peer["name"], f"floor: {peer['version']}"))
        else:
            lines.append((peer["name"], f"{peer['version']}; hash: {peer['hash']}; reused: {peer['reused']}"))
    grouped = {}
    for name, words in lines:
        grouped.setdefault(words, []).append(name)
    return [(names, words) for words, names in grouped.items()]


def screen(record, summary, judged, base):
    """Everything, no line over 80 columns."""
    blocks = []
    for section in SECTIONS:
        if names_in(summary, section):
            table = times(summary, section)
            blocks.append(table.screen())
            blocks.append("\n".join(times(summary, section, base).screen().splitlines()[1:]))
    blocks.append(costs_screen(costs(summary, summary.sizes[-1])))
    wrapped = []
    for names, words in legend(record):
        first = names[0].ljust(NAME) if len(names) == 1 else ", ".join(names) + ": "
        wrapped.append(textwrap.fill(first + words, WIDTH, subsequent_indent=" " * NAME))
    blocks.append("\n".join(wrapped))
    blocks.append("\n".join(textwrap.fill(line, WIDTH, break_long_words=True) for line in setting(record)))
    blocks.append(targets_screen(judged))
    return "\n\n".join(blocks)


def document(record, summary, judged):
    """The same as Markdown, with ratios to Boost and to ours in one cell."""
    bases = [base for base in ("boost", "putall") if base in summary.present]
    parts = [
        "# Our maps beside those that people use",
        "Written by `make peers ARGS=--write`; what is measured and how is in docs/peers.md. In a cell: ns a pair, P50 (median over rounds), and in"
        f" brackets how many times that is {' and '.join(bases)}'s, ± half the interval of 95 % across rounds.",
        "\n".join(f"- {line}" for line in setting(record)),
        targets_grid(judged).markdown(),
    ]
    parts += [both(summary, section, bases).markdown() for section in SECTIONS if names_in(summary, section)]
    parts += [costs(summary, n).markdown() for n in summary.sizes]
    parts.append("## The peers\n\n| | version; hash; what reused means |\n|---|---|\n" + "\n".join(f"| {', '.join(names)} | {words} |" for names, words in legend(record)))
    return "\n\n".join(parts) + "\n"
