// 数据: the numbers that the documents state, one row each, with the place where each stands.

import * as api from "./api.js";
import { toast } from "./dialogs.js";
import { h, skeleton } from "./dom.js";
import { count, permalink, sourceKey, titleOf } from "./words.js";

const PAGE = 100;
const WAIT_MS = 250;
const COLUMNS = [
  ["metric", "指标", "metric"],
  ["value", "数值", "-value"],
  ["place", "地区", "place"],
  ["year", "年份", "-year"],
  ["source", "出处", ""],
];

const short = (place) => place?.replace(/^.*(?:省|自治区|市(?=.)|州(?=.))/, "") || place || "";

const AFTER_NUMBER = ["余", "多", "来", "几"];
const AFTER_UNIT = ["以上", "左右", "以内", "以下", "上下"];

/** A value as it is said: 近1.2 亿元, 3,800余 名, 90 %以上. */
function written({ qualifier: said, value, unit }) {
  const number = Number(value).toLocaleString("zh-CN", { maximumFractionDigits: 6 });
  const scale = AFTER_NUMBER.includes(said) && /^[万亿]/.test(unit) ? unit[0] : "";
  if (AFTER_NUMBER.includes(said)) return [h("b", {}, number), ` ${scale}${said}${unit.slice(scale.length)}`];
  if (AFTER_UNIT.includes(said)) return [h("b", {}, number), ` ${unit}${said}`];
  return [said ?? "", h("b", {}, number), ` ${unit}`];
}

export class Figures {
  #parts;
  #hooks;
  #control = null;
  #clock = 0;
  #sort = "";
  #shown = 0;
  #entered = false;

  /** hooks: show(citation, list, element). */
  constructor(root, hooks) {
    this.#hooks = hooks;
    const later = () => {
      clearTimeout(this.#clock);
      this.#clock = setTimeout(() => this.refresh(), WAIT_MS);
    };
    const query = h("input", { type: "search", placeholder: "数的是什么，例如：社区食堂", "aria-label": "数的是什么", autocomplete: "off", oninput: later });
    const level = h("select", { "aria-label": "级别", onchange: later }, h("option", { value: "" }, "全部级别"), ["省级", "市级", "县级"].map((one) => h("option", { value: one }, one)));
    const place = h("input", { type: "search", placeholder: "地区", "aria-label": "地区", list: "library-places", autocomplete: "off", oninput: later });
    const total = h("span", { class: "total", role: "status" });
    const file = h("button", { type: "button", class: "plain", onclick: () => this.#save() }, "导出表格");
    const head = h("tr");
    const body = h("tbody");
    const state = h("div", { class: "liststate" });
    const more = h("button", { type: "button", class: "plain", hidden: true, onclick: () => this.#load() }, "再显示一些");
    this.#parts = { query, level, place, total, file, head, body, state, more };
    const table = h("table", { class: "stated" }, h("caption", { class: "hidden" }, "资料里写到的数字"), h("thead", {}, head), body);
    root.append(
      h("h1", { class: "hidden" }, "数据"),
      h("div", { class: "tools", role: "search" }, query, level, place, total, file),
      h("div", { class: "stating" }, table, state, h("div", { class: "more" }, more)),
    );
    this.#heads();
  }

  enter() {
    if (!this.#entered) this.refresh();
    this.#entered = true;
  }

  focus() {
    this.#parts.query.focus();
  }

  #asked() {
    const { query, level, place } = this.#parts;
    return { q: query.value.trim(), level: level.value, place: place.value.trim(), sort: this.#sort };
  }

  refresh() {
    this.#control?.abort();
    this.#shown = 0;
    this.#parts.body.replaceChildren();
    this.#parts.state.replaceChildren(skeleton(95, 80, 95));
    this.#load();
  }

  async #load() {
    const { body, state, total, more } = this.#parts;
    this.#control = new AbortController();
    const { signal } = this.#control;
    more.hidden = true;
    try {
      const found = await api.figures({ ...this.#asked(), limit: PAGE, offset: this.#shown, signal });
      if (signal.aborted) return;
      this.#shown += found.figures.length;
      const citations = found.figures.map((one) => one.citation);
      body.append(...found.figures.map((one) => this.#row(one, citations)));
      total.textContent = `${count(found.total)} 个数`;
      state.replaceChildren(found.total ? "" : h("p", { class: "nothing" }, this.#asked().q ? "资料里没有这样的数字。换个说法，或少写几个字再找。" : "资料里还没有读到数字。"));
      more.hidden = this.#shown >= found.total;
    } catch (error) {
      if (signal.aborted) return;
      const again = h("button", { type: "button", class: "plain", onclick: () => this.refresh() }, "再试一次");
      state.replaceChildren(h("div", { class: "failure", role: "alert" }, h("p", {}, error instanceof api.Problem ? error.message : "没有读到。请再试一次。"), again));
    }
  }

  #heads() {
    this.#parts.head.replaceChildren(
      ...COLUMNS.map(([name, called, sort]) => {
        const now = sort && this.#sort === sort;
        const order = now ? (sort.startsWith("-") ? "descending" : "ascending") : null;
        const press = () => {
          this.#sort = now ? "" : sort;
          this.#heads();
          this.refresh();
        };
        return h("th", { scope: "col", class: `at-${name}`, "aria-sort": order }, sort ? h("button", { type: "button", onclick: press }, called, now ? (sort.startsWith("-") ? " ↓" : " ↑") : "") : called);
      }),
    );
  }

  #row(one, citations) {
    const link = h("a", { class: "opens", href: permalink(one.citation), "data-source": sourceKey(one.citation), title: one.citation.quote }, titleOf(one.citation));
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.#hooks.show(one.citation, citations, link);
    });
    return h(
      "tr",
      {},
      h("td", { class: "at-metric" }, one.metric),
      h("td", { class: "at-value" }, written(one)),
      h("td", { class: "at-place" }, short(one.place)),
      h("td", { class: "at-year" }, one.year ? String(one.year) : ""),
      h("td", { class: "at-source" }, link),
    );
  }

  async #save() {
    const { file } = this.#parts;
    file.disabled = true;
    try {
      const sheet = await api.figuresSheet(this.#asked());
      const link = h("a", { href: URL.createObjectURL(sheet), download: `数据${this.#asked().q ? `-${this.#asked().q.slice(0, 20).replaceAll(/[\\/:*?"<>|]/g, " ")}` : ""}.csv` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      toast(error instanceof api.Problem ? error.message : "没有做成。请再试一次。");
    } finally {
      file.disabled = false;
    }
  }
}
