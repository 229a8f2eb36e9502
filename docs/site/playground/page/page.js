// The playground: the source on one side, what the compiler makes of it on the other.
"use strict";

const PAUSE = 150; // Milliseconds without a key before the source is compiled.
const PATIENCE = 10_000; // Milliseconds after which the compiler is started anew.
const KEYWORDS =
  /^(profile|cluster|role|let|use|on|trust|resource|component|patch|allow|include|values|require|isolate|by|service-account|aws|azure|gcp|direct|none)$/;

const element = (id) => document.getElementById(id);
const [source, marks, gutter, status] = ["source", "marks", "gutter", "status"].map(element);

let files = {};
let current = "identity.flux";
let last = null; // The last answer.
let built = { overlays: [], page: null }; // What the last source without errors gave.
let shown = null; // The path of the overlay that is shown.

// ---- The compiler ----

let worker;
let waiting = null; // The question that the compiler works on, and the timer that ends it.
let newer = false; // Whether the source has changed since.
let timer;

function start() {
  worker = new Worker("worker.js");
  worker.onmessage = ({ data }) => {
    if (data.ready) {
      compile();
    } else if (data.id === undefined) {
      fail("The compiler cannot be loaded: " + data.failure);
    } else {
      clearTimeout(waiting);
      waiting = null;
      if (data.failure === undefined) show(data.answer);
      else restart("The compiler failed: " + data.failure);
      if (newer) compile();
    }
  };
  worker.onerror = (event) => fail("The compiler cannot be started: " + event.message);
}

function restart(reason) {
  worker.terminate();
  clearTimeout(waiting);
  waiting = null;
  newer = false;
  fail(reason);
  start();
}

function fail(reason) {
  status.textContent = reason;
  status.className = "error";
}

function compile() {
  newer = waiting !== null;
  if (newer) return;
  waiting = setTimeout(() => restart("The compiler did not answer."), PATIENCE);
  worker.postMessage({ id: 1, files });
}

function changed() {
  files[current] = source.value;
  draw();
  clearTimeout(timer);
  timer = setTimeout(compile, PAUSE);
}

// ---- The source ----

// The findings of the file that is shown, as ranges of characters.
function ranges() {
  if (last === null || last.text[current] !== source.value) return [];
  const bytes = new TextEncoder().encode(source.value);
  const decoder = new TextDecoder();
  const index = (byte) => decoder.decode(bytes.subarray(0, byte)).length;
  const isAscii = bytes.length === source.value.length;
  const found = last.findings.findings.flatMap(({ level, labels }) => {
    const [label] = labels;
    if (!label || !label.region || label.region.file !== current) return [];
    const { start, end } = label.bytes;
    const [from, to] = isAscii ? [start, end] : [index(start), index(end)];
    return [{ level, start: from, end: Math.max(to, from + 1) }];
  });
  // The most severe of those that overlap comes first.
  const levels = ["error", "warning", "note"];
  return found.sort((one, other) => levels.indexOf(one.level) - levels.indexOf(other.level));
}

// Text as pieces of one kind: comments, strings, keywords, and the rest.
function pieces(text, pattern, kind) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const name = kind(match[0]);
    if (name === null) continue;
    if (match.index > at) found.push({ name: "", start: at, end: match.index });
    at = match.index + match[0].length;
    found.push({ name, start: match.index, end: at });
  }
  if (at < text.length) found.push({ name: "", start: at, end: text.length });
  return found;
}

function span(name, text) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

function kindOfWord(word) {
  if (word[0] === "#") return "comment";
  if (word[0] === '"') return "string";
  return KEYWORDS.test(word) ? "key" : null;
}

function draw() {
  const text = source.value;
  const marked = ranges();
  const drawn = document.createDocumentFragment();
  for (const { name, start, end } of pieces(text, /#[^\n]*|"[^"\n]*"?|[A-Za-z][\w.-]*/g, kindOfWord)) {
    // A piece ends where a mark begins or ends.
    let at = start;
    while (at < end) {
      const mark = marked.find((range) => range.start <= at && at < range.end);
      const next = mark ? mark.end : Math.min(...marked.map((range) => range.start).filter((start) => start > at), end);
      const to = Math.min(next, end);
      const part = text.slice(at, to);
      if (mark || name) drawn.append(span(mark ? `${name} mark ${mark.level}` : name, part));
      else drawn.append(part);
      at = to;
    }
  }
  marks.replaceChildren(drawn, "\n");
  const lines = text.split("\n").length;
  gutter.textContent = Array.from({ length: lines }, (_, line) => line + 1).join("\n") + "\n\n";
  scroll();
}

function scroll() {
  marks.scrollTop = gutter.scrollTop = source.scrollTop;
  marks.scrollLeft = source.scrollLeft;
}

function open(file) {
  current = file;
  source.value = files[file];
  for (const tab of element("files").children) {
    const isShown = tab.textContent === file;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
  }
  draw();
}

function load(example) {
  files = { ...EXAMPLES[example] };
  const tabs = Object.keys(files).map((file) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.textContent = file;
    tab.onclick = () => open(file);
    return tab;
  });
  element("files").replaceChildren(...tabs);
  open(Object.keys(files)[0]);
  source.scrollTop = source.scrollLeft = 0;
  shown = null;
  built = { overlays: [], page: null };
  drawOverlays();
  element("page").srcdoc = "";
}

function select({ file, start, end }) {
  if (files[file] === undefined) return;
  if (file !== current) open(file);
  const lines = source.value.split("\n");
  const position = ({ line, column }) => {
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    return before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  };
  source.focus();
  source.setSelectionRange(position(start), position(end));
  source.scrollTop = Math.max(0, (start.line - 4) * 20);
}

function apply({ region, replacement }) {
  select(region);
  source.setRangeText(replacement, source.selectionStart, source.selectionEnd, "end");
  changed();
}

// ---- What the compiler says ----

function show(answer) {
  if (answer.failure !== undefined) return fail(answer.failure);
  last = { ...answer, text: { ...files } };
  const isRight = answer.page !== null;
  if (isRight) built = answer;
  element("stale").hidden = isRight;
  element("stale").textContent =
    built.page === null ? "The source has errors: nothing is generated." : "The source has errors. This is what it gave before.";
  status.className = answer.findings.summary.errors > 0 ? "error" : "";
  status.textContent = summary(answer);
  element("format").disabled = answer.formatted === null;
  element("findings").replaceChildren(...listed(answer.findings.findings));
  if (isRight) {
    drawOverlays();
    element("page").srcdoc = answer.page;
  }
  draw();
}

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function summary({ findings: { summary }, overlays }) {
  const parts = ["error", "warning", "note"]
    .map((level) => [summary[level + "s"], level])
    .filter(([number]) => number > 0)
    .map(([number, level]) => count(number, level));
  if (summary.errors === 0) parts.unshift(count(overlays.length, "generated file"));
  return parts.join(", ");
}

function listed(findings) {
  if (findings.length > 0) return findings.map(finding);
  const nothing = document.createElement("li");
  nothing.className = "nothing";
  nothing.textContent = "Nothing is wrong.";
  return [nothing];
}

function finding({ code, level, message, file, labels, helps, notes }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `../codes/${code}.html`;
  link.target = "_blank";
  link.textContent = code;
  item.append(span("level " + level, level), " ", link, " ");
  const place = labels.length > 0 ? labels[0].region : null;
  if (place) item.append(button("place", `${place.file}:${place.start.line}:${place.start.column}`, () => select(place)));
  else if (file) item.append(span("place", file));
  item.append(paragraph("message", message));
  for (const { text, region } of labels) {
    if (text === "") continue;
    const where = region && region !== place ? ` (line ${region.start.line})` : "";
    item.append(paragraph("label", text + where));
  }
  for (const { text, edit } of helps) {
    const help = paragraph("help", "Help: " + text);
    if (edit && edit.region && files[edit.region.file] !== undefined) {
      help.append(button("apply", "Apply", () => apply(edit)));
    }
    item.append(help);
  }
  for (const note of notes) item.append(paragraph("note-text", "Note: " + note));
  return item;
}

function button(name, text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = name;
  made.textContent = text;
  made.onclick = action;
  return made;
}

// Text with code in backticks.
function paragraph(name, text) {
  const made = document.createElement("p");
  made.className = name;
  text.split("`").forEach((part, at) => {
    if (at % 2 === 0) return made.append(part);
    const code = document.createElement("code");
    code.textContent = part;
    made.append(code);
  });
  return made;
}

function drawOverlays() {
  const paths = built.overlays.map(({ path }) => path);
  if (!paths.includes(shown)) shown = paths[0] ?? null;
  element("overlay").replaceChildren(...paths.map((path) => new Option(path, path, false, path === shown)));
  drawOverlay();
}

function drawOverlay() {
  const { text } = built.overlays.find(({ path }) => path === shown) ?? { text: "" };
  const kind = (word) => (word.trimStart()[0] === "#" ? "comment" : "key");
  const parts = pieces(text, /^\s*#.*|^[\s-]*[\w./-]+:(?=\s|$)/gm, kind);
  element("text").replaceChildren(...parts.map(({ name, start, end }) => span(name, text.slice(start, end))));
}

// ---- Controls ----

// The keys of a list of tabs. Source: "Tabs Pattern" of the ARIA Authoring Practices Guide.
function keys(list) {
  list.addEventListener("keydown", (event) => {
    const tabs = [...list.children];
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    tab.click();
    tab.focus();
  });
}

function view(chosen) {
  for (const tab of element("views").children) {
    const isShown = tab === chosen;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    element(tab.getAttribute("aria-controls")).hidden = !isShown;
  }
  element("overlay").hidden = chosen.id !== "tab-overlays";
}

source.addEventListener("input", changed);
source.addEventListener("scroll", scroll);
element("overlay").addEventListener("change", ({ target }) => {
  shown = target.value;
  drawOverlay();
});
element("example").addEventListener("change", ({ target }) => {
  load(target.value);
  compile();
});
element("format").addEventListener("click", () => {
  if (last === null || last.formatted === null || current !== "identity.flux") return;
  source.value = last.formatted;
  changed();
});
for (const tab of element("views").children) tab.addEventListener("click", () => view(tab));
for (const list of [element("files"), element("views")]) keys(list);

const names = Object.keys(EXAMPLES);
element("example").append(...names.map((name) => new Option(name, name)));
load(names[0]);
start();
