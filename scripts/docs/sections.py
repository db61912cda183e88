"""The sections of docs/kernels/FAMILY.md: which kernel each is about, and the index that links every kernel to its own."""
import re

SHORTEST, LONGEST = 24, 140  # characters of what the index says of a kernel
BEGIN, END = "<!-- index: made by make docs -->", "<!-- end of index -->"


class Missing(Exception):
    """Kernels that no section is about."""


def anchor(heading):
    """What a heading's anchor is, on code-hosting sites and here: lower case, marks dropped, a dash for each blank."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def fenced(lines):
    """(line, whether it stands in a fenced block) of each line."""
    inside = False
    for line in lines:
        mark = line.lstrip().startswith("```")
        yield line, inside or mark
        inside ^= mark


def split(text):
    """(level, heading, body lines) of each section of a page; the first has what stands before any heading."""
    parts = [(0, "", [])]
    for line, code in fenced(text.splitlines()):
        found = None if code else re.match(r"(#{1,6}) (.*)$", line)
        if found:
            parts.append((len(found.group(1)), found.group(2), []))
        else:
            parts[-1][2].append(line)
    return parts


def kernels_of(heading):
    """"barrier/rmw-add, rmw-cas" names barrier/rmw-add and barrier/rmw-cas; a heading of another kind names none."""
    names = heading.split(", ")
    family = names[0].split("/")[0]
    full = [name if "/" in name else f"{family}/{name}" for name in names]
    return full if "/" in names[0] and all(re.fullmatch(r"[a-z0-9]+/[\w-]+", name) for name in full) else []


def of_pages(pages):
    """{kernel: (family, anchor, text)} of {family: the text of its page}. A section goes to the next heading of its level or above."""
    found = {}
    for family, text in pages.items():
        parts = split(text)
        for i, (level, heading, lines) in enumerate(parts):
            for kernel in kernels_of(heading) if level > 1 else ():
                body = list(lines)
                for deeper, title, more in parts[i + 1:]:
                    if deeper <= level:
                        break
                    body += [f"{'#' * deeper} {title}", *more]
                found[kernel] = (family, anchor(heading), "\n".join(body).strip() + "\n")
    return found


def registered(cases):
    """{family/kernel: [case, …]} of what `transept list --format json` says, in its order."""
    found = {}
    for case in cases:
        found.setdefault(f"{case['family']}/{case['kernel']}", []).append(case)
    return found


def index(cases, pages, counted=()):
    """The table of all kernels by family, each linked to its section and, if it is one of `counted`, to its counts. Raises Missing with the
    kernels that have none, and with sections of kernels that are none."""
    sections, kernels = of_pages(pages), registered(cases)
    lost = [f"kernel {name} has no section in docs/kernels/{name.split('/')[0]}.md: begin one with `## {name}`" for name in kernels if name not in sections]
    stale = [f"docs/kernels/{sections[name][0]}.md has a section {name}, and there is no such kernel" for name in sections if name not in kernels]
    if lost or stale:
        raise Missing("\n".join(lost + stale))
    lines = [BEGIN, "", "| kernel | | variants | cases | |", "|---|---|---|--:|---|"]
    for name, of in kernels.items():
        family, place, _ = sections[name]
        variants = list(dict.fromkeys(case["variant"] for case in of))
        shown = ", ".join(f"`{variant}`" for variant in variants[:6]) + (f" and {len(variants) - 6} more" if len(variants) > 6 else "")
        exact = f"[counted](../../results/reference/counts/{family}.md#{anchor(name)})" if name in counted else ""
        lines.append(f"| [{name}]({family}.md#{place}) | {first_sentence(sections[name][2])} | {shown} | {len(of)} | {exact} |")
    return "\n".join([*lines, "", END])


def first_sentence(text):
    """What a section begins with, as far as a cell takes it: whole clauses, and not just two words of one."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text.split("\n\n")[0].replace("\n", " "))
    if words.startswith(("|", "- ", "#")):
        return ""
    end = next((m.start() for m in re.finditer(r"[.:;](?=\s|$)", words) if m.start() >= SHORTEST), len(words))
    sentence = words[:end]
    return (sentence if len(sentence) <= LONGEST else sentence[:LONGEST - 3].rsplit(" ", 1)[0] + " …").replace("|", "\\|")


def with_index(text, table):
    """A page with the table put between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + table + after
