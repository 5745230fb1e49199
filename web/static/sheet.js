// A document's text as paragraphs, headings and page edges; parts far from view are drawn when time allows.

import { h } from "./dom.js";
import { Points } from "./points.js";

const PART_CHARACTERS = 4_000;
const DRAWN_AT_ONCE = 40_000;
const NEAR = "1600px 0px";
const INLINE = 40; // characters of what was left out that still stand within a line

/** Lines as [{start, end, heading, depth}] in code points; empty lines are left out. */
function linesOf(points, sections, title) {
  const headings = new Map(sections.map((section) => [section.start, section]));
  const lines = [];
  let unit = 0;
  for (const line of points.text.split("\n")) {
    const lead = line.length - line.trimStart().length;
    const trimmed = line.trim();
    if (trimmed) {
      const start = points.point(unit + lead);
      const end = points.point(unit + lead + trimmed.length);
      const section = headings.get(start) ?? headings.get(points.point(unit));
      const heading = (section?.heading ?? "").trim();
      lines.push({
        start,
        end,
        depth: section?.depth ?? 0,
        // A heading has its line to itself, or runs into the text that follows it.
        whole: heading !== "" && trimmed === heading,
        runIn: heading !== "" && trimmed !== heading && trimmed.startsWith(heading) ? start + [...heading].length : 0,
        title: lines.length < 3 && trimmed === title,
        element: null,
      });
    }
    unit += line.length + 1;
  }
  return lines;
}

/** What was left out, set apart from the text: it has no place in it, and cannot be quoted. */
function leftOut(tag, runs) {
  const { told } = runs[0];
  const words = runs.map((run) => run.text.trim()).filter(Boolean);
  return h(
    tag,
    { class: "dropped", role: "note", "aria-label": `未收入：${told}` },
    h("span", { class: "why" }, told),
    tag === "span" ? words.join(" ") : h("div", { class: "words" }, words.map((text) => h("div", {}, text))),
  );
}

export class Sheet {
  #points;
  #pages;
  #dropped = [];
  #after = [];
  #parts = [];
  #observer = null;
  #idle = 0;
  #span = null;
  // Do the marked words stay where they were put? Until the reader moves: what is drawn above may be of another height.
  #held = false;
  #moved = new AbortController();

  /** Draws into `root`, which scrolls. `body` is the reply of /documents/{id}/text; `label` writes a page; `title` is set as one. */
  constructor(root, body, { label, title = "" }) {
    this.root = root;
    this.#points = new Points(body.text ?? "");
    this.#pages = [...(body.pages ?? [])].sort((a, b) => a.start - b.start);
    this.label = label;
    const lines = linesOf(this.#points, body.sections ?? [], title.trim());
    let part = null;
    for (const line of lines) {
      if (!part || part.characters > PART_CHARACTERS || (line.depth === 1 && part.characters > 1_000)) {
        part = { lines: [], characters: 0, drawn: false, element: h("div", { class: "part" }) };
        this.#parts.push(part);
      }
      part.lines.push(line);
      part.characters += line.end - line.start;
    }
    root.replaceChildren(...this.#parts.map((one) => one.element));
    const column = Math.max(12, Math.floor(Math.min(root.clientWidth - 40, 680) / 17));
    for (const one of this.#parts) {
      const rows = one.lines.reduce((sum, line) => sum + Math.ceil((line.end - line.start + 2) / column), 0);
      one.height = rows * 33 + one.lines.length * 9;
      one.element.style.containIntrinsicSize = `auto ${one.height}px`;
    }
    for (const moving of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      root.addEventListener(moving, () => (this.#held = false), { passive: true, signal: this.#moved.signal });
    }
    if (this.#points.length <= DRAWN_AT_ONCE) this.drawAll();
    else this.#watch();
  }

  /** Are the marked words still being kept in their place? */
  get held() {
    return this.#held;
  }

  get length() {
    return this.#points.length;
  }

  slice(start, end) {
    return this.#points.slice(start, end);
  }

  close() {
    this.#observer?.disconnect();
    this.#moved.abort();
    clearTimeout(this.#idle);
  }

  /** Where `quote` stands, nearest to `start`, as a span; null when it does not. */
  find(quote, start) {
    let best = null;
    for (let unit = this.#points.text.indexOf(quote); unit >= 0; unit = this.#points.text.indexOf(quote, unit + 1)) {
      const from = this.#points.point(unit);
      if (!best || Math.abs(from - start) < Math.abs(best.start - start)) best = { start: from, end: this.#points.point(unit + quote.length) };
      else break;
    }
    return best;
  }

  /** Shows what the text leaves out ({start, told, text} in code points) where it stood; [] takes it away again. */
  showDropped(runs) {
    const lines = this.#parts.flatMap((part) => part.lines);
    for (const line of lines) line.before = line.amid = null;
    this.#after = [];
    this.#dropped = runs.filter((run) => run.text.trim()).sort((a, b) => a.start - b.start);
    let at = 0;
    for (const run of this.#dropped) {
      while (at < lines.length && lines[at].end <= run.start) at += 1;
      const line = lines[at];
      const short = run.text.length <= INLINE && !run.text.includes("\n");
      if (!line) this.#after.push(run);
      else if (run.start > line.start && short) (line.amid ??= []).push(run);
      else (line.before ??= []).push(run);
    }
    this.#steadily(() => {
      for (const part of this.#parts) if (part.drawn) this.#fill(part);
    });
  }

  // Whatever a change adds above it, the line at the top of the view stays there.
  #steadily(change) {
    const top = this.root.getBoundingClientRect().top;
    const lines = this.root.scrollTop > 0 ? [...this.root.querySelectorAll("[data-start]")] : [];
    const anchor = lines.find((line) => line.getBoundingClientRect().bottom > top);
    const stood = anchor?.getBoundingClientRect().top;
    change();
    const again = anchor && this.root.querySelector(`[data-start="${anchor.dataset.start}"]`);
    if (again) this.root.scrollTop += again.getBoundingClientRect().top - stood;
  }

  drawAll() {
    for (const part of this.#parts) this.#draw(part);
  }

  #watch() {
    const parts = new Map(this.#parts.map((part) => [part.element, part]));
    for (const part of this.#parts) part.element.style.minHeight = `${part.height}px`;
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) this.#draw(parts.get(entry.target));
      },
      { root: this.root, rootMargin: NEAR },
    );
    for (const part of this.#parts) this.#observer.observe(part.element);
    let next = 0;
    const rest = () => {
      const until = performance.now() + 8;
      while (next < this.#parts.length && performance.now() < until) this.#draw(this.#parts[next++]);
      this.#settle(2);
      if (next < this.#parts.length) this.#idle = setTimeout(rest, 60);
    };
    this.#idle = setTimeout(rest, 600);
  }

  #draw(part) {
    if (part.drawn) return;
    part.drawn = true;
    part.element.style.minHeight = "";
    this.#fill(part);
    this.#observer?.unobserve(part.element);
  }

  #fill(part) {
    const drawn = [];
    for (const line of part.lines) {
      drawn.push(...this.#blocks(line.before));
      const edge = this.#edgeBefore(line);
      if (edge) drawn.push(this.#leaf("div", edge));
      line.element = this.#line(line);
      drawn.push(line.element);
    }
    if (part === this.#parts[this.#parts.length - 1]) drawn.push(...this.#blocks(this.#after));
    part.element.replaceChildren(...drawn);
  }

  // Runs that stood together for the same reason are one block.
  #blocks(runs) {
    const groups = [];
    for (const run of runs ?? []) {
      const last = groups[groups.length - 1];
      if (last && last[0].reason === run.reason) last.push(run);
      else groups.push([run]);
    }
    return groups.map((group) => leftOut("aside", group));
  }

  // The page edge that falls between the line before and this one, or at its first character.
  #edgeBefore(line) {
    if (line.edge === undefined) {
      const lines = this.#parts.flatMap((part) => part.lines);
      let page = 0;
      let before = -1;
      for (const one of lines) {
        one.edge = null;
        one.inside = [];
        for (; page < this.#pages.length && this.#pages[page].start < one.end; page += 1) {
          const edge = this.#pages[page];
          if (edge.start <= one.start && edge.start > before) one.edge = edge;
          else if (edge.start > one.start) one.inside.push(edge);
        }
        before = one.start;
      }
    }
    return line.edge;
  }

  #leaf(tag, edge) {
    const text = edge === this.#pages[0] ? this.label(edge.page) : `第 ${edge.page} 页`;
    return h(tag, { class: "leaf", role: "doc-pagebreak", "aria-label": text }, h("span", { "aria-hidden": "true" }, text));
  }

  #line(line) {
    const tag = line.whole ? `h${Math.min(line.depth + 2, 6)}` : "p";
    if (line.title) return h("h3", { class: "heading own", "data-start": line.start }, this.#runs(line));
    return h(tag, { class: line.whole ? "heading" : null, "data-start": line.start }, this.#runs(line));
  }

  // Cuts a line where a mark, a run-in heading, a page edge or something left out begins or ends.
  #runs(line) {
    const span = this.#span;
    const cuts = new Set([line.start, line.end]);
    for (const edge of line.inside) cuts.add(edge.start);
    for (const run of line.amid ?? []) cuts.add(run.start);
    if (line.runIn) cuts.add(line.runIn);
    if (span) for (const at of [span.start, span.end]) if (at > line.start && at < line.end) cuts.add(at);
    const at = [...cuts].sort((a, b) => a - b);
    const runs = [];
    for (let i = 0; i + 1 < at.length; i += 1) {
      const edge = line.inside.find((one) => one.start === at[i]);
      if (edge) runs.push(this.#leaf("span", edge));
      const amid = (line.amid ?? []).filter((one) => one.start === at[i]);
      if (amid.length) runs.push(leftOut("span", amid));
      let run = this.slice(at[i], at[i + 1]);
      if (line.runIn && at[i] < line.runIn) run = h("b", {}, run);
      if (span && at[i] >= span.start && at[i + 1] <= span.end) run = h("mark", {}, run);
      runs.push(run);
    }
    return runs;
  }

  /** Marks a span and scrolls it to a third of the height; null takes the mark away. */
  mark(span) {
    const touched = (line) => [this.#span, span].some((one) => one && line.start < one.end && line.end > one.start);
    const lines = this.#parts.flatMap((part) => part.lines.filter(touched).map((line) => ({ part, line })));
    this.#span = span;
    for (const { part, line } of lines) {
      if (!part.drawn) this.#draw(part);
      else line.element.replaceChildren(...this.#runs(line));
    }
    const first = this.root.querySelector("mark");
    this.#held = Boolean(span && first);
    if (!this.#held) return false;
    this.#settle();
    return true;
  }

  // Parts above have estimated heights until they are laid out, so the place is looked at again.
  #settle(tries = 6) {
    const element = this.#held ? this.root.querySelector("mark") : null; // drawn anew, it is another element
    if (!element) return;
    const view = this.root.getBoundingClientRect();
    const off = element.getBoundingClientRect().top - view.top - view.height / 3;
    if (Math.abs(off) > 2) this.root.scrollTop += off;
    if (tries) requestAnimationFrame(() => this.#settle(tries - 1));
  }

  /** The span in code points and the words of a selection within the sheet; null when there is none. */
  selected() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!this.root.contains(range.commonAncestorContainer)) return null;
    const start = this.#offset(range.startContainer, range.startOffset);
    const end = this.#offset(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return null;
    const words = this.slice(start, end);
    const lead = [...words].length - [...words.trimStart()].length;
    const quote = words.trim();
    return quote ? { start: start + lead, end: start + lead + [...quote].length, quote, rect: range.getBoundingClientRect() } : null;
  }

  #offset(node, offset) {
    const child = node instanceof Element ? node.childNodes[offset] : null;
    if (child instanceof Element && child.matches("[data-start]")) return Number(child.dataset.start);
    const holder = (node instanceof Element ? node : node.parentElement)?.closest("[data-start]");
    if (holder) return Number(holder.dataset.start) + this.#count(holder, node, offset);
    // Between lines: the end of the last line before the boundary.
    const before = document.createRange();
    before.setStart(this.root, 0);
    before.setEnd(node, offset);
    const last = [...this.root.querySelectorAll("[data-start]")].filter((line) => before.comparePoint(line, 0) === 0).pop();
    return last ? Number(last.dataset.start) + this.#count(last, last, last.childNodes.length) : 0;
  }

  // Code points of `holder` before the boundary; page edges and what was left out are not counted.
  #count(holder, node, offset) {
    const range = document.createRange();
    range.setStart(holder, 0);
    range.setEnd(node, offset);
    const words = range.cloneContents();
    for (const other of words.querySelectorAll(".leaf, .dropped")) other.remove();
    return [...words.textContent].length;
  }

  /** The page that holds `offset`. */
  pageAt(offset) {
    let found = null;
    for (const page of this.#pages) if (page.start <= offset) found = page;
    return found;
  }

  /** The headings above `offset`, outermost first. */
  static headingsAt(sections, offset) {
    return (sections ?? []).filter((one) => one.start <= offset && offset < one.end).sort((a, b) => a.depth - b.depth).map((one) => one.heading);
  }
}
