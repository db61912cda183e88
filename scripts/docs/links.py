"""Links of Markdown: where they lead from a file of the checkout, and what becomes of them in the site."""
import os
import posixpath
import re

from sections import fenced

LINK = re.compile(r"(\]\()([^)\s]+)(\))")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")


def each(text, change):
    """The text with every link's target passed through change(target); code is left alone."""
    lines = []
    for line, code in fenced(text.split("\n")):
        if not code:
            # What stands between backquotes is no link.
            line = "`".join(LINK.sub(lambda m: m[1] + change(m[2]) + m[3], part) if i % 2 == 0 else part for i, part in enumerate(line.split("`")))
        lines.append(line)
    return "\n".join(lines)


def resolve(source, target):
    """(path in the checkout, #anchor or empty) of a link in the file `source`; None for what leads out of the checkout."""
    if SCHEME.match(target) or target.startswith("//"):
        return None
    path, mark, anchor = target.partition("#")
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source
    return whole, mark + anchor


def between(page, other, anchor=""):
    """The link from one page of the site to another."""
    return (os.path.relpath(other, posixpath.dirname(page) or ".") if other != page or not anchor else "") + anchor
