// The source beside the answer: a document open at the words that were quoted.

import * as api from "./api.js";
import { copy } from "./dialogs.js";
import { dotted, editable, h, icon, skeleton } from "./dom.js";
import { Evidence } from "./evidence.js";
import { Sheet } from "./sheet.js";
import { citationText, count, factsOf, fileOf, pageOf, titleOf } from "./words.js";

const KEPT = 6;

export class Reader {
  #root;
  #hooks;
  #cache = new Map();
  #sheet = null;
  #shown = null; // {document, body} of the sheet
  #target = null;
  #list = [];
  #loading = null;
  #dropping = false; // what was left out is shown, in each document that is opened
  #parts;

  /** hooks: closed(), walked(citation, list), library(). */
  constructor(root, hooks) {
    this.#root = root;
    this.#hooks = hooks;
    const button = (name, label, run, extra = "") => h("button", { type: "button", class: `iconic ${extra}`, "aria-label": label, title: label, onclick: run }, icon(name));
    const position = h("span", { class: "position" });
    const walk = h(
      "div",
      { class: "walk", role: "group", "aria-label": "出处", hidden: true },
      button("previous", "上一处出处", () => this.step(-1)),
      position,
      button("next", "下一处出处", () => this.step(1)),
    );
    const quote = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.#copyTarget() }, "复制带出处");
    const title = h("h2", { class: "title" });
    const facts = h("p", { class: "facts" });
    const dropped = h("button", { type: "button", class: "quiet", "aria-pressed": "false", onclick: () => this.#toggle() }, "显示未收入的文字");
    const dropcount = h("span", { class: "dropcount", role: "status" });
    const evidence = new Evidence((start, end) => this.#sheet?.mark({ start, end }));
    const extras = h("div", { class: "extras", hidden: true }, evidence.button, dropped, dropcount);
    const notice = h("p", { class: "notice", role: "status", hidden: true });
    const page = h("div", { class: "page", tabindex: "0", role: "document", "aria-label": "正文" });
    const picked = h("button", { type: "button", class: "picked", hidden: true, onclick: () => this.#copySelection() }, "复制带出处");
    this.#parts = { position, walk, quote, title, facts, notice, page, picked, dropped, dropcount, extras, evidence };
    root.append(
      h(
        "header",
        {},
        h(
          "div",
          { class: "tools" },
          button("back", "回到问题", () => hooks.closed(), "back"),
          walk,
          quote,
          button("close", "关上原文", () => hooks.closed(), "close"),
        ),
        title,
        facts,
        extras,
        evidence.list,
      ),
      notice,
      page,
      picked,
    );
    document.addEventListener("selectionchange", () => this.#pick());
    // Words that are put in their place take what was picked along; a reader who moves lets go of it.
    page.addEventListener("scroll", () => (this.#sheet?.held ? this.#pick() : (picked.hidden = true)), { passive: true });
    picked.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
    window.addEventListener("beforeprint", () => this.#sheet?.drawAll());
  }

  get target() {
    return this.#target;
  }

  focus() {
    this.#parts.page.focus({ preventScroll: true });
  }

  contains(element) {
    return this.#root.contains(element);
  }

  /** An empty reader that says what it is for. */
  blank() {
    this.#drop();
    this.#target = null;
    this.#list = [];
    this.#walking();
    this.#parts.quote.hidden = true;
    this.#parts.title.textContent = "原文";
    this.#parts.facts.textContent = "";
    this.#parts.page.replaceChildren(h("p", { class: "blank" }, "点答案后面的编号，原句在这里打开。"));
  }

  /** Opens a citation (document_id, start, end, quote) or a whole document; `list` is what ‹ › walk through. */
  async open(target, list = []) {
    this.#target = target;
    this.#list = list.length ? list : [target];
    this.#walking();
    this.#parts.picked.hidden = true;
    this.#parts.quote.hidden = !target.quote;
    const id = target.document_id;
    if (this.#shown?.id === id) {
      this.#place();
      return;
    }
    this.#loading?.abort();
    const control = (this.#loading = new AbortController());
    this.#drop();
    this.#parts.title.textContent = target.title ? titleOf(target) : "正在打开";
    this.#parts.facts.textContent = "";
    if (!this.#cache.has(id)) this.#parts.page.replaceChildren(skeleton(40), skeleton(100, 95, 100, 60), skeleton(100, 95, 80), skeleton(100, 95, 100, 40));
    this.#parts.page.setAttribute("aria-busy", "true");
    try {
      const loaded = await this.#load(id, control.signal);
      if (control.signal.aborted) return;
      this.#draw(id, loaded);
    } catch (error) {
      if (!control.signal.aborted) this.#failed(error);
    } finally {
      if (!control.signal.aborted) this.#parts.page.removeAttribute("aria-busy");
    }
  }

  step(by) {
    const index = this.#list.indexOf(this.#target);
    const next = this.#list[index + by];
    if (!next) return;
    this.#hooks.walked(next, this.#list);
    this.open(next, this.#list);
  }

  /** ↑ ↓ walk the citations when there are several; else they scroll. True when the key was used. */
  key(event) {
    if (this.#list.length < 2 || editable(event.target) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return false;
    this.step(by);
    return true;
  }

  forget(id) {
    this.#cache.delete(id);
    if (this.#shown?.id === id) this.#shown = null;
  }

  async #load(id, signal) {
    if (this.#cache.has(id)) return this.#cache.get(id);
    const [found, body] = await Promise.all([api.documentOf(id, signal), api.textOf(id, signal)]);
    const loaded = { document: found?.document ?? found, body };
    this.#cache.set(id, loaded);
    if (this.#cache.size > KEPT) this.#cache.delete(this.#cache.keys().next().value);
    return loaded;
  }

  #drop() {
    this.#sheet?.close();
    this.#sheet = null;
    this.#shown = null;
    this.#parts.notice.hidden = this.#parts.extras.hidden = this.#parts.evidence.list.hidden = true;
  }

  #draw(id, { document: doc, body }) {
    this.#shown = { id, document: doc, body };
    this.#parts.title.textContent = titleOf(doc);
    const file = fileOf(doc);
    const facts = [...factsOf({ ...doc, kind: null }), file ? `来自 ${file}` : "", doc.title_inferred ? "题目取自首句" : ""].filter(Boolean);
    this.#parts.facts.replaceChildren(...dotted(facts));
    this.#parts.evidence.draw(doc.described);
    this.#sheet?.close();
    this.#parts.page.scrollTop = 0;
    this.#sheet = new Sheet(this.#parts.page, body, { label: (page) => pageOf({ page, page_kind: doc.page_kind }), title: doc.title ?? "" });
    if (!body.text?.trim()) this.#parts.page.replaceChildren(h("p", { class: "blank" }, "这篇资料没有文字。"));
    this.#parts.extras.hidden = false;
    this.#place();
    if (this.#dropping) this.#drops().then(() => this.#shown?.id === id && this.#place());
    else this.#drops();
  }

  #toggle() {
    this.#dropping = !this.#dropping;
    this.#drops();
  }

  /** Shows what was left out, or takes it away; the place in the text stays where it is. */
  async #drops() {
    const { dropped, dropcount } = this.#parts;
    const shown = this.#shown;
    dropped.setAttribute("aria-pressed", String(this.#dropping));
    dropcount.textContent = "";
    if (!shown) return;
    let runs = [];
    if (this.#dropping) {
      try {
        shown.body.dropped ??= (await api.droppedOf(shown.id)).dropped ?? [];
        runs = shown.body.dropped;
      } catch (error) {
        dropcount.textContent = error.message;
      }
    }
    if (this.#shown !== shown || (runs.length && !this.#dropping)) return; // another document meanwhile, or switched off
    this.#sheet.showDropped(runs);
    if (this.#dropping && !dropcount.textContent) dropcount.textContent = runs.length ? `${count(runs.length)} 处，不算正文，不会被引用` : "没有未收入的文字";
  }

  #place() {
    const { start = 0, end = 0, quote } = this.#target;
    const { notice } = this.#parts;
    let span = end > start ? { start, end } : null;
    let said = "";
    if (span && (end > this.#sheet.length || (quote && this.#sheet.slice(start, end) !== quote))) {
      span = quote ? this.#sheet.find(quote, start) : null;
      said = span ? "资料更新过，这句话换了位置，已重新找到。" : quote ? "资料更新过，这句话已经不在文中。" : "资料更新过，链接所指的位置可能变了。";
    }
    notice.textContent = said;
    notice.hidden = !said;
    if (!this.#sheet.mark(span)) this.#parts.page.scrollTop = 0;
  }

  #failed(error) {
    this.#parts.title.textContent = this.#target.title ? titleOf(this.#target) : "原文";
    const gone = error.status === 404;
    if (!(error instanceof api.Problem)) console.error(error);
    this.#parts.page.replaceChildren(
      h(
        "div",
        { class: "failure" },
        h("b", {}, gone ? "这篇资料不在了" : "没打开"),
        h("p", {}, gone ? "它可能已删除，或换成了新的版本。可以：到资料里按题目再找。" : error instanceof api.Problem ? error.message : "页面出了差错。请再试一次。"),
        h(
          "p",
          {},
          gone
            ? h("button", { type: "button", class: "plain", onclick: () => this.#hooks.library() }, "到资料里找")
            : h("button", { type: "button", class: "plain", onclick: () => this.open(this.#target, this.#list) }, "重试"),
        ),
      ),
    );
  }

  #walking() {
    const { walk, position } = this.#parts;
    const index = this.#list.indexOf(this.#target);
    walk.hidden = this.#list.length < 2;
    position.textContent = `${index + 1} / ${this.#list.length}`;
    const [previous, next] = walk.querySelectorAll("button");
    for (const [button, none] of [
      [previous, index <= 0],
      [next, index >= this.#list.length - 1],
    ]) {
      button.setAttribute("aria-disabled", String(none));
    }
  }

  #copyTarget() {
    copy(citationText({ ...this.#shown?.document, ...this.#target }), "已复制这句话和出处");
  }

  #pick() {
    const picked = this.#sheet?.selected();
    const { picked: button } = this.#parts;
    if (!picked) {
      button.hidden = true;
      return;
    }
    const frame = this.#root.getBoundingClientRect();
    button.hidden = false;
    const top = picked.rect.bottom - frame.top + 8;
    button.style.top = `${Math.max(8, Math.min(top, frame.height - button.offsetHeight - 12))}px`;
    button.style.left = `${Math.max(8, Math.min(picked.rect.left - frame.left, frame.width - button.offsetWidth - 12))}px`;
  }

  #copySelection() {
    const picked = this.#sheet?.selected();
    if (!picked) return;
    const { document: doc, body, id } = this.#shown;
    const page = doc.page_kind === "exact" ? (this.#sheet.pageAt(picked.start)?.page ?? doc.page) : doc.page;
    copy(
      citationText({
        ...doc,
        document_id: id,
        page,
        heading: Sheet.headingsAt(body.sections, picked.start),
        start: picked.start,
        end: picked.end,
        quote: picked.quote.replaceAll(/\s*\n\s*/g, ""),
      }),
      "已复制这段话和出处",
    );
    this.#parts.picked.hidden = true;
  }
}

