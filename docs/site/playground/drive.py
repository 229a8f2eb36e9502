"""Drives the playground in headless Chromium, as somebody who tries the language would: `drive.py SITE [SCREENSHOT.png]`.

SITE is a directory of `scripts/site`, or of `scripts/playground` in a directory `playground`. It ends with 1, and says why, if
something is not as it should be. ChromeDriver and Chromium must be there; only this machine is asked for anything.
"""

import base64
import functools
import http.server
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/page"))
from drive import RIGHT, Browser, same, true  # noqa: E402

EXAMPLES = {"One cluster": "one-cluster", "Three clouds": "three-clouds", "Identities across clouds": "cross-cloud",
            "Values from Terraform": "terraform-values", "Two hundred clusters": "two-hundred-clusters"}
STATUS = "return document.getElementById('status').textContent"
CODES = "return [...document.querySelectorAll('#findings a')].map(it => it.textContent)"
CHOOSE = """const select = document.getElementById('example');
  select.value = arguments[0];
  select.dispatchEvent(new Event('change'))"""
# Compiled for the text that is in the editor, and idle.
SETTLED = "return waiting === null && !newer && last !== null && last.text[current] === source.value"
MOST_TO_COMPILE = 5_000


def wait(browser, what, script, *arguments):
    for _ in range(200):
        if browser.run(script, *arguments):
            return
        time.sleep(0.05)
    raise SystemExit(f"{what}: {browser.run(STATUS)}")


def choose(browser, example):
    browser.run("last = null;" + CHOOSE, example)
    wait(browser, example, SETTLED)


def mistakes(browser):
    wait(browser, "the compiler answers", SETTLED)
    same("the findings of the first example", browser.run(CODES), ["F0101", "F0105", "F0203"])
    same("their number", browser.run(STATUS), "3 errors")
    same("the links of codes", browser.run("return document.querySelector('#findings a').getAttribute('href')"),
         "../codes/F0101.html")
    same("what is marked", browser.run("return [...document.querySelectorAll('#marks .mark')].map(it => it.textContent)"),
         ["source-controler", "acount", "11112222333"])
    browser.click("#findings .place")
    selected = "return source.value.slice(source.selectionStart, source.selectionEnd)"
    same("the place of a finding", browser.run(selected), "source-controler")
    same("has the focus", browser.run("return document.activeElement.id"), "source")
    for left in (["F0105", "F0203"], ["F0203"]):
        browser.click("#findings .apply")
        wait(browser, "an edit is compiled", "return " + CODES[len("return "):] + ".join() === arguments[0]", ",".join(left))
    same("nothing is generated yet", browser.run("return [built.page, document.getElementById('text').textContent]"), [None, ""])
    same("which is said", browser.run("return document.getElementById('stale').textContent"),
         "The source has errors: nothing is generated.")


def examples(browser):
    for name, directory in EXAMPLES.items():
        start = time.monotonic()
        choose(browser, name)
        took = round((time.monotonic() - start) * 1000)
        true(f"{name} took {took} ms", took < MOST_TO_COMPILE)
        overlays = {overlay["path"]: overlay["text"] for overlay in browser.run("return last.overlays")}
        root = ROOT / "examples" / directory
        committed = sorted(root.glob("clusters/**/kustomization.yaml"))
        true(f"{name} has overlays", committed and len(overlays) >= len(committed))
        for path in committed:
            path_in_fleet = str(path.relative_to(root))
            same(f"{name}: {path_in_fleet}", overlays.get(path_in_fleet), path.read_text())
        print(f"{name}: {len(overlays)} overlays in {took} ms")


def editing(browser):
    choose(browser, "One cluster")
    browser.click("#source")
    browser.run("source.setSelectionRange(source.value.length, source.value.length)")
    browser.keys(*"\ncluster more on gke { source-controller -> gcp direct }\n")
    wait(browser, "typing compiles", SETTLED)
    same("a cluster more", browser.run("return last.overlays.length"), 2)
    browser.run("""const select = document.getElementById('overlay');
      select.selectedIndex = 1;
      select.dispatchEvent(new Event('change'))""")
    true("its overlay is shown", "kind: Kustomization" in browser.run("return document.getElementById('text').textContent"))
    browser.keys(*"cluster { ")
    wait(browser, "an error", "return last.findings.summary.errors > 0")
    same("the last overlays stay", browser.run("return document.getElementById('stale').hidden"), False)
    true("they are there", "kind: Kustomization" in browser.run("return document.getElementById('text').textContent"))
    same("no format for broken text", browser.run("return document.getElementById('format').disabled"), True)

    choose(browser, "One cluster")
    formatted = browser.run("return source.value")
    browser.run("source.value = source.value.replace(/  /g, '      ') + '\\n\\n\\n'; changed()")
    wait(browser, "the change is compiled", SETTLED)
    browser.click("#format")
    wait(browser, "the format is compiled", SETTLED)
    same("the formatted source", browser.run("return source.value"), formatted)


def fleet(browser):
    choose(browser, "Three clouds")
    browser.run("document.getElementById('tab-overlays').focus()")
    browser.keys(RIGHT)
    same("an arrow goes to the next tab", browser.run("return document.activeElement.id"), "tab-fleet")
    same("and shows it", browser.run("return document.getElementById('fleet').hidden"), False)
    frame = browser.call("POST", "/element", {"using": "css selector", "value": "#page"})
    browser.call("POST", "/frame", {"id": frame})
    wait_rows = "const table = document.querySelector('#matrix'); return table && table.tBodies[0].rows.length > 3"
    for _ in range(100):
        if browser.run(wait_rows):
            break
        time.sleep(0.05)
    true("the page of show has its clusters", browser.run(wait_rows))
    browser.call("POST", "/frame", {"id": None})
    browser.keys(RIGHT)
    same("and around", browser.run("return document.activeElement.id"), "tab-overlays")


def files(browser):
    choose(browser, "Values from Terraform")
    tabs = "return [...document.getElementById('files').children].map(it => it.textContent)"
    same("the files", browser.run(tabs), ["identity.flux", "values.json"])
    browser.click("#files button:last-child")
    true("the other file", browser.run("return source.value").startswith("{"))


def failure(browser):
    choose(browser, "One cluster")
    browser.run("worker.postMessage({ id: 1, files: null })")
    wait(browser, "a failure is shown", "return status.className === 'error'")
    browser.run("restart('Started anew.')")
    wait(browser, "the compiler is back", "return status.className === '' && waiting === null")


def names(browser):
    """Every control has a name, and no text is hard to read."""
    unnamed = """return [...document.querySelectorAll('button, select, textarea, iframe, a, [role=tablist]')].filter(it =>
      !(it.textContent.trim() || it.getAttribute('aria-label') || it.title || (it.labels && it.labels.length)))
      .map(it => it.outerHTML)"""
    same("controls without a name", browser.run(unnamed), [])


def main(site, screenshot=None):
    handler = functools.partial(Quiet, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as scratch:
        browser = Browser(scratch)
        try:
            browser.call("POST", "/url", {"url": f"{origin}/playground/index.html"})
            for part in (mistakes, examples, editing, fleet, files, names):
                part(browser)
            requests = [json.loads(entry["message"])["message"] for entry in browser.logs("performance")]
            asked = {it["params"]["request"]["url"] for it in requests if it["method"] == "Network.requestWillBeSent"}
            others = [url for url in asked if url.startswith(("http", "ws")) and not url.startswith(origin + "/")]
            same("requests elsewhere", others, [])
            wrong = [entry["message"] for entry in browser.logs("browser") if entry["level"] == "SEVERE"]
            same("errors in the console", wrong, [])
            failure(browser)
            if screenshot:
                choose(browser, "Three mistakes")
                picture(browser, screenshot)
                choose(browser, "Three clouds")
                browser.click("#tab-fleet")
                time.sleep(0.5)
                browser.prefer("dark")
                picture(browser, screenshot.replace(".png", "-dark.png"))
            print(f"Chromium {browser.version}")
        finally:
            browser.close()
            server.shutdown()


def picture(browser, path):
    Path(path).write_bytes(base64.b64decode(browser.call("GET", "/screenshot")))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
