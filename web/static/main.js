// The page: its places, where the address leads, the keys, and how the service is doing.

import * as api from "./api.js";
import { Check } from "./check.js";
import { givenKey, showKeys, toast } from "./dialogs.js";
import { editable, h, wide } from "./dom.js";
import { FilterChips, placesOf } from "./filters.js";
import { Figures } from "./figures.js";
import { Library } from "./library.js";
import { followed } from "./links.js";
import { Reader } from "./reader.js";
import { Thread } from "./thread.js";
import { count, permalink, sourceKey, targetOf, titleOf } from "./words.js";

const one = (selector) => document.querySelector(selector);
const app = one(".app");
const addresses = { ask: "/", check: "/#check", library: "/#library", data: "/#data" };
const names = { ask: "引据", check: "核稿 · 引据", library: "资料 · 引据", data: "数据 · 引据" };

let dismissed = false; // the reader was closed by hand: answers do not open it again by themselves
let opener = null; // what opened the reader, to return to
const turns = new WeakMap(); // which turn a list of citations belongs to

// ---- the places and the address ----

function place(name) {
  app.dataset.place = name;
  for (const main of document.querySelectorAll("[data-place-of]")) main.hidden = main.dataset.placeOf !== name;
  for (const link of document.querySelectorAll("nav [data-place-link]")) {
    if (link.dataset.placeLink === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (name === "library") library.enter();
  if (name === "data") figures.enter();
  newButton();
}

function go(name, { focus = true } = {}) {
  if (app.dataset.place === name && !history.state?.reader) {
    if (focus && name === "ask") thread.focus();
    return;
  }
  history.pushState({ place: name }, "", addresses[name]);
  place(name);
  if (name === "ask" && !thread.empty && wide.matches && !dismissed && reader.target?.quote) showReader(true);
  else showReader(false);
  titled();
  if (focus && name === "ask") thread.focus();
  if (focus && name === "check") check.focus();
  if (focus && name === "data") figures.focus();
}

function showReader(open) {
  app.dataset.reader = open ? "open" : "closed";
  const covered = open && !wide.matches;
  for (const part of document.querySelectorAll(".top, .places, .place")) part.inert = covered;
}

function titled() {
  const shown = app.dataset.reader === "open" && history.state?.reader ? titleOf(history.state.reader) : "";
  document.title = shown ? `${shown} · 引据` : names[app.dataset.place];
}

const remembered = ({ document_id, title, start, end, quote, url }) => ({ document_id, title, start, end, quote, url });

/** Opens a source and gives it an entry of its own in the history, so that going back closes it. */
function openSource(target, list, element, { quiet = false } = {}) {
  if (quiet && (!wide.matches || dismissed || app.dataset.place !== "ask")) return;
  if (!quiet) {
    const state = { place: app.dataset.place, reader: remembered(target), pushed: true };
    if (history.state?.reader) history.replaceState({ ...state, pushed: history.state.pushed }, "", permalink(target));
    else history.pushState(state, "", permalink(target));
    opener = element;
    dismissed = false;
  }
  showReader(true);
  reader.open(target, list);
  pointed(target, list, element);
  titled();
  if (!quiet) reader.focus();
}

function walked(target, list) {
  if (history.state?.reader) history.replaceState({ ...history.state, reader: remembered(target) }, "", permalink(target));
  pointed(target, list);
  titled();
}

/** Shows in the conversation which mark and card the reader is at. */
function pointed(target, list, element) {
  for (const shown of document.querySelectorAll(".thread [aria-current]")) shown.removeAttribute("aria-current");
  library.current(target && !target.quote ? target.document_id : "");
  const turn = turns.get(list) ?? element?.closest(".turn") ?? [...document.querySelectorAll(".turn")].pop();
  if (!target?.quote || !turn) return;
  if (list) turns.set(list, turn);
  for (const shown of turn.querySelectorAll("[data-source]")) {
    if (shown.dataset.source === sourceKey(target)) shown.setAttribute("aria-current", "true");
  }
}

function closeReader() {
  dismissed = wide.matches;
  if (history.state?.reader && history.state.pushed) {
    history.back(); // popstate does the rest
    return;
  }
  if (history.state?.reader) history.replaceState({ place: app.dataset.place }, "", addresses[app.dataset.place]);
  closed();
}

function closed() {
  showReader(false);
  pointed(null);
  titled();
  if (opener?.isConnected && !opener.closest("[hidden]")) opener.focus();
  else if (app.dataset.place === "ask") thread.focus();
  opener = null;
}

window.addEventListener("popstate", (event) => {
  const state = event.state ?? arrived();
  place(state.place ?? "ask");
  if (state.reader) {
    showReader(true);
    reader.open(state.reader);
    pointed(state.reader);
    titled();
  } else if (app.dataset.reader === "open") closed();
  else titled();
});

/** What the address says, on arrival. */
function arrived() {
  const target = targetOf(location.pathname, location.hash);
  if (target) return { place: "ask", reader: target };
  const named = location.hash.slice(1);
  return { place: named in addresses ? named : "ask" };
}

// ---- the service ----

api.onKeyWanted(givenKey);

const state = one("[data-state]");
const bar = one("[data-bar]");
let service = "unknown";
let polling = 0;
let wait = 1000;

async function ready() {
  clearTimeout(polling);
  const { state: found, detail, said } = await api.readiness();
  heard(found, detail);
  if (found === "ready") counted(said);
  else {
    polling = setTimeout(ready, wait);
    wait = Math.min(wait * 1.4, 5000);
  }
}

function heard(found, detail = "") {
  const before = service;
  service = found;
  bar.hidden = found === "ready";
  app.dataset.service = found;
  if (found === "preparing") {
    bar.replaceChildren(h("b", {}, "正在准备资料"), detail.replace(/请[^。]*再试。?$/, ""));
    refreshLibrary();
  }
  if (found === "unreachable") {
    bar.replaceChildren(
      h("b", {}, "连不上引据的服务"),
      " 正在等它回来。已经打开的内容还能看。",
      h("button", { type: "button", class: "plain", onclick: () => ((wait = 1000), ready()) }, "马上再试"),
    );
  }
  if (before === found) return;
  wait = 1000;
  if (found === "ready") refreshLibrary();
  thread.service(found);
  if (found === "ready" && before !== "unknown" && app.dataset.place === "library") library.refresh();
}

api.onOutcome((failure) => {
  if (failure?.unreachable || failure?.notReady) {
    if (service === "ready" || service === "unknown") {
      heard(failure.unreachable ? "unreachable" : "preparing");
      clearTimeout(polling);
      polling = setTimeout(ready, 1000);
    }
  }
});
window.addEventListener("online", ready);

function counted(said) {
  const { documents, passages } = said ?? {};
  if (typeof documents === "number") state.textContent = [`${count(documents)} 篇`, typeof passages === "number" ? `${count(passages)} 段` : ""].filter(Boolean).join(" · ");
}

/** Titles for the examples: short, known, and from different files. */
function examplesOf(documents) {
  const good = documents.filter((doc) => doc.title && !doc.title_inferred && !doc.duplicate_of && doc.title.length <= 26);
  const files = new Map();
  for (const doc of good) if (!files.has(doc.file)) files.set(doc.file, doc);
  const picked = [...new Set([...files.values(), ...good])];
  return picked.slice(0, 3).map((doc) => doc.title);
}

async function refreshLibrary() {
  try {
    const { documents = [], total } = await api.documents({ limit: 200 });
    if (!documents.length && service !== "ready") return; // still being read: not empty
    const places = placesOf(documents);
    filters.offer({ places, levels: new Set(documents.map((doc) => doc.level).filter(Boolean)) });
    library.offer(places);
    thread.library({ total: total ?? documents.length, examples: examplesOf(documents) });
    if (!state.textContent) state.textContent = `${count(total ?? documents.length)} 篇`;
  } catch {
    // The bar says when the service is away; the page works without examples.
  }
}

// ---- putting it together ----

const newer = one("[data-new]");
const saver = one("[data-save-all]");

function newButton() {
  newer.hidden = thread.empty || app.dataset.place !== "ask";
  saver.hidden = newer.hidden || !thread.kept;
}

const filters = new FilterChips(one("[data-filters]"));
const reader = new Reader(one("[data-reader-pane]"), { closed: closeReader, walked, library: () => go("library") });
const library = new Library(one("[data-library]"), {
  open: (target, element) => openSource(target, [], element),
  changed: (id) => {
    if (id) reader.forget(id);
    refreshLibrary();
    ready();
  },
});
const figures = new Figures(one("[data-figures]"), { show: openSource });
const check = new Check(one("[data-check]"), {
  filters,
  show: openSource,
  ask: (question) => {
    go("ask");
    thread.offer(question);
  },
});
const thread = new Thread({
  root: one("[data-thread]"),
  form: one("[data-ask]"),
  filters,
  show: openSource,
  hooks: {
    changed: () => newButton(),
    started: () => {
      if (wide.matches && !dismissed && app.dataset.place === "ask" && app.dataset.reader !== "open") {
        reader.blank();
        showReader(true);
      }
    },
    library: () => go("library"),
    check: (text) => {
      go("check", { focus: false });
      check.take(text);
    },
  },
});

for (const link of document.querySelectorAll("[data-place-link]")) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.dataset.placeLink, { focus: false });
  });
}
one("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  go("ask");
});
saver.addEventListener("click", () => thread.saveAll());
newer.addEventListener("click", () => {
  thread.reset();
  if (history.state?.reader) history.replaceState({ place: "ask" }, "", "/");
  showReader(false);
  titled();
  dismissed = false;
});
one("[data-keys]").addEventListener("click", showKeys);
wide.addEventListener("change", () => showReader(app.dataset.reader === "open"));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || document.querySelector("dialog[open]")) return;
  const reading = app.dataset.reader === "open";
  if (event.key === "Escape" && reading && (reader.contains(event.target) || !wide.matches)) {
    event.preventDefault();
    if (!wide.matches) closeReader();
    else if (app.dataset.place === "ask") thread.focus();
    else closeReader();
    return;
  }
  if (reading && reader.key(event)) {
    event.preventDefault();
    return;
  }
  if (editable(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "/") {
    event.preventDefault();
    if (reading && !wide.matches) {
      opener = null; // back to the question, not to the mark
      closeReader();
    } else go("ask");
  } else if (event.key === "?") {
    event.preventDefault();
    showKeys();
  }
});

// A file dropped beside the library must not take the page's place.
for (const name of ["dragover", "drop"]) {
  window.addEventListener(name, (event) => {
    if (event.defaultPrevented || ![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    if (name === "drop") toast("资料请拖到“资料”里，稿件请拖到“核稿”里", { action: "打开资料", run: () => go("library"), stay: 8000 });
  });
}

const begin = arrived();
history.replaceState({ ...begin, pushed: false }, "", location.href);
place(begin.place);
if (begin.reader) {
  showReader(true);
  reader.open(begin.reader);
  titled();
  followed(begin.reader).then((target) => {
    if (target === begin.reader || reader.target !== begin.reader) return; // it stands, or something else was opened since
    if (target.url) history.replaceState({ ...history.state, reader: remembered(target) }, "", target.url);
    reader.open(target);
    titled();
  });
} else if (begin.place === "ask" && wide.matches) thread.focus();
newButton();
ready();
