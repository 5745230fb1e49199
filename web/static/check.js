// 核稿: a draft on the left, sentence by sentence with its verdict; what was found on the right.

import * as api from "./api.js";
import { saveReport, showCitations } from "./citing.js";
import { toast } from "./dialogs.js";
import { calm, dotted, h, skeleton } from "./dom.js";
import { acceptDrops } from "./drops.js";
import { Points, countPoints } from "./points.js";
import { count, permalink, placesOf, sourceKey, titleOf } from "./words.js";

const LONGEST = 100_000;
const KEPT_AT = "yinju.draft";
const LABELS = { supported: "有据", contradicted: "不符", not_found: "未见", not_a_claim: "不是陈述" };
const CLASSES = { supported: "good", contradicted: "bad", not_found: "none", not_a_claim: "plainly" };
const KINDS = {
  number: "数字",
  unit: "单位",
  date: "时间",
  place: "地点",
  person: "人名",
  organisation: "机构",
  name: "名称",
  negation: "肯定与否定",
  scope: "范围",
  wording: "引文",
};
const WANTED = ["contradicted", "not_found", "supported"];

/** A text with the first of these words that stands in it marked. */
export function withMark(text, words) {
  const word = words.find((one) => one && text.includes(one));
  if (!word) return [text];
  const at = text.indexOf(word);
  return [text.slice(0, at), h("mark", {}, word), text.slice(at + word.length)];
}

/** The text of a file that was dropped: UTF-8 where it is, GB18030 otherwise. */
async function textOf(file) {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Does a line look like a heading: alone on its line, short, without an end mark? */
function headed(line) {
  const text = line.map((piece) => (typeof piece === "string" ? piece : piece.textContent)).join("").trim();
  return [...text].length <= 30 && !/[。！？；，：…”]$/.test(text);
}

export class Check {
  #root;
  #hooks;
  #parts;
  #control = null;
  #text = "";
  #points = new Points("");
  #sentences = []; // {verdict, element, card, text, settled}
  #filters;

  /** hooks: show(citation, list, element), ask(question). `filters` says in which documents to look. */
  constructor(root, { filters, ...hooks }) {
    this.#root = root;
    this.#hooks = hooks;
    this.#filters = filters;
    const box = h("textarea", {
      id: "draft",
      placeholder: "把写好的稿子贴在这里，或拖进一个 .txt、.md、.docx 文件。\n每一句都到资料里找：有据、不符，还是未见。",
      spellcheck: "false",
      "aria-describedby": "draft-note",
      oninput: () => this.#typed(),
      onkeydown: (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && event.keyCode !== 229) this.#begin();
      },
    });
    const note = h("p", { class: "limit", id: "draft-note", "aria-live": "polite" });
    const go = h("button", { type: "submit", class: "send" }, "核对");
    const picker = h("input", { type: "file", accept: ".txt,.md,.docx", class: "hidden", tabindex: "-1", "aria-label": "选稿件", onchange: () => this.#took([...picker.files]) });
    const pick = h("button", { type: "button", class: "plain", onclick: () => picker.click() }, "选文件");
    const form = h(
      "form",
      {
        class: "write",
        onsubmit: (event) => {
          event.preventDefault();
          this.#begin();
        },
      },
      h("label", { class: "hidden", for: "draft" }, "稿件"),
      box,
      h("div", { class: "row" }, note, pick, picker, go),
    );
    const tags = h("div", { class: "tags", role: "group", "aria-label": "结果" });
    const status = h("span", { class: "quiet", role: "status" });
    const acts = h("div", { class: "acts" });
    const sum = h("div", { class: "sum", hidden: true }, tags, status, acts);
    const draft = h("section", { class: "draft", "aria-label": "核过的稿件", tabindex: "-1" });
    const findings = h("section", { class: "findings", "aria-label": "核对结果" });
    const result = h("div", { class: "result", hidden: true }, draft, findings);
    this.#parts = { box, note, go, form, tags, status, acts, sum, draft, findings, result };
    root.append(h("h1", { class: "hidden" }, "核稿"), sum, form, result);
    acceptDrops(root, (files) => this.#took(files));
    draft.addEventListener("keydown", (event) => this.#keys(event));
    box.value = this.#kept();
    this.#typed();
  }

  focus() {
    if (!this.#parts.form.hidden) this.#parts.box.focus();
    else this.#parts.draft.focus();
  }

  /** Takes a text over from elsewhere (a long question) and checks it. */
  take(text) {
    this.#edit(text);
    this.#begin();
  }

  #kept() {
    try {
      return sessionStorage.getItem(KEPT_AT) ?? "";
    } catch {
      return "";
    }
  }

  #typed() {
    const { box, note, go } = this.#parts;
    const length = countPoints(box.value);
    note.textContent = length > LONGEST ? `${count(length)} 字，超过 ${count(LONGEST)} 字的上限，请分几次核对。` : length ? `${count(length)} 字` : "";
    note.classList.toggle("over", length > LONGEST);
    go.disabled = !box.value.trim() || length > LONGEST;
    try {
      sessionStorage.setItem(KEPT_AT, box.value);
    } catch {
      // Full or forbidden: the draft then lives as long as the page.
    }
  }

  async #took(files) {
    const file = files[0];
    if (!file) return;
    if (/\.docx$/i.test(file.name)) {
      this.#word(file);
      return;
    }
    if (!/\.(?:txt|md)$/i.test(file.name)) {
      toast("稿件请用 .txt、.md 或 .docx。别的文件可以放进“资料”。", { stay: 8000 });
      return;
    }
    this.#edit(await textOf(file));
    this.#begin();
  }

  /** A Word file comes back as itself, with comments and footnotes. */
  async #word(file) {
    const { status, sum } = this.#parts;
    sum.hidden = false;
    status.textContent = `正在核对《${file.name}》`;
    try {
      const annotated = await api.checkWord(file);
      const link = h("a", { href: URL.createObjectURL(annotated), download: file.name.replace(/\.docx$/i, "（核对）.docx") });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      toast("批注和脚注写进了稿子的副本，在浏览器的下载里", { stay: 8000 });
    } catch (error) {
      toast(error instanceof api.Problem ? error.message : "没有做成。请再试一次。", { stay: 8000 });
    } finally {
      status.textContent = "";
      sum.hidden = !this.#sentences.length;
    }
  }

  #edit(text = this.#current()) {
    this.#control?.abort();
    const { box, form, result, sum } = this.#parts;
    box.value = text;
    form.hidden = false;
    result.hidden = true;
    sum.hidden = true;
    this.#sentences = [];
    this.#typed();
    box.focus();
  }

  /** The draft as it stands now, with the wordings that were taken over. */
  #current() {
    if (!this.#sentences.length) return this.#parts.box.value;
    let text = "";
    let last = 0;
    for (const one of this.#sentences) {
      text += this.#points.slice(last, one.verdict.start) + one.text;
      last = one.verdict.end;
    }
    return text + this.#points.slice(last, this.#points.length);
  }

  async #begin() {
    const { box, form, result, sum, draft, findings, status, go } = this.#parts;
    if (go.disabled) return;
    this.#control?.abort();
    const control = new AbortController();
    this.#control = control;
    this.#text = box.value;
    this.#points = new Points(this.#text);
    this.#sentences = [];
    form.hidden = true;
    result.hidden = false;
    sum.hidden = false;
    findings.replaceChildren(skeleton(80, 95, 60));
    draft.replaceChildren(...this.#paragraphs(0, this.#points.length));
    this.#acts(false);
    this.#tags();
    draft.focus();
    try {
      for await (const { event, data } of api.check(this.#text, { filters: this.#filters.value, signal: control.signal })) {
        if (event === "sentence") this.#judged(data);
        else if (event === "done" && !this.#sentences.length) data.sentences.forEach((one) => this.#judged(one));
        status.textContent = `已核 ${count(this.#sentences.length)} 句`;
      }
      status.textContent = `${count(this.#sentences.length)} 句都核过了`;
      this.#finish();
    } catch (error) {
      if (control.signal.aborted) return;
      const detail = error instanceof api.Problem ? error.message : "没有核完。请再试一次。";
      const retry = h("button", { type: "button", class: "plain", onclick: () => this.#begin() }, "再核一次");
      findings.prepend(h("div", { class: "failure", role: "alert" }, h("p", {}, detail), retry));
      findings.querySelector(".skeleton")?.remove();
      status.textContent = `核到第 ${count(this.#sentences.length)} 句停下了`;
      this.#acts(true);
    }
  }

  /** What lies between two offsets of the draft, as paragraphs. */
  #paragraphs(start, end) {
    return this.#points
      .slice(start, end)
      .split("\n")
      .filter((line) => line.trim())
      .map((line) => h("p", {}, line.trim()));
  }

  #judged(verdict) {
    const one = { verdict, text: verdict.text, settled: "" };
    one.element = this.#sentence(one);
    this.#sentences.push(one);
    this.#draw();
    if (this.#worthACard(one)) {
      const { findings } = this.#parts;
      findings.querySelector(".skeleton")?.remove();
      one.card = this.#card(one);
      findings.append(one.card);
    }
    this.#tags();
  }

  #worthACard({ verdict }) {
    return verdict.verdict !== "not_a_claim" || verdict.notes?.length > 0;
  }

  /** The draft again, each line a paragraph, judged sentences as they are and the rest plain. Drawn at most once a frame. */
  #draw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      const { draft } = this.#parts;
      const focused = document.activeElement;
      const lines = [[]];
      const plain = (text) => {
        const [first, ...rest] = text.split("\n");
        lines[lines.length - 1].push(first);
        for (const line of rest) lines.push([line]);
      };
      let last = 0;
      for (const one of this.#sentences) {
        plain(this.#points.slice(last, one.verdict.start));
        lines[lines.length - 1].push(one.element);
        last = one.verdict.end;
      }
      plain(this.#points.slice(last, this.#points.length));
      const full = lines.filter((line) => line.some((piece) => typeof piece !== "string" || piece.trim()));
      draft.replaceChildren(...full.map((line) => h(headed(line) ? "h2" : "p", {}, line)));
      if (focused && draft.contains(focused)) focused.focus({ preventScroll: true });
    });
  }

  #sentence(one) {
    const { verdict } = one;
    const label = LABELS[verdict.verdict];
    const element = h("span", {
      class: `v ${CLASSES[verdict.verdict]}`,
      role: this.#worthACard(one) ? "button" : null,
      tabindex: this.#worthACard(one) ? "0" : null,
      "aria-label": this.#worthACard(one) ? `${label}：${verdict.text}` : null,
    });
    element.append(...this.#inked(one));
    if (this.#worthACard(one)) {
      element.addEventListener("click", () => this.#show(one, { fromDraft: true }));
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.#show(one, { fromDraft: true });
      });
    }
    return element;
  }

  /** A sentence with the pieces in bold that its source says otherwise. */
  #inked(one) {
    const { verdict } = one;
    if (one.settled) return [one.text];
    const inner = new Points(verdict.text);
    const spans = verdict.differences
      .map((difference) => [difference.start - verdict.start, difference.end - verdict.start])
      .filter(([start, end]) => start >= 0 && end > start && end <= inner.length)
      .sort((a, b) => a[0] - b[0]);
    const out = [];
    let last = 0;
    for (const [start, end] of spans) {
      if (start < last) continue;
      out.push(inner.slice(last, start), h("b", {}, inner.slice(start, end)));
      last = end;
    }
    return [...out, inner.slice(last, inner.length)];
  }

  #card(one) {
    const { verdict } = one;
    const kinds = [...new Set(verdict.differences.map((difference) => KINDS[difference.kind] ?? ""))].filter(Boolean);
    const how = verdict.verdict === "supported" ? (verdict.verbatim ? "原话" : "改写") : kinds.join("、");
    const title = `${LABELS[verdict.verdict]}${how ? ` · ${how}` : ""}`;
    const words = verdict.differences.map((difference) => difference.source);
    const card = h("article", { class: `finding ${CLASSES[verdict.verdict]}`, tabindex: "-1" });
    const parts = [
      h("h2", {}, title),
      h("p", { class: "of" }, verdict.text.length > 60 ? `${[...verdict.text].slice(0, 58).join("")}…` : verdict.text),
      ...verdict.differences.map((difference) =>
        h("p", { class: "versus" }, "稿中 ", h("del", {}, difference.draft || "（没有）"), "　原文 ", h("ins", {}, difference.source || "（没有）")),
      ),
      ...(verdict.notes ?? []).map((note) => h("p", { class: "remark" }, note.text)),
      ...verdict.evidence.slice(0, 2).map((citation) => this.#evidence(citation, verdict, words)),
      verdict.verdict === "not_found" ? h("p", { class: "remark" }, "资料里没有找到能支持这句话的内容。") : null,
      this.#choices(one),
    ];
    card.append(...parts.filter(Boolean));
    card.addEventListener("focusin", () => this.#current_(one));
    return card;
  }

  #evidence(citation, verdict, words) {
    const link = h("a", { class: "opens", href: permalink(citation), "data-source": sourceKey(citation) }, titleOf(citation));
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.#hooks.show(citation, verdict.evidence, link);
    });
    return h("div", { class: "evidence" }, h("blockquote", {}, withMark(citation.quote, words)), h("p", { class: "where" }, link, " ", dotted(placesOf(citation))));
  }

  #choices(one) {
    const { verdict } = one;
    const act = (text, run) => h("button", { type: "button", class: "quiet", onclick: run }, text);
    const whole = verdict.differences.every((difference) => difference.draft && difference.source);
    return h(
      "div",
      { class: "acts" },
      verdict.verdict === "contradicted" && verdict.differences.length && whole ? act("采用原文的说法", () => this.#takeOver(one)) : null,
      verdict.evidence.length ? act("打开原文", (event) => this.#hooks.show(verdict.evidence[0], verdict.evidence, event.currentTarget)) : null,
      verdict.evidence.length ? act("复制引文", () => showCitations(verdict.evidence.slice(0, 1))) : null,
      verdict.verdict === "not_found" ? act("换个说法再查", () => this.#hooks.ask(verdict.text)) : null,
      verdict.verdict === "not_found" ? act("标为自有来源", () => this.#settle(one, "自有来源")) : null,
      verdict.verdict === "contradicted" ? act("忽略", () => this.#settle(one, "已忽略")) : null,
    );
  }

  /** The draft's pieces give way to the source's; what was there can be taken back. */
  #takeOver(one) {
    const inner = new Points(one.verdict.text);
    const spans = [...one.verdict.differences].sort((a, b) => a.start - b.start);
    let text = "";
    let last = 0;
    for (const difference of spans) {
      const start = difference.start - one.verdict.start;
      if (start < last) continue;
      text += inner.slice(last, start) + difference.source;
      last = difference.end - one.verdict.start;
    }
    one.text = text + inner.slice(last, inner.length);
    this.#settle(one, "已改为原文的说法");
  }

  #settle(one, how) {
    one.settled = how;
    one.element.replaceChildren(...this.#inked(one));
    one.element.className = "v settled";
    one.card.classList.add("settled");
    one.card.querySelector(".acts").replaceChildren(
      h("span", { class: "quiet" }, how),
      h("button", { type: "button", class: "quiet", onclick: () => this.#unsettle(one) }, "撤回"),
    );
    this.#save();
    this.#tags();
  }

  #unsettle(one) {
    one.settled = "";
    one.text = one.verdict.text;
    one.element.replaceChildren(...this.#inked(one));
    one.element.className = `v ${CLASSES[one.verdict.verdict]}`;
    one.card.classList.remove("settled");
    one.card.querySelector(".acts").replaceWith(this.#choices(one));
    this.#save();
    this.#tags();
  }

  #save() {
    this.#parts.box.value = this.#current();
    this.#typed();
  }

  /** How many of each, and a way to the next one of a kind. */
  #tags() {
    const { tags } = this.#parts;
    const open = (label) => this.#sentences.filter((one) => one.verdict.verdict === label && !one.settled);
    tags.replaceChildren(
      ...WANTED.map((label) => {
        const number = open(label).length;
        const text = `${LABELS[label]} ${count(number)}`;
        return h("button", { type: "button", class: `tag ${CLASSES[label]}`, disabled: !number, title: `下一处${LABELS[label]}`, onclick: () => this.#next(label) }, text);
      }),
    );
  }

  #next(label) {
    const found = this.#sentences.filter((one) => one.verdict.verdict === label && !one.settled);
    const at = found.findIndex((one) => one.element.hasAttribute("aria-current"));
    if (found.length) this.#show(found[(at + 1) % found.length]);
  }

  #current_(one) {
    for (const other of this.#sentences) {
      const same = other === one;
      for (const element of [other.element, other.card]) {
        if (!element) continue;
        if (same) element.setAttribute("aria-current", "true");
        else element.removeAttribute("aria-current");
      }
    }
  }

  #show(one, { fromDraft = false } = {}) {
    this.#current_(one);
    const smooth = calm.matches ? "auto" : "smooth";
    one.card?.scrollIntoView({ block: "nearest", behavior: smooth });
    if (!fromDraft) one.element.scrollIntoView({ block: "center", behavior: smooth });
    else one.card?.focus({ preventScroll: true });
  }

  #keys(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const cards = this.#sentences.filter((one) => one.card);
    const at = cards.findIndex((one) => one.element === document.activeElement);
    const next = cards[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.element.focus();
    this.#show(next);
  }

  #finish() {
    const { findings } = this.#parts;
    findings.querySelector(".skeleton")?.remove();
    if (!findings.children.length) findings.append(h("p", { class: "nothing" }, "这份稿子里没有要核对的陈述。"));
    this.#acts(true);
  }

  #acts(over) {
    const { acts } = this.#parts;
    const act = (text, run) => h("button", { type: "button", class: "quiet", onclick: run }, text);
    acts.replaceChildren(
      ...(over
        ? [act("核查报告", (event) => this.#report(event.currentTarget)), act("改稿", () => this.#edit()), act("换一份", () => this.#edit(""))]
        : [act("停下", () => this.#edit(this.#text))]),
    );
  }

  /** The whole check as a Word file: each sentence with its verdict, and the sources' words as footnotes. */
  async #report(button) {
    const citations = [];
    const blocks = this.#sentences
      .filter((one) => this.#worthACard(one))
      .map(({ verdict, text, settled }) => {
        const marks = verdict.evidence.slice(0, 1).map((citation) => citations.push(citation));
        const differences = verdict.differences.map((difference) => `稿中“${difference.draft}”，原文“${difference.source}”`);
        const remark = [LABELS[verdict.verdict], ...differences, ...(verdict.notes ?? []).map((note) => note.text), settled].filter(Boolean).join("；");
        return { text, citations: marks, remark };
      });
    button.disabled = true;
    try {
      await saveReport({ title: "核查报告", blocks, citations: citations.map((one, i) => ({ ...api.spot(one), number: i + 1 })) });
    } catch (error) {
      toast(error instanceof api.Problem ? error.message : "没有做成。请再试一次。");
    } finally {
      button.disabled = false;
    }
  }
}
