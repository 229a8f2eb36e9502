"""Follows every link within a built site: `check_links.py DIRECTORY`. Ends with 1 if one leads nowhere."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page, and the anchors that it has."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], {"", "top"}
        self.feed(path.read_text())

    def handle_starttag(self, _, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def main(site):
    site = Path(site).resolve()
    pages = {path: Page(path) for path in site.rglob("*.html")}
    broken, followed = [], 0
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            followed += 1
            # The page of a path that does not exist is shown at any depth, and links from the root.
            base = site if parts.path.startswith("/") else path.parent
            target = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
            if target.is_dir():
                target = target / "index.html"
            anchor = unquote(parts.fragment)
            if not target.is_file():
                broken.append(f"{path.relative_to(site)}: {link} does not exist")
            elif target in pages and anchor not in pages[target].anchors:
                broken.append(f"{path.relative_to(site)}: {link} has no such anchor")
    for line in broken:
        print(line)
    if broken or followed == 0:
        sys.exit(1)
    print(f"{len(pages)} pages, {followed} links within the site")


if __name__ == "__main__":
    main(sys.argv[1])
