"""Drives pages of `show --format html` in headless Chromium, as somebody who looks at them would.

    drive.py FLEET.html HOSTILE.html [SCREENSHOT.html SCREENSHOT.png]

FLEET is a page of a thousand clusters, HOSTILE one of a source that tries to break out. It ends with 1, and says why, if
something is not as it should be. ChromeDriver and Chromium must be there; no network is asked for anything.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ENTER, ESCAPE, CONTROL = "\ue007", "\ue00c", "\ue009"
HOME, END, LEFT, UP, RIGHT, DOWN = "\ue011", "\ue010", "\ue012", "\ue013", "\ue014", "\ue015"
# What somebody still takes for at once; ten times what was measured.
MOST_TO_LOAD, MOST_TO_FILTER = 10_000, 1_500


class Browser:
    """A session of ChromeDriver."""

    def __init__(self, scratch):
        binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        self.log = open(os.path.join(scratch, "driver"), "w+")
        self.process = subprocess.Popen(["chromedriver", "--port=0"], stdout=self.log, stderr=subprocess.STDOUT)
        self.session = self.base = None
        self.base = f"http://127.0.0.1:{self.port()}"
        arguments = ["headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync",
                     "disable-background-networking", "disable-component-update", "disable-dev-shm-usage",
                     "window-size=1400,900", "user-data-dir=" + os.path.join(scratch, "profile")]
        wanted = {"goog:chromeOptions": {"binary": binary, "args": arguments},
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = "/session/" + made["sessionId"]
        self.version = made["capabilities"]["browserVersion"]

    def port(self):
        for _ in range(300):
            self.log.seek(0)
            found = re.search(r"on port (\d+)\.", self.log.read())
            if found:
                return found.group(1)
            time.sleep(0.1)
        raise SystemExit("ChromeDriver does not start")

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + (self.session or "") + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.read().decode()}") from None

    def close(self):
        if self.session:
            self.call("DELETE", "")
        self.process.terminate()
        self.process.wait()

    def open(self, path):
        self.call("POST", "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def keys(self, *keys):
        """Types keys, one after the other; a tuple is a key with those before it held down."""
        actions = []
        for key in keys:
            held = key if isinstance(key, tuple) else (key,)
            actions += [{"type": "keyDown", "value": one} for one in held]
            actions += [{"type": "keyUp", "value": one} for one in reversed(held)]
        body = {"actions": [{"type": "key", "id": "keys", "actions": actions}]}
        self.call("POST", "/actions", body)

    def click(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        self.call("POST", f"/element/{next(iter(found.values()))}/click", {})

    def prefer(self, scheme):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        command = {"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}}
        self.call("POST", "/goog/cdp/execute", command)

    def logs(self, kind):
        return self.call("POST", "/se/log", {"type": kind})


def same(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: {found!r}, not {wanted!r}")


def true(what, holds):
    if not holds:
        raise SystemExit(what)


FOCUS = """const at = document.activeElement;
return [at.id || at.tagName, at.tagName === "TD" ? Number(at.dataset.c) : -1,
  at.parentElement.sectionRowIndex === undefined ? -1 : at.parentElement.sectionRowIndex]"""
ROWS = "return document.querySelector('#matrix').tBodies[0].rows.length"
FOUND = "return document.getElementById('found').textContent"
TITLE = "const title = document.querySelector('#panel h2'); return title && title.textContent"


def a_thousand_clusters(browser, path):
    browser.open(path)
    loaded = browser.run("const [it] = performance.getEntriesByType('navigation'); return it.loadEventEnd")
    true(f"the page took {loaded:.0f} ms to load", 0 < loaded < MOST_TO_LOAD)
    same("all clusters are there", browser.run(FOUND), "1,000 clusters")

    # The filter: by key, by variable, cluster, controller and identity, and by text.
    browser.keys("/")
    same("`/` goes to the filter", browser.run(FOCUS)[0], "filter")
    browser.keys(*"env=prod")
    same("a variable", browser.run(FOUND), "333 of 1,000 clusters")
    browser.keys(" ", *"cluster:eks-00001")
    same("and a cluster", browser.run(FOUND), "1 of 1,000 clusters")
    filtering = """const input = document.getElementById('filter');
      input.value = arguments[0];
      const start = performance.now();
      input.dispatchEvent(new Event('input'));
      document.body.getBoundingClientRect();
      return [document.getElementById('found').textContent, performance.now() - start]"""
    slowest = 0
    for line, wanted in [
        ("", "1,000 clusters"), ("identity:-flux-kms", "334 of 1,000 clusters"), ("cloud:azure", "333 of 1,000 clusters"),
        ("aks-000004", "1 of 1,000 clusters"), ("controller:kustomize identity:flux-gar", "0 of 1,000 clusters"),
        ("controller:source identity:flux-gar", "333 of 1,000 clusters"), ("platform=gke env=dev", "111 of 1,000 clusters"),
        ("nothing=here", "0 of 1,000 clusters; no cluster has a value of nothing"), ("is:shared", "334 of 1,000 clusters"),
    ]:
        found, took = browser.run(filtering, line)
        same(line, found, wanted)
        slowest = max(slowest, took)
    columns = "return [...document.querySelectorAll('#matrix thead th')].filter(it => it.offsetParent).map(it => it.textContent)"
    browser.run(filtering, "controller:kustomize")
    same("the columns of a controller", browser.run(columns), ["Cluster", "kustomize-controller"])
    browser.run(filtering, "zzz")
    same("what says that nothing matches", browser.run("return document.getElementById('nothing').hidden"), False)
    browser.keys("/", ESCAPE)
    same("Escape clears the filter", browser.run(FOUND), "1,000 clusters")

    # Equal clusters as one, and each by itself.
    grouped = browser.run(ROWS)
    true(f"{grouped} rows for equal clusters", grouped < 750)
    browser.keys(DOWN, ENTER)
    same("Enter opens the clusters that are one", browser.run(ROWS), grouped + 17)
    browser.keys(ENTER)
    same("and closes them", browser.run(ROWS), grouped)
    browser.click("#grouped")
    same("every cluster has a row", browser.run(ROWS), 1000)
    _, took = browser.run(filtering, "")
    slowest = max(slowest, took)
    true(f"a filter took {slowest:.0f} ms", slowest < MOST_TO_FILTER)

    # The keyboard in the table.
    browser.keys("/", DOWN)
    same("down from the filter", browser.run(FOCUS), ["TH", -1, 0])
    browser.keys(DOWN, DOWN, RIGHT, RIGHT, UP)
    same("arrows", browser.run(FOCUS), ["TD", 1, 1])
    browser.keys((CONTROL, END))
    same("the last cell", browser.run(FOCUS), ["TD", 2, 999])
    visible = """const box = document.activeElement.getBoundingClientRect();
      const room = document.getElementById('scroller').getBoundingClientRect();
      return box.top >= room.top && box.bottom <= room.bottom + 1"""
    same("it is in sight", browser.run(visible), True)
    ring = "return getComputedStyle(document.activeElement).outlineStyle"
    same("what has the focus shows it", browser.run(ring), "solid")
    browser.keys((CONTROL, HOME), DOWN, RIGHT, ENTER)
    same("Enter shows the cluster", browser.run(TITLE), "aks-000001")
    details = browser.run("return document.getElementById('panel').textContent")
    for wanted in ("4a7272f9-f186-41af-9f84-000000000001", "profile aks", "identity.flux:", "Code generated by flux-identity",
                   "`issuer` is not set"):
        true(f"the details do not say {wanted}", wanted in details)
    browser.keys(ESCAPE)
    same("Escape closes them", browser.run("return document.getElementById('panel').hidden"), True)
    same("and goes back", browser.run(FOCUS), ["TD", 0, 1])

    # Identities, and who has them.
    browser.click("#show-identities")
    browser.run(filtering, "identity:100000000000:role/flux-registry")
    same("one identity", browser.run(FOUND), "1 of 1,686 identities")
    held = "return document.querySelector('#matrix').tBodies[0].rows[0].cells[1].textContent"
    same("who has it where", browser.run(held),
         "source-controller, image-reflector-controllerin eks-000000, eks-000060, eks-000120, eks-000180 and 13 more")
    browser.keys("/", DOWN, ENTER)
    same("its name", browser.run(TITLE), "awsarn:aws:iam::100000000000:role/flux-registry")
    holders = browser.run("return document.getElementById('panel').textContent")
    true("its holders", "source-controller in 17 clusters" in holders and "eks-000960" in holders)
    browser.keys(ESCAPE)
    return loaded, slowest


CONTRAST = """
const channel = value => { value /= 255; return value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4; };
const light = color => { const [r, g, b] = color.match(/[\\d.]+/g).map(Number);
  return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b); };
const ground = element => { for (; element; element = element.parentElement) {
  const color = getComputedStyle(element).backgroundColor;
  if (!color.endsWith(', 0)')) return color; } return 'rgb(255, 255, 255)'; };
return arguments[0].map(selector => {
  const element = document.querySelector(selector);
  if (!element) return [selector, 0];
  const [one, other] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
  return [selector, (one + .05) / (other + .05)];
})"""


BESIDE = """return [...document.querySelectorAll('.identity')].slice(0, 50).every(identity => {
  const [cloud, name] = ['.cloud', '.name'].map(part => identity.querySelector(part).getBoundingClientRect());
  return cloud.right < name.left && Math.abs(cloud.top - name.top) < 8; })"""


def light_and_dark(browser, path):
    grounds = []
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.open(path)
        browser.click("#grouped")
        grounds.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
        true("the mark of a cloud stands beside the name", browser.run(BESIDE))
        names = ["h1", "#facts", "#found", "thead th", "tbody th", "tbody .on", ".identity .name", ".count", "footer",
                 ".aws .cloud", ".azure .cloud", ".gcp .cloud"]
        for name, contrast in browser.run(CONTRAST, names):
            true(f"{name} has a contrast of {contrast:.2f} in {scheme}", contrast >= 4.5)
    true(f"light and dark are alike: {grounds}", grounds[0] != grounds[1])
    browser.prefer("light")


def nothing_breaks_out(browser, path):
    browser.open(path)
    browser.run("document.querySelector('tbody th').click(); document.querySelectorAll('details').forEach(it => it.open = true)")
    same("a script of the source ran", browser.run("return window.broken === undefined"), True)
    same("elements of the source", browser.run("return document.querySelectorAll('img, iframe, object, body > b').length"), 0)
    same("scripts", browser.run("return document.scripts.length"), 2)
    said = browser.run("return document.getElementById('panel').textContent")
    for wanted in ("</script><script>window.broken=1</script>", "<img src=x onerror=window.broken=1>", "<!--"):
        true(f"{wanted} is not shown as it was written", wanted in said)
    true("what turns text around is shown", "\u202e" not in said)


def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        browser = Browser(scratch)
        try:
            fleet, hostile, *picture = sys.argv[1:]
            loaded, slowest = a_thousand_clusters(browser, fleet)
            light_and_dark(browser, fleet)
            nothing_breaks_out(browser, hostile)
            if picture:
                browser.open(picture[0])
                browser.run("document.querySelectorAll('tbody tr')[2].cells[1].click(); document.activeElement.blur()")
                with open(picture[1], "wb") as file:
                    file.write(base64.b64decode(browser.call("GET", "/screenshot")))
            same("what the console says", [it["message"] for it in browser.logs("browser")], [])
            pages = {"file://" + os.path.abspath(path) for path in (fleet, hostile, *picture[:1])}
            events = [json.loads(it["message"])["message"] for it in browser.logs("performance")]
            # Chromium asks itself for the page that it begins with; ours are told by the document that asks.
            asked = {it["params"]["request"]["url"] for it in events if it["method"] == "Network.requestWillBeSent"
                     and it["params"]["documentURL"].startswith("file:")}
            same("what was asked for", asked, pages)
        finally:
            browser.close()
    print(f"Chromium {browser.version}: loaded in {loaded:.0f} ms, filtered in {slowest:.0f} ms at most")


if __name__ == "__main__":
    main()
