"""The site of docs/, with tables of results: what `make docs` runs (docs/decisions/0011-site.md).

usage: scripts/docs [--transept FILE] [--output FOLDER] [--records FILE...]
       scripts/docs --tables [--transept FILE]
       scripts/docs --check [--transept FILE]
       scripts/docs --links FOLDER

Makes FOLDER/site (build/site) with MkDocs, out of Markdown that it lays out in FOLDER/docs-src. RECORDs become pages of their own, and
several a comparison. A link or an anchor that leads nowhere fails it, and so does anything that a browser would fetch from elsewhere.
--tables writes the pages that are made of results/reference and of `transept list`, and are part of the checkout: results/reference/*.md,
counts/*.md, and the index of docs/kernels/README.md. --check says which of them are not up to date. --links checks a site that is there.
Exit status: 0 made, or all is well; 1 something is wrong or out of date; 2 misuse.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

import check
import counts
import records
import sections
import stage

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
INDEX = "docs/kernels/README.md"
# Tables that other targets write where they are asked to (--write).
KEPT = {"peers.md": "Maps, measured", "selfbench.md": "The proof, measured"}


class Refused(Exception):
    """What the user can mend."""


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/docs", usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    parser.add_argument("--transept", default=str(ROOT / "build/native/bench/transept"))
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--root", type=pathlib.Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--records", nargs="+", default=[])
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--tables", action="store_true")
    does.add_argument("--check", action="store_true")
    does.add_argument("--links", type=pathlib.Path)
    return parser.parse_args()


def catalogue(command):
    """What `transept list` says of every case."""
    try:
        return json.loads(records.said([command], "list", "--format", "json"))
    except (OSError, ValueError) as error:
        raise Refused(f"{command} does not list its cases ({error}): build it with make build, or name one with --transept") from error


def tables(root, command):
    """{path in the checkout: text} of all pages that are made and kept."""
    made = {f"results/reference/{name}": text for name, text in counts.pages(root / "results/reference").items()}
    page = (root / INDEX).read_text(encoding="utf-8")
    counted = {"/".join(kernel) for kernel in counts.kernels(counts.load(root / "results/reference")[0])}
    made[INDEX] = sections.with_index(page, sections.index(catalogue(command), stage.family_pages(root), counted))
    return made


def old_pages(root, made):
    """Pages of families that are no more."""
    return [path for path in sorted((root / "results/reference/counts").glob("*.md")) if path.relative_to(root).as_posix() not in made]


def write_tables(root, made):
    for name, text in made.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    for path in old_pages(root, made):
        path.unlink()
        print(f"removed {path.relative_to(root)}")


def out_of_date(root, made):
    """A line for each page that is not what it would be made to be."""
    stale = [name for name, text in made.items() if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != text]
    stale += [path.relative_to(root).as_posix() for path in old_pages(root, made)]
    return [f"{name} is not up to date: make docs writes it anew" for name in stale]


def configure(output, pages):
    """mkdocs.yml for this build: the one beside this script, with the folders; in the navigation also measured tables that somebody kept, and records."""
    text = (HERE / "mkdocs.yml").read_text(encoding="utf-8")
    kept = "".join(f"      - {title}: reference/{name}\n" for name, title in KEPT.items() if (output / "docs-src/reference" / name).exists())
    text = text.replace("  - Method:\n", f"{kept}  - Method:\n")
    if pages:
        text += "  - Records:\n" + "".join(f"      - {page}\n" for page in sorted(pages, key=lambda page: (page != "records/index.md", page)))
    path = output / "mkdocs.yml"
    path.write_text(f"# Made by scripts/docs.\n{text}\ndocs_dir: {json.dumps(str(output / 'docs-src'))}\nsite_dir: {json.dumps(str(output / 'site'))}\n",
                    encoding="utf-8")
    return path


def run_mkdocs(config):
    # The same sources make the same site: the date is that of the commit, or none.
    environment = dict(os.environ, SOURCE_DATE_EPOCH=os.environ.get("SOURCE_DATE_EPOCH", "0"), PYTHONDONTWRITEBYTECODE="1")
    try:
        done = subprocess.run(["mkdocs", "build", "--strict", "--quiet", "--clean", "--config-file", config], capture_output=True, text=True, check=False,
                              env=environment)
    except FileNotFoundError as error:
        raise Refused("there is no mkdocs: scripts/deps docs installs it") from error
    if done.returncode != 0:
        raise Refused((done.stderr + done.stdout).strip())


def forget_hosts(site):
    """The theme's script knows where to fetch diagrams and repositories' stars from. There are none here; so that nobody has to take that on trust, the
    addresses go, and so do the maps for people who debug the theme."""
    for path in site.rglob("*.map"):
        path.unlink()
    for path in site.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        without = re.sub(r"\n?//# sourceMappingURL=\S+", "", check.HOSTS.sub("about:blank", text))
        if without != text:
            path.write_text(without, encoding="utf-8")


def build(root, command, output, paths):
    """The site. Returns lines of what is wrong with it."""
    output = output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    laid = stage.Stage(root, output / "docs-src")
    of_records = records.pages([command], paths) if paths else {}
    for page, text in of_records.items():
        laid.write(page, text)
    cases = catalogue(command)
    exact, _ = counts.load(root / "results/reference")
    laid.documents(cases)
    laid.kernel_pages(cases, exact)
    laid.write("style.css", (HERE / "style.css").read_text(encoding="utf-8"))
    if laid.wrong:
        return laid.wrong
    run_mkdocs(configure(output, of_records))
    forget_hosts(output / "site")
    return check.broken(output / "site") + check.fetches(output / "site")


def main():
    options = arguments()
    root = options.root.resolve()
    if options.links:
        wrong = check.broken(options.links) + check.fetches(options.links)
    elif options.check:
        wrong = out_of_date(root, tables(root, options.transept))
    elif options.tables:
        write_tables(root, tables(root, options.transept))
        wrong = []
    else:
        wrong = build(root, options.transept, options.output, options.records)
        if not wrong:
            print(f"made {options.output / 'site' / 'index.html'}")
    for line in wrong:
        print(f"scripts/docs: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Refused, counts.Refused, records.Refused, sections.Missing, OSError) as error:
        print(f"scripts/docs: {error}", file=sys.stderr)
        sys.exit(1)
