"""Lays out the site's Markdown: docs/ as it is, results/reference/, a page a kernel, pages of records, and the sources that pages link to."""
import pathlib
import posixpath
import re
import shutil

import counts
import links
import sections

LANGUAGES = {".c": "c", ".h": "c", ".py": "python", ".sh": "sh", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".md": "markdown"}
LARGEST = 200_000  # bytes of a source that is shown


class Stage:
    """The folder that the site is made from. `placed` knows where each file of the checkout went."""

    def __init__(self, root, folder):
        self.root, self.folder = pathlib.Path(root), pathlib.Path(folder)
        self.placed, self.wrong = {}, []
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for source in sorted(path.relative_to(root).as_posix() for base in ("docs", "results/reference") for path in (self.root / base).rglob("*.md")):
            self.placed[source] = posixpath.relpath(source, "docs") if source.startswith("docs/") else posixpath.relpath(source, "results")
        self.placed["README.md"] = "overview.md"

    def write(self, page, text):
        path = self.folder / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, source):
        return (self.root / source).read_text(encoding="utf-8")

    def put(self, page, source, text):
        """Writes a page whose text comes from the file `source`, with its links made right for where it stands."""

        def change(target):
            to = links.resolve(source, target)
            if to is None or (to[0] == source and self.placed.get(source) == page):
                return target
            where = self.find(*to)
            if where is None:
                self.wrong.append(f"{source}: a link leads to {target}, which is not there")
                return target
            return links.between(page, where, to[1])

        self.write(page, links.each(text, change))

    def find(self, path, _anchor=""):
        """The page that shows a file or a folder of the checkout, which is made where there is none yet; None where there is no such file."""
        if f"{path}/README.md" in self.placed:
            path = f"{path}/README.md"
        if path not in self.placed:
            full = self.root / path
            if path.startswith("..") or not full.exists():
                return None
            if full.is_dir():
                self.show_folder(path)
            else:
                self.show_file(path)
        return self.placed[path]

    def show_file(self, path):
        self.placed[path] = f"source/{path}.md"
        text = self.read(path) if (self.root / path).stat().st_size <= LARGEST else "(too long to be shown here)\n"
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        language = LANGUAGES.get(pathlib.PurePath(path).suffix, "")
        self.write(self.placed[path], f"# {path}\n\nA file of the checkout, as it was when the site was made.\n\n{fence}{language}\n{text}{fence}\n")

    def show_folder(self, path):
        page = self.placed[path] = f"source/{path}/index.md"
        names = sorted(entry.name for entry in (self.root / path).iterdir() if entry.is_file() and not entry.name.startswith("."))
        rows = "\n".join(f"- [{name}]({links.between(page, self.find(f'{path}/{name}'))})" for name in names)
        self.write(page, f"# {path}\n\nA folder of the checkout.\n\n{rows}\n")

    def documents(self, cases):
        """All that is Markdown in the checkout already. Families lead to the pages of their kernels."""
        of_family = {}
        for kernel in sections.registered(cases):
            self.placed[f"docs/kernels/{kernel}.md"] = f"kernels/{kernel}.md"
            of_family.setdefault(kernel.split("/")[0], []).append(kernel)
        for source, page in [placed for placed in self.placed.items() if (self.root / placed[0]).exists()]:
            text = self.read(source)
            if source.startswith("docs/kernels/") and pathlib.PurePath(source).stem in of_family:
                text = with_kernels(text, of_family[pathlib.PurePath(source).stem])
            self.put(page, source, text)

    def kernel_pages(self, cases, exact):
        """A page a kernel: what its section says, its variants, and what is counted of it."""
        pages = family_pages(self.root)
        names = counts.kernels(exact)
        for kernel, of in sections.registered(cases).items():
            family, _, text = sections.of_pages(pages)[kernel]
            source = f"docs/kernels/{family}.md"
            variants = {}
            for case in of:
                variants.setdefault(case["variant"], []).append(case)
            rows = [[f"`{variant}`", those[0]["summary"].replace("|", "\\|"), str(len(those))] for variant, those in variants.items()]
            body = f"# {kernel}\n\nA kernel of family [{family}]({family}.md): its section there, its variants, and what is counted of it.\n\n"
            body += text + "\n## Variants\n\n| variant | | cases |\n|---|---|--:|\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)
            counted = names.get(tuple(kernel.split("/")))
            if counted:
                body += (f"\n## Counted\n\nIn suite `default`, to the instruction, with the loop taken off; `~` varies, `–` did not run there "
                         f"([how](../method/counts.md)).\n\n{counts.of_kernel(exact, counted)}")
            self.put(f"kernels/{kernel}.md", source, body)


def with_kernels(text, kernels):
    """A family's page, and before its first section links to the pages of its kernels."""
    names = ", ".join(f"[{kernel.split('/')[1]}]({kernel}.md)" for kernel in kernels)
    before, mark, after = text.partition("\n## ")
    return f"{before}\nEach with a page of its own, and what is counted of it: {names}.\n{mark}{after}"


def family_pages(root):
    """{family: the text of docs/kernels/FAMILY.md}."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((pathlib.Path(root) / "docs/kernels").glob("*.md")) if path.stem != "README"}
