"""Holds a built site to what it promises: every link and anchor leads somewhere, and nothing is fetched from elsewhere."""
import html.parser
import pathlib
import re
import urllib.parse

# What a browser fetches by itself; a link that a reader may follow is none of these.
FETCHED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("audio", "src"), ("embed", "src"), ("object", "data")}
FETCHED_LINKS = {"stylesheet", "icon", "preconnect", "preload", "prefetch", "dns-prefetch", "modulepreload", "manifest", "shortcut"}


class Page(html.parser.HTMLParser):
    """The ids of a page, its links, and what it fetches."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.fetched = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        for name, value in values.items():
            rel = set(values.get("rel", "").split())
            if (tag, name) in FETCHED or (tag == "link" and name == "href" and rel & FETCHED_LINKS):
                self.fetched.append(value)
                self.links.append(value)
            elif tag in ("a", "link") and name == "href" and not rel & {"canonical"}:
                self.links.append(value)


def outside(target):
    return re.match(r"(?:[a-z][a-z0-9+.-]*:)?//", target) is not None


def broken(site):
    """A line for each link of the site that leads nowhere."""
    site = pathlib.Path(site).resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # served under any address: its links begin at the server's root
        for target in dict.fromkeys(page.links):
            parts = urllib.parse.urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            file = file / "index.html" if file.is_dir() else file
            anchor = urllib.parse.unquote(parts.fragment)
            where = path.relative_to(site)
            if not file.is_file():
                found.append(f"{where}: {target} leads nowhere")
            elif anchor and file in pages and anchor not in pages[file].ids:
                found.append(f"{where}: {target} leads to a page without that anchor")
    return found


def fetches(site):
    """A line for each thing that a page, a style or a script would fetch from another host."""
    site = pathlib.Path(site)
    found = []
    for path in sorted(site.rglob("*.html")):
        found += [f"{path.relative_to(site)}: fetches {target}" for target in Page(path.read_text(encoding="utf-8")).fetched if outside(target)]
    for path in sorted(site.rglob("*.css")):
        targets = re.findall(r"(?:url\(|@import )[\"']?((?:https?:)?//[^\"')\s]+)", path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(site)}: fetches {target}" for target in targets]
    for path in sorted(site.rglob("*.js")):
        found += [f"{path.relative_to(site)}: knows {host}" for host in sorted(set(HOSTS.findall(path.read_text(encoding="utf-8"))))]
    return found


# Hosts that scripts of themes are known to fetch from.
HOSTS = re.compile(r"https?://(?:unpkg\.com|cdn[\w.-]*|[\w.-]*jsdelivr\.net|api\.github\.com|gitlab\.com|[\w.-]*google[\w-]*\.com|[\w.-]*gstatic\.com)")
