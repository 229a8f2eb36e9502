"""Assembles the sources of the site for mdBook: `assemble.py COMMAND DIRECTORY`.

The pages keep their places, so that links between them stay right. Beside them come a page of each code, as COMMAND explains
it, and of each example. `llms.txt` is the index for programs that read the pages as text: https://llmstxt.org.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs/site"


def main(command, out):
    book, out = Path(out), Path(out) / "src"
    out.mkdir(parents=True)
    shutil.copy(SITE / "book.toml", book)
    for name in ["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"]:
        shutil.copy(ROOT / name, out)
    shutil.copy(ROOT / "README.md", out / "index.md")
    shutil.copytree(ROOT / "docs", out / "docs", ignore=shutil.ignore_patterns("site"))
    for page in (out / "docs").glob("*.md"):
        page.write_text(page.read_text().replace("](../README.md", "](../index.md"))
    # The head of the skill is for programs.
    skill = out / "docs/skill/SKILL.md"
    skill.write_text(skill.read_text().split("---\n", 2)[2].lstrip())
    shutil.copy(SITE / "playground.md", out)
    parts = {"codes": codes(command, out), "examples": examples(out)}
    summary = (SITE / "SUMMARY.md").read_text().replace("(README.md)", "(index.md)")
    summary = re.sub(r"^( *)\{\{(\w+)\}\}$", lambda mark: indented(parts[mark[2]], mark[1]), summary, flags=re.M)
    (out / "SUMMARY.md").write_text(summary)
    link_codes(out / "docs/findings.md", "../codes")
    (out / "llms.txt").write_text(index(summary))


def indented(lines, indent):
    return "\n".join(indent + line for line in lines)


def codes(command, out):
    """A page for each code. Returns their lines of the summary."""
    (out / "codes").mkdir()
    lines = []
    for line in explain(command, "--list").splitlines():
        code, level, title = line.split(maxsplit=2)
        _, page = explain(command, code).split("\n\n", 1)
        text = f"# {code}: {title}\n\n*{level}*\n\n{page}\n[All codes](../docs/findings.md#all-codes)\n"
        (out / "codes" / f"{code}.md").write_text(text)
        lines.append(f"- [{code}: {title.replace('[', '(').replace(']', ')')}](codes/{code}.md)")
    return lines


def explain(command, argument):
    return subprocess.run([command, "explain", argument], check=True, capture_output=True, text=True).stdout


def examples(out):
    """A page for each example. Returns their lines of the summary."""
    lines = []
    for source in sorted((ROOT / "examples").glob("*/identity.flux")):
        name = source.parent.name
        directory = out / "examples" / name
        shutil.copytree(source.parent, directory)
        overlays = sorted(path.relative_to(source.parent) for path in source.parent.glob("clusters/**/kustomization.yaml"))
        text = f"# {name}\n\n```flux\n{source.read_text()}```\n\nIts overlays:\n\n"
        text += "".join(f"- [`{path}`]({path})\n" for path in overlays)
        (directory / "index.md").write_text(text)
        lines.append(f"- [{name}](examples/{name}/index.md)")
    return lines


def link_codes(page, directory):
    text = re.sub(r"^\| (F\d{4}) \|", rf"| [\1]({directory}/\1.md) |", page.read_text(), flags=re.M)
    page.write_text(text)


def index(summary):
    """The summary as an index of texts, with its parts as headings."""
    lines = ["# flux-identity", "", "> " + first_paragraph(ROOT / "README.md"), ""]
    for line in summary.splitlines()[1:]:
        link = re.match(r" *-? *\[(.*)\]\((.*)\)$", line)
        if link and not link[2].startswith("codes/"):
            lines.append(f"- [{link[1]}]({link[2]})")
        elif line.startswith("# "):
            lines += ["", "#" + line, ""]
    lines += ["", "## Schemas", "", "- [JSON Schema of findings](docs/findings.schema.json)", ""]
    return "\n".join(lines)


def first_paragraph(page):
    return " ".join(page.read_text().split("\n\n")[1].split())


if __name__ == "__main__":
    main(*sys.argv[1:])
