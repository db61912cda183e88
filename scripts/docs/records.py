"""Pages of records, out of what the command itself prints of them as Markdown."""
import pathlib
import re
import subprocess


class Refused(Exception):
    """A record that the command cannot read."""


def said(command, *words):
    """What the command prints; its one line where it refuses."""
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused((done.stderr or done.stdout).strip().split("\n")[0])
    return done.stdout


def pages(command, paths):
    """{page: text}: a page a record, one that compares them where there are several, and the index, records/index.md."""
    made, names = {}, {}
    for path in paths:
        stem = re.sub(r"[^\w.-]+", "-", pathlib.Path(path).stem)
        name = stem if stem not in names.values() else f"{stem}-{len(names) + 1}"
        names[path] = name
        told = said(command, "export", "--format", "markdown", path)
        made[f"records/{name}.md"] = f"# Record {name}\n\nAll cases of one record, with the evidence of each number.\n\n{told}"
    index = ["# Records", "", "The records that this site was made with, and what they say of one another.", ""]
    index += [f"- [{name}]({name}.md)" for name in names.values()]
    if len(names) > 1:
        try:
            told = said(command, "compare", "--format", "markdown", *paths)
        except Refused as error:
            told = f"These records cannot be compared: {error}\n"
        made["records/comparison.md"] = f"# Comparison\n\nA verdict a case, the first record against each other one.\n\n{told}"
        index.append("- [The comparison](comparison.md)")
    made["records/index.md"] = "\n".join(index) + "\n"
    return made
