"""Tables of exact counts, out of results/reference/ARCH.counted.json: a page a family, and what a pair costs to insert."""
import json
import pathlib

ARCHS = ("x86_64", "arm64", "riscv64", "ppc64el", "s390x", "armhf")
MADE = "Made by `make reference` out of the counts beside it; do not edit."


class Refused(Exception):
    """What the user can mend."""


def load(folder):
    """{arch: {case: {status, counts or reason}}} and {arch: toolchain} of the references in a folder, in the order of ARCHS."""
    cases, toolchains = {}, {}
    for arch in ARCHS:
        path = pathlib.Path(folder) / f"{arch}.counted.json"
        try:
            reference = json.loads(path.read_text(encoding="utf-8"))
            cases[arch], toolchains[arch] = reference["cases"], reference["toolchain"]
        except (OSError, ValueError, KeyError) as error:
            raise Refused(f"{path}: no reference ({error}); make reference writes it") from error
    return cases, toolchains


def number(value):
    """A count as it stands in a cell: three digits that tell, and all of those before the point."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.2g}"


def cell(case, *metrics):
    """The case's counts of these metrics: ~ is one that varies, – a case that did not run there, empty where nothing was counted."""
    if case is None:
        return ""
    if case["status"] != "ok":
        return "–"
    counts = [case["counts"].get(metric) for metric in metrics]
    if all(count is None for count in counts):
        return ""
    return " · ".join("~" if count == "varies" else "" if count is None else number(count) for count in counts)


def table(head, rows):
    """A Markdown table; all columns but the first are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def natural(name):
    """Sorts numbers by value: n=2 before n=10."""
    return [part.zfill(20) if part.isdigit() else part for part in "".join(c if c.isalnum() else f" {c} " for c in name).split()]


def kernels(cases):
    """{(family, kernel): [case, …]} of all references together, in order."""
    found = {}
    for name in sorted({name for of_arch in cases.values() for name in of_arch}, key=natural):
        family, kernel = name.split("/")[:2]
        found.setdefault((family, kernel), []).append(name)
    return found


def row_name(name):
    """"direct/n=4" of a case, as `direct n=4`."""
    return "`" + " ".join(name.split("/")[2:]) + "`"


def told(cases, names, *metrics):
    """Rows of a table of these cases by instruction set, but for those that have no number anywhere."""
    rows = []
    for name in names:
        cells = [cell(cases[arch].get(name), *metrics) for arch in ARCHS]
        if any(any(c.isdigit() for c in text) for text in cells):
            rows.append([row_name(name), *cells])
    return rows


def reasons(cases, names):
    """Why cases of a kernel did not run, but for those that need what the instruction set has not: these say so by their names."""
    found = {}
    for name in names:
        for arch in ARCHS:
            reason = cases[arch].get(name, {}).get("reason") or ""
            if reason and not reason.startswith("needs "):
                found.setdefault(reason, []).append(arch)
    return [f"- {reason} ({', '.join(arch for arch in ARCHS if arch in archs)})" for reason, archs in sorted(found.items())]


def of_kernel(cases, names):
    """The tables of one kernel, as Markdown without a heading."""
    rows = told(cases, names, "instructions")
    parts = []
    if rows:
        parts.append("Instructions an op:\n\n" + table(["case", *ARCHS], rows))
        parts.append("Loads · stores · branches an op:\n\n" + table(["case", *ARCHS], told(cases, names, "loads", "stores", "branches")))
    calls = [row for row in told(cases, names, "syscalls") if any(c not in "0–~ " for text in row[1:] for c in text)]
    if calls:
        parts.append("System calls an op:\n\n" + table(["case", *ARCHS], calls))
    left = len(names) - len(rows)
    if left:
        what = f"{left} of {len(names)} cases have" if rows else "These cases have"
        parts.append(f"{what} no count that is the same every time, or ran nowhere.\n")
    why = reasons(cases, names)
    if why:
        parts.append("Skipped under the emulator:\n\n" + "\n".join(why) + "\n")
    return "\n".join(parts)


def family_page(cases, family):
    """results/reference/counts/FAMILY.md."""
    text = f"""# {family}: counted

What each op of family [{family}](../../../docs/kernels/{family}.md) executes in suite `default`, counted to the instruction under QEMU, with the loop around it taken off
([how](../../../docs/method/counts.md)). Nothing here is a time. `~` is not the same every time, `–` did not run there. {MADE}
"""
    for (of, kernel), names in kernels(cases).items():
        if of == family:
            text += f"\n## {family}/{kernel}\n\n{of_kernel(cases, names)}"
    return text


def params(name):
    return dict(part.split("=", 1) for part in name.split("/")[3:] if "=" in part)


def a_pair(case, name, metric):
    """A count a pair of a case of insert, whose op is n of them; None where there is none."""
    count = case.get("counts", {}).get(metric) if case and case["status"] == "ok" else None
    return None if count in (None, "varies") else count / int(params(name)["n"])


def batches(cases):
    """{(the parameters but the state): [case, …]} of insert's cases into a map whose memory is there: those that count the same every time."""
    found = {}
    for (family, _), names in kernels(cases).items():
        for name in names if family == "insert" else ():
            values = params(name)
            if "n" in values and values.pop("state", "reused") == "reused":
                found.setdefault(tuple(values.items()), []).append(name)
    order = sorted(found, key=lambda key: ([item for item in key if item[0] != "n"], int(dict(key)["n"])))
    return {key: found[key] for key in order}


def pair_rows(cases, names, metric, base=None):
    rows = []
    for name in names:
        values = [a_pair(cases[arch].get(name), name, metric) for arch in ARCHS]
        if any(value is not None for value in values):
            cells = ["–" if value is None else f"{value:.1f}" if base is None else f"{value / base:.2f}" for value in values]
            rows.append(["`" + "/".join(name.split("/")[1:3]) + "`", *cells])
    return rows


def widest(cases, names):
    """What the ratios are to: the case of x86_64's AVX2, in instructions a pair."""
    name = next((name for name in names if name.startswith("insert/putall/avx2/")), None)
    return a_pair(cases["x86_64"].get(name), name, "instructions") if name else None


def insert_page(cases):
    """results/reference/insert.md."""
    text = f"""# What a pair costs to insert, counted

Instructions a pair: those of an op of family [insert](../../docs/kernels/insert.md), counted under QEMU and divided by its `n` pairs. The map is `reused`: its memory is
there, and the count is the same every time. `–` does not exist there, or its count varies. Nothing here is a time, and a vector's instruction does more than another:
times beside other maps are in [peers](../../docs/peers.md). {MADE}
"""
    for key, names in batches(cases).items():
        rows = pair_rows(cases, names, "instructions")
        if not rows:
            continue
        text += f"\n## {', '.join('='.join(item) for item in key)}\n\n" + table(["instructions a pair", *ARCHS], rows)
        base = widest(cases, names)
        if base:
            batch = [name for name in names if name.startswith("insert/putall/")]
            text += "\n" + table(["÷ x86_64's avx2", *ARCHS], pair_rows(cases, batch, "instructions", base))
        for metric in ("loads", "stores", "branches"):
            text += "\n" + table([f"{metric} a pair", *ARCHS], pair_rows(cases, names, metric))
    return text


def front_page(cases, toolchains):
    """results/reference/README.md: what lies there."""
    families = list(dict.fromkeys(family for family, _ in kernels(cases)))
    lines = ["# Reference counts", "",
             "What every case of suite `default` executes on six instruction sets, counted to the instruction on any machine that has QEMU, and how",
             f"structs and atomics come out of the compiler. `make gate` holds new counts against these ([how](../../docs/method/counts.md)). {MADE}", "",
             "| page | |", "|---|---|",
             "| [atomics](atomics.md) | what C11 atomics compile to, order by order |",
             "| [layout](layout.md) | how structs are laid out |",
             "| [insert](insert.md) | instructions a pair of the batch insert and of the loops beside it, by variant |"]
    for family in families:
        amount = sum(len(names) for (of, _), names in kernels(cases).items() if of == family)
        lines.append(f"| [{family}](counts/{family}.md) | {amount} cases |")
    lines += ["", "Made with:", "", "| | compiler | libc | linker | emulator |", "|---|---|---|---|---|"]
    for arch in ARCHS:
        of = toolchains[arch]
        lines.append(f"| {arch} | {of['compiler']} | {of['libc']} | {of['linker']} | {of['emulator']} |")
    return "\n".join(lines) + "\n"


def pages(folder):
    """{path below the folder: text} of all pages that are made of its references."""
    cases, toolchains = load(folder)
    made = {"README.md": front_page(cases, toolchains), "insert.md": insert_page(cases)}
    for family in dict.fromkeys(family for family, _ in kernels(cases)):
        made[f"counts/{family}.md"] = family_page(cases, family)
    return made
