"use strict";
// The page of `show --format html`. All text reaches the page as text: nothing is ever read as HTML.

const fleet = JSON.parse(document.getElementById("fleet").textContent);
const { strings, columns, identities, entries } = fleet;
const text = (at) => strings[at];
const byId = (id) => document.getElementById(id);

function make(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== ""));
  return element;
}

const number = (value) => value.toLocaleString("en");
const plural = (value, noun, many) => `${number(value)} ${value === 1 ? noun : many || noun + "s"}`;

// ---- Clusters and identities -----------------------------------------------------

for (const identity of identities) {
  identity.name = text(identity.t);
  identity.short = text(identity.s);
  identity.holders = identity.h.map(([who, names]) => ({ who: text(who), clusters: names.map(text) }));
  identity.clusters = new Set(identity.holders.flatMap((holder) => holder.clusters)).size;
  identity.lower = identity.name.toLowerCase();
}
const clusters = fleet.clusters.map((raw, at) => {
  const values = new Map([["cluster", raw.n], ["platform", raw.p]]);
  for (const entry of raw.s) {
    const [kind, name, value] = entries[entry];
    if ((kind === "setting" || kind === "variable") && value !== null) values.set(text(name), text(value));
  }
  const cells = raw.c.map((cell) => cell.map(([identity, way, account]) =>
    ({ identity: identities[identity], way: text(way), account: account === null ? "" : text(account) })));
  const words = [raw.n, raw.p, ...raw.u.map(text), ...values.values()];
  for (const held of cells.flat()) words.push(held.identity.name, held.account);
  return { ...raw, at, values, cells, words: words.join("\n").toLowerCase() };
});
const clusterOf = new Map(clusters.map((cluster) => [cluster.n, cluster]));
const variables = new Map();
for (const cluster of clusters) {
  for (const [name, value] of cluster.values) {
    if (name === "cluster") continue;
    if (!variables.has(name)) variables.set(name, new Set());
    variables.get(name).add(value);
  }
}

// ---- The filter ------------------------------------------------------------------------------------

/** What a filter asks for. What is written without a `:` or `=` is looked for everywhere. */
function parse(line) {
  const asks = { plain: [], cluster: [], controller: [], identity: [], cloud: [], values: [], shared: false, both: false };
  for (const [term] of line.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)) {
    const word = term.replaceAll('"', "");
    const colon = word.match(/^(cluster|controller|identity|cloud|is):(.*)$/i);
    const equals = word.indexOf("=");
    if (colon) {
      const [, kind, wanted] = colon;
      if (kind.toLowerCase() === "is") {
        asks.shared ||= wanted === "shared";
        asks.both ||= wanted === "both";
      } else if (wanted) asks[kind.toLowerCase()].push(wanted.toLowerCase());
    } else if (equals > 0) asks.values.push([word.slice(0, equals), word.slice(equals + 1)]);
    else asks.plain.push(word.toLowerCase());
  }
  asks.ofCells = asks.controller.length + asks.identity.length + asks.cloud.length > 0 || asks.shared || asks.both;
  return asks;
}

const inColumn = (asks, column) => asks.controller.every((wanted) => columns[column].includes(wanted));
const isHit = (asks, held) =>
  asks.cloud.every((wanted) => held.identity.p === wanted) &&
  asks.identity.every((wanted) => held.identity.lower.includes(wanted)) &&
  (!asks.shared || held.identity.clusters > 1) && (!asks.both || held.identity.b);
const hasHit = (asks, cluster) =>
  cluster.cells.some((cell, column) => inColumn(asks, column) && cell.some((held) => isHit(asks, held)));
const isWanted = (asks, cluster) =>
  asks.cluster.every((wanted) => cluster.n.toLowerCase().includes(wanted)) &&
  asks.values.every(([name, value]) => cluster.values.get(name) === value) &&
  asks.plain.every((wanted) => cluster.words.includes(wanted)) &&
  (!asks.ofCells || hasHit(asks, cluster));

// ---- The page ----------------------------------------------------------------------------

const state = { view: "clusters", filter: "", grouped: clusters.length > 40, open: new Set(), asks: parse("") };
const [matrix, filter, panel, scroller] = ["matrix", "filter", "panel", "scroller"].map(byId);
const [head, body] = [matrix.tHead, matrix.tBodies[0]];

/** A name that may be broken after each of its parts. */
function breakable(name) {
  const parts = name.split(/(?<=[/:@])/);
  return parts.flatMap((part, at) => (at ? [document.createElement("wbr"), part] : [part]));
}

const cloud = (provider) => make("span", { class: "cloud" }, provider);
const bothMark = () => make("span", { class: "both" }, "pulls + decrypts");

/** A name, and the marks that it has. */
const what = (name, ...marks) => make("div", { class: "what" },
  make("span", { class: "name" }, name), marks.filter(Boolean).map((mark) => [" ", mark]));

function pill(provider, name, account, identity) {
  return make("div", { class: `identity ${provider}`, title: identity ? identity.name : name },
    cloud(provider),
    what([account ? make("span", { class: "of" }, `${account} `) : "", breakable(name)],
      identity && identity.clusters > 1
        ? make("span", { class: "count", title: `in ${plural(identity.clusters, "cluster")}` }, `×${number(identity.clusters)}`) : "",
      identity && identity.b ? bothMark() : ""));
}

function heading(names) {
  const cell = (name, at) => make("th", { role: "columnheader", scope: "col", "data-c": at ? at - 1 : undefined }, name);
  head.replaceChildren(make("tr", { role: "row" }, names.map(cell)));
}

const cellProps = (column) => ({ role: "gridcell", tabindex: -1, "data-c": column });
const rowHead = (...children) => make("th", { role: "rowheader", scope: "row", tabindex: -1 }, children);

const rowsOfClusters = new Map();
function clusterRow(cluster, isMember) {
  const known = rowsOfClusters.get(cluster);
  if (known) {
    known.classList.toggle("member", isMember);
    return known;
  }
  const cells = cluster.cells.map((cell, column) => make("td", cellProps(column),
    cell.length ? cell.map((held) => pill(held.identity.p, held.identity.short, held.account, held.identity))
      : make("span", { class: "none" }, "–")));
  const row = make("tr", { role: "row" }, rowHead(make("span", { class: "on" }, cluster.p), cluster.n), cells);
  row.opens = () => showCluster(cluster);
  row.cluster = cluster;
  row.classList.toggle("member", isMember);
  rowsOfClusters.set(cluster, row);
  return row;
}

function groupRow(group, members) {
  const isOpen = state.open.has(group);
  const names = members.slice(0, 3).map((cluster) => cluster.n).join(", ");
  const more = members.length > 3 ? ` and ${number(members.length - 3)} more` : "";
  const cells = fleet.groups[group].map((cell, column) => make("td", cellProps(column),
    cell.length ? cell.map(([provider, account, name]) => pill(provider, text(name), account === null ? "" : text(account)))
      : make("span", { class: "none" }, "–")));
  const row = make("tr", { role: "row", "aria-expanded": String(isOpen) },
    rowHead(make("span", { class: "fold", "aria-hidden": "true" }, isOpen ? "▾" : "▸"),
      make("span", { class: "on" }, members[0].p), plural(members.length, "cluster"), make("small", {}, `${names}${more}`)), cells);
  row.opens = () => {
    if (!state.open.delete(group)) state.open.add(group);
    draw();
    const again = [...body.rows].find((other) => other.group === group);
    if (again) focusCell(again.cells[0]);
  };
  row.group = group;
  return row;
}

const few = (all, most) => all.slice(0, most).join(", ") + (all.length > most ? ` and ${number(all.length - most)} more` : "");

/** Who has an identity, and where: those that have it in the same clusters together. */
function uses(identity) {
  const together = new Map();
  for (const { who, clusters: where } of identity.holders) {
    const key = where.join("\n");
    if (!together.has(key)) together.set(key, { who: [], where });
    together.get(key).who.push(who);
  }
  const all = [...together.values()];
  const more = all.slice(4).flatMap((use) => use.who).length;
  return [...all.slice(0, 4).map(({ who, where }) => make("div", { class: "use" }, few(who, 4),
    make("small", { class: "path" }, "in ", few(where, 4)))), more ? make("small", { class: "path" }, `and ${number(more)} more`) : ""];
}

const rowsOfIdentities = new Map();
function identityRow(identity) {
  const known = rowsOfIdentities.get(identity);
  if (known) return known;
  const row = make("tr", { role: "row" },
    rowHead(make("div", { class: `identity ${identity.p}` }, cloud(identity.p),
      what(breakable(identity.name), identity.b ? bothMark() : ""))),
    make("td", cellProps(0), uses(identity)),
    make("td", cellProps(1), make("b", {}, number(identity.clusters))));
  row.opens = () => showIdentity(identity);
  row.identity = identity;
  rowsOfIdentities.set(identity, row);
  return row;
}

function clusterRows(asks) {
  const wanted = clusters.filter((cluster) => isWanted(asks, cluster));
  byId("found").textContent = found(wanted.length, clusters.length, "cluster") + nobodyHas(asks);
  if (!state.grouped) return wanted.map((cluster) => clusterRow(cluster, false));
  const groups = new Map();
  for (const cluster of wanted) {
    if (!groups.has(cluster.g)) groups.set(cluster.g, []);
    groups.get(cluster.g).push(cluster);
  }
  return [...groups].flatMap(([group, members]) => {
    if (members.length === 1) return [clusterRow(members[0], false)];
    const below = state.open.has(group) ? members.map((cluster) => clusterRow(cluster, true)) : [];
    return [groupRow(group, members), ...below];
  });
}

function identityRows(asks) {
  const ofClusters = asks.cluster.length + asks.values.length > 0;
  const wanted = identities.filter((identity) => {
    const holds = (holder) => holder.clusters.some((name) => {
      const cluster = clusterOf.get(name);
      return cluster && asks.cluster.every((part) => name.toLowerCase().includes(part)) &&
        asks.values.every(([key, value]) => cluster.values.get(key) === value);
    });
    return isHit(asks, { identity }) && (!state.grouped || identity.clusters > 1 || identity.b) &&
      asks.controller.every((part) => identity.holders.some((holder) => holder.who.includes(part))) &&
      asks.plain.every((part) => identity.lower.includes(part) ||
        identity.holders.some((holder) => holder.who.includes(part) || holder.clusters.some((name) => name.includes(part)))) &&
      (!ofClusters || identity.holders.some(holds));
  });
  wanted.sort((one, other) => other.b - one.b || other.clusters - one.clusters || (one.name < other.name ? -1 : 1));
  byId("found").textContent = found(wanted.length, identities.length, "identity", "identities") + nobodyHas(asks);
  return wanted.map(identityRow);
}

const found = (some, all, noun, many) =>
  some === all ? plural(all, noun, many) : `${number(some)} of ${plural(all, noun, many)}`;
const nobodyHas = (asks) =>
  asks.values.filter(([name]) => name !== "cluster" && !variables.has(name)).map(([name]) => `; no cluster has a value of ${name}`).join("");

function draw() {
  const asks = state.asks = parse(state.filter);
  const isMatrix = state.view === "clusters";
  byId("grouped").checked = state.grouped;
  byId("grouped-says").textContent = isMatrix ? "Equal clusters as one" : "Shared ones alone";
  const hidden = isMatrix ? columns.map((_, at) => at).filter((at) => !inColumn(asks, at)) : [];
  // A filter that matches no column hides no column: the table has no rows then.
  matrix.dataset.hide = hidden.length < columns.length ? hidden.join(" ") : "";
  const left = columns.length - (hidden.length < columns.length ? hidden.length : 0);
  matrix.style.setProperty("--columns", isMatrix
    ? `minmax(15rem, 1fr) repeat(${left}, minmax(12.5rem, 1fr))` : "minmax(20rem, 3fr) minmax(16rem, 2fr) 7rem");
  matrix.style.setProperty("--least", isMatrix ? `${15 + 12.5 * left}rem` : "44rem");
  heading(isMatrix ? ["Cluster", ...columns] : ["Identity", "Held by", "Clusters"]);
  const rows = isMatrix ? clusterRows(asks) : identityRows(asks);
  const marks = asks.identity.length + asks.cloud.length > 0 || asks.shared || asks.both;
  for (const row of rows) {
    if (row.marked || marks) mark(row, asks, marks);
  }
  body.replaceChildren(...rows);
  matrix.setAttribute("aria-rowcount", rows.length + 1);
  byId("nothing").hidden = rows.length > 0;
  byId("legend").hidden = !isMatrix || rows.length === 0;
  markOpened();
  if (rows.length && !body.querySelector('[tabindex="0"]')) rows[0].cells[0].tabIndex = 0;
}

/** Marks the identities that were looked for. */
function mark(row, asks, marks) {
  row.marked = marks;
  if (!row.cluster) return;
  row.cluster.cells.forEach((cell, column) => cell.forEach((held, at) =>
    row.cells[column + 1].children[at].classList.toggle("hit", marks && isHit(asks, held))));
}

function markOpened() {
  for (const row of body.rows) {
    const isOpened = panel.shows !== undefined && (row.cluster === panel.shows || row.identity === panel.shows);
    if (isOpened) row.setAttribute("aria-current", "true");
    else if (row.hasAttribute("aria-current")) row.removeAttribute("aria-current");
  }
}

// ---- Details ----------------------------------------------------------------------------------------

function open(shows, ...children) {
  if (panel.hidden) panel.opener = document.activeElement;
  panel.shows = shows;
  panel.replaceChildren(...children.flat(Infinity));
  panel.hidden = false;
  panel.scrollTop = 0;
  panel.focus();
  markOpened();
}

function close() {
  panel.hidden = true;
  panel.shows = undefined;
  panel.replaceChildren();
  markOpened();
  const back = panel.opener;
  if (back && back.isConnected && back !== document.body) focusCell(back);
  else filter.focus();
}

const top_ = (...title) => make("div", { class: "top" }, make("h2", {}, title),
  make("button", { type: "button", "aria-label": "Close", onclick: close }, "✕"));
const section = (title, isOpen, ...children) =>
  make("details", { open: isOpen }, make("summary", {}, title), children);
const table = (names, rows) => make("table", {},
  make("thead", {}, make("tr", {}, names.map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, rows));
const linkTo = (name, opens) => make("button", { type: "button", class: "link", onclick: opens }, breakable(name));

function clusterLink(name) {
  const cluster = clusterOf.get(name);
  return cluster ? linkTo(name, () => showCluster(cluster)) : name;
}

function showCluster(cluster) {
  const has = cluster.cells.flatMap((cell, column) => cell.map((held) => make("tr", {},
    make("td", {}, held.account || columns[column]),
    make("td", {}, make("div", { class: `identity ${held.identity.p}` }, cloud(held.identity.p),
      what(linkTo(held.identity.name, () => showIdentity(held.identity)), held.identity.b ? bothMark() : ""))),
    make("td", { class: "way" }, held.way),
    make("td", {}, held.identity.clusters > 1 ? `${number(held.identity.clusters - 1)} more` : ""))));
  const place = ([file, line]) => `${text(file)}:${line}`;
  const sayer = (saying) => make("div", { class: "by" }, text(saying[2]), make("span", { class: "said-at" }, place(saying)));
  const said = cluster.s.flatMap((at) => {
    const [kind, name, value, written, sayings, hides] = entries[at];
    const shown = kind === "mapping" || value === null ? text(written) : text(value);
    const note = kind !== "mapping" && value === null ? " (nothing needs it here)" : "";
    const quoted = (kind === "setting" || kind === "variable") && value !== null && text(written).startsWith('"') ? `"${shown}"` : shown;
    return [make("tr", {},
      make("td", {}, kind === "setting" ? "" : make("small", { class: "path" }, kind), text(name)),
      make("td", { class: "value" }, quoted, note),
      make("td", {}, sayings.map(sayer))),
    ...hides.map((saying) => make("tr", { class: "hidden-one" }, make("td"),
      make("td", { class: "value" }, `hides ${text(saying[3])}`),
      make("td", {}, sayer(saying))))];
  });
  const lines = (all) => make("pre", { tabindex: 0 }, all.map(text).join("\n"));
  const overlay = cluster.d.flatMap(([path, all]) => [make("h3", {}, text(path)), lines(all)]);
  const trust = cluster.t.missing
    ? [make("p", { class: "missing" }, "What each cloud must trust is not known yet:"),
      make("ul", {}, cluster.t.missing.map((missing) => make("li", {}, text(missing))))]
    : [cluster.t.told.length ? make("p", { class: "path" }, "Only the part of this cluster; `flux-identity trust` writes that of the whole fleet.") : make("p", {}, "No cloud must trust anything of this cluster."),
      ...cluster.t.told.flatMap(([what, all]) => [make("h3", {}, text(what)), lines(all)])];
  open(cluster,
    top_(cluster.n),
    make("p", { class: "path" }, `on ${cluster.p} · ${place([cluster.f, cluster.l])}`,
      cluster.u.length ? ` · uses ${cluster.u.map(text).join(", ")}` : ""),
    section("Has", true, has.length ? table(["Who", "Identity", "By way of", "Shared with"], has) : make("p", {}, "Nobody has an identity.")),
    section("Where that is said", true, table(["Name", "Value", "Said by"], said)),
    section("Overlay", false, overlay),
    section("Trust", false, trust));
}

function showIdentity(identity) {
  const holders = identity.holders.map((holder) => {
    const some = holder.clusters.slice(0, 300);
    const more = holder.clusters.length - some.length;
    return section(`${holder.who} in ${plural(holder.clusters.length, "cluster")}`, true,
      make("ul", { class: "names" }, some.map((name) => make("li", {}, clusterLink(name))),
        more ? make("li", {}, `and ${number(more)} more`) : ""));
  });
  open(identity,
    top_(make("span", { class: identity.p }, cloud(identity.p)), identity.name),
    make("p", { class: "path" }, identity.clusters > 1 ? `shared by ${plural(identity.clusters, "cluster")}` : "in one cluster"),
    identity.b ? make("p", {}, bothMark(), " Who pulls with it can decrypt with it, and the other way round.") : "",
    make("p", {}, linkTo("Show only clusters that have it", () => {
      state.view = "clusters";
      setFilter(`identity:"${identity.name}"`);
      close();
    })),
    ...holders);
}

// ---- Keys and controls ------------------------------------------------------------------------------

function focusCell(cell) {
  const before = body.querySelector('[tabindex="0"]');
  if (before && before !== cell && before.parentElement.parentElement === body) before.tabIndex = -1;
  if (body.contains(cell)) cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  if (body.contains(cell)) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function move(cell, key, isFar) {
  const row = cell.parentElement;
  const rows = body.rows;
  const shown = [...row.cells].filter((other) => !matrix.dataset.hide.split(" ").includes(other.dataset.c));
  const at = shown.indexOf(cell);
  const line = row.sectionRowIndex;
  const page = Math.max(1, Math.floor(scroller.clientHeight / row.offsetHeight) - 2);
  const down = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[key];
  const right = { ArrowRight: 1, ArrowLeft: -1 }[key];
  let [nextLine, nextAt] = [line, at];
  if (down) nextLine = line + down;
  else if (right) nextAt = at + right;
  else [nextLine, nextAt] = key === "Home" ? [isFar ? 0 : line, 0] : [isFar ? rows.length - 1 : line, shown.length - 1];
  const target = rows[Math.min(Math.max(nextLine, 0), rows.length - 1)];
  const of = [...target.cells].filter((other) => !matrix.dataset.hide.split(" ").includes(other.dataset.c));
  focusCell(of[Math.min(Math.max(nextAt, 0), of.length - 1)]);
}

body.addEventListener("keydown", (event) => {
  const cell = event.target.closest("th, td");
  if (!cell || event.altKey || event.metaKey) return;
  if (/^(Arrow(Up|Down|Left|Right)|Page(Up|Down)|Home|End)$/.test(event.key)) {
    event.preventDefault();
    move(cell, event.key, event.ctrlKey);
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    cell.parentElement.opens();
  } else if (event.key === "i") {
    const { cluster } = cell.parentElement;
    const column = Number(cell.dataset.c);
    const held = cluster && (cluster.cells[column] || [])[0];
    if (held) showIdentity(held.identity);
  }
});
body.addEventListener("click", (event) => {
  const cell = event.target.closest("th, td");
  if (!cell || String(getSelection())) return;
  focusCell(cell);
  cell.parentElement.opens();
});
document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    filter.focus();
    filter.select();
  } else if (event.key === "Escape") {
    if (!panel.hidden) close();
    else setFilter("");
  } else if (event.target === filter && (event.key === "ArrowDown" || event.key === "Enter") && body.rows.length) {
    event.preventDefault();
    focusCell(body.rows[0].cells[0]);
  }
});

/** Puts a term into the filter in the place of those of its kind. */
function setTerm(kind, term) {
  const terms = [...state.filter.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([one]) => one);
  setFilter([...terms.filter((one) => !kind.test(one)), term].filter(Boolean).join(" "));
}

function setFilter(line) {
  filter.value = line;
  filterChanged();
}

function filterChanged() {
  state.filter = filter.value;
  byId("clear").hidden = !state.filter;
  draw();
  scroller.scrollTop = 0;
  showPicks();
  history.replaceState(null, "", state.filter ? `#${encodeURIComponent(state.filter)}` : "#");
}

const picks = Object.fromEntries(["cloud", "controller", "variable", "value"].map((name) => [name, byId(`pick-${name}`)]));
const options = (select, first, all) =>
  select.replaceChildren(make("option", { value: "" }, first), ...all.map((one) => make("option", { value: one }, one)));

/** The selects say what the filter says. */
function showPicks() {
  const { cloud: clouds, controller, values } = state.asks;
  picks.cloud.value = clouds[0] || "";
  picks.controller.value = columns.find((name) => name === controller[0]) || "";
  const [name, value] = values[0] || [];
  if (name !== undefined || !picks.variable.value) picks.variable.value = variables.has(name) ? name : "";
  const known = variables.get(picks.variable.value);
  options(picks.value, "any value", known ? [...known].sort() : []);
  picks.value.disabled = !known;
  picks.value.value = known && known.has(value) ? value : "";
}

const quoted = (value) => (/[\s"]/.test(value) ? `"${value}"` : value);
options(picks.cloud, "Any cloud", [...new Set(identities.map((identity) => identity.p))]);
options(picks.controller, "Any controller", columns);
options(picks.variable, "Any variable", [...variables.keys()].sort());
picks.cloud.addEventListener("change", () => setTerm(/^cloud:/i, picks.cloud.value && `cloud:${picks.cloud.value}`));
picks.controller.addEventListener("change", () =>
  setTerm(/^controller:/i, picks.controller.value && `controller:${quoted(picks.controller.value)}`));
picks.variable.addEventListener("change", () => {
  const name = picks.variable.value;
  setTerm(/^[^:]+=/, "");
  picks.variable.value = name;
  showPicks();
});
picks.value.addEventListener("change", () =>
  setTerm(/^[^:]+=/, picks.value.value && `${picks.variable.value}=${quoted(picks.value.value)}`));
filter.addEventListener("input", filterChanged);
byId("clear").addEventListener("click", () => setFilter(""));
byId("grouped").addEventListener("change", (event) => {
  state.grouped = event.target.checked;
  draw();
});
function look(view) {
  state.view = view;
  for (const name of ["clusters", "identities"]) byId(`show-${name}`).setAttribute("aria-pressed", String(name === view));
  draw();
  scroller.scrollTop = 0;
}
byId("show-clusters").addEventListener("click", () => look("clusters"));
byId("show-identities").addEventListener("click", () => look("identities"));

// ---- Begin ------------------------------------------------------------------------------------------

const shared = identities.filter((identity) => identity.clusters > 1).length;
const both = identities.filter((identity) => identity.b).length;
const fact = (value, words) => [make("b", {}, number(value)), words];
byId("facts").append(fleet.source, " · ",
  ...fact(clusters.length, clusters.length === 1 ? " cluster" : " clusters"), fleet.of > clusters.length ? ` of ${number(fleet.of)}` : "", " · ",
  ...fact(identities.length, identities.length === 1 ? " identity" : " identities"), " · ", ...fact(shared, " shared by clusters"), " · ",
  make("span", { class: both ? "warn" : "" }, fact(both, both === 1 ? " both pulls and decrypts" : " both pull and decrypt")));
byId("legend").append(...fleet.legend.flatMap(([short, whole]) => [make("dt", {}, short), make("dd", {}, whole)]));
document.title = `${fleet.source}: who has which identity`;
try {
  filter.value = state.filter = decodeURIComponent(location.hash.slice(1));
} catch {
  // The fragment is no filter.
}
byId("clear").hidden = !state.filter;
draw();
showPicks();
if (clusters.length === 1) showCluster(clusters[0]);
