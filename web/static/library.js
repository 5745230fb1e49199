// 资料: what may be asked about; add by button or by dropping files anywhere, delete and take it back.

import * as api from "./api.js";
import { confirmed, toast } from "./dialogs.js";
import { showDifferences } from "./differences.js";
import { dotted, h, icon, skeleton } from "./dom.js";
import { acceptDrops } from "./drops.js";
import { JobPanel } from "./jobs.js";
import { pastReport, tells } from "./report.js";
import { booked, count, factsOf, fileOf, titleOf } from "./words.js";

const PAGE = 50;
const BATCH_FILES = 40;
const BATCH_BYTES = 40 * 1024 * 1024;
const RUNNING_AT = "yinju.job";
const REPORTS = 20; // of the latest runs, of which those are shown that changed something

/** Files in groups small enough to send; a large one goes alone. */
export function batchesOf(files) {
  const batches = [];
  let bytes = 0;
  for (const file of files) {
    const last = batches[batches.length - 1];
    if (!last || last.length >= BATCH_FILES || bytes + file.size > BATCH_BYTES) {
      batches.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return batches;
}

export class Library {
  #root;
  #hooks;
  #control = null;
  #cursor = null;
  #total = null;
  #loading = false;
  #loaded = false;
  #observer;
  #parts;
  #again = 0;
  #current = "";

  /** hooks: open(document, element), changed(). */
  constructor(root, hooks) {
    this.#root = root;
    this.#hooks = hooks;
    const picker = h("input", { type: "file", multiple: true, class: "hidden", tabindex: "-1", "aria-label": "选文件", "data-files": true });
    const search = h("input", { type: "search", placeholder: "按题目或文件名找", "aria-label": "按题目或文件名找", autocomplete: "off" });
    const level = h("select", { "aria-label": "级别" }, h("option", { value: "" }, "全部级别"), ["省级", "市级", "县级"].map((one) => h("option", { value: one }, one)));
    const place = h("input", { type: "search", placeholder: "地区", "aria-label": "地区", list: "library-places", autocomplete: "off" });
    const places = h("datalist", { id: "library-places" });
    const total = h("span", { class: "total", role: "status" });
    const jobs = h("div", { class: "jobs" });
    const reports = h("section", { class: "reportlist", "aria-label": "读入的报告", hidden: true });
    const list = h("ul", { class: "docs", "aria-label": "资料列表" });
    const state = h("div", { class: "liststate" });
    const more = h("div", { class: "more" });
    const model = h("details", { class: "model", hidden: true });
    this.#parts = { picker, search, level, place, places, total, jobs, reports, list, state, more, model };
    root.append(
      h(
        "div",
        { class: "libraryhead" },
        h("h1", {}, "资料"),
        total,
        h(
          "div",
          { class: "acts" },
          h("button", { type: "button", class: "plain", title: "让资料和文件夹一致", onclick: () => this.#sync() }, "同步文件夹"),
          h("button", { type: "button", class: "strong", onclick: () => picker.click() }, "添加文件"),
          picker,
        ),
        h("form", { class: "find", role: "search", "aria-label": "在资料里找", onsubmit: (event) => event.preventDefault() }, search, level, place, places),
        model,
      ),
      h("div", { class: "listscroll", tabindex: "-1" }, jobs, reports, list, state, more),
      h("div", { class: "dropping", "aria-hidden": "true" }, h("p", {}, "松手，就开始读")),
    );
    picker.addEventListener("change", () => {
      const files = [...picker.files];
      picker.value = "";
      this.#upload(files);
    });
    for (const field of [search, place]) {
      field.addEventListener("input", (event) => {
        if (!event.isComposing) this.#later();
      });
      field.addEventListener("compositionend", () => this.#later());
    }
    level.addEventListener("change", () => this.refresh());
    acceptDrops(root, (files) => this.#upload(files));
    this.#observer = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && this.#next(), {
      root: root.querySelector(".listscroll"),
      rootMargin: "600px",
    });
    this.#observer.observe(more);
    this.#resume();
  }

  /** Called when the place comes into view. */
  enter() {
    if (!this.#loaded) this.refresh();
  }

  offer(places) {
    this.#parts.places.replaceChildren(...places.slice(0, 400).map((one) => h("option", { value: one })));
  }

  /** Marks the row whose document is open. */
  current(id) {
    this.#current = id ?? "";
    for (const row of this.#parts.list.children) row.toggleAttribute("data-current", row.dataset.id === this.#current);
  }

  refresh() {
    clearTimeout(this.#again);
    this.#control?.abort();
    this.#control = new AbortController();
    this.#cursor = null;
    this.#loading = false;
    this.#loaded = true;
    this.#report();
    this.#showModel();
    if (!this.#parts.list.children.length) this.#ghosts();
    this.#load(true);
  }

  /** Which model finds passages by meaning, and how to change it. */
  async #showModel() {
    const { model } = this.#parts;
    let found;
    try {
      found = await api.models(this.#control.signal);
    } catch {
      return; // the list says when the service is away
    }
    const better = found.models.filter((one) => one.kind === "embedding" && one.size && !one.in_use).slice(0, 3);
    const todo = found.changing_to
      ? `正在换成 ${found.changing_to}，算完之前仍用现在的。`
      : found.fixed
        ? "模型由 QA_MODEL 设定；去掉它再启动，就可以用 models use 换。"
        : "换一个更强的，换个说法也找得到。在终端里运行（名字要联网下载一次，也可以是已下载的文件夹）：";
    const ways = found.changing_to || found.fixed ? [] : [...better.map((one) => h("code", {}, `.venv/bin/python -m qa models use ${one.name}`)), h("code", {}, ".venv/bin/python -m qa models list")];
    model.replaceChildren(h("summary", {}, "模型 ", h("b", {}, found.in_use), found.changing_to ? " · 正在换" : " · 怎样换"), h("p", {}, todo), ...ways);
    model.hidden = false;
  }

  /** What came of the latest runs: the last one, and the earlier ones on request. */
  async #report() {
    const control = this.#control;
    const { reports, jobs } = this.#parts;
    let found;
    try {
      found = (await api.latestJobs(REPORTS, control.signal)).jobs ?? [];
    } catch {
      return; // the list says when the service is away
    }
    const live = new Set([...jobs.children].map((one) => one.dataset.id));
    const told = found.filter((job) => job.kind !== "model" && tells(job) && !live.has(job.id));
    if (control.signal.aborted || told.map((job) => job.id).join() === reports.dataset.shown) return;
    reports.dataset.shown = told.map((job) => job.id).join();
    reports.hidden = !told.length;
    const boxes = told.map((job) => pastReport(job, this.#hooks.open));
    const earlier = boxes.length > 1 ? h("details", { class: "earlier" }, h("summary", {}, `更早的报告（${boxes.length - 1}）`), boxes.slice(1)) : null;
    reports.replaceChildren(...boxes.slice(0, 1), ...(earlier ? [earlier] : []));
  }

  #later() {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.refresh(), 200);
  }

  #query() {
    return { q: this.#parts.search.value.trim(), level: this.#parts.level.value, place: this.#parts.place.value.trim() };
  }

  get #narrowed() {
    return Object.values(this.#query()).some(Boolean);
  }

  #ghosts() {
    this.#parts.state.replaceChildren(h("div", { class: "docs", "aria-hidden": "true" }, [0, 1, 2, 3, 4].map(() => h("div", { class: "doc ghost" }, skeleton(60, 40)))));
  }

  #next() {
    if (this.#cursor && !this.#loading) this.#load(false);
  }

  async #load(first) {
    const control = this.#control;
    this.#loading = true;
    try {
      const reply = await api.documents({ ...this.#query(), limit: PAGE, cursor: first ? null : this.#cursor, signal: control.signal });
      if (control.signal.aborted) return;
      const rows = (reply.documents ?? []).map((doc) => this.#row(doc));
      if (first) this.#parts.list.replaceChildren(...rows);
      else this.#parts.list.append(...rows);
      this.#cursor = reply.next ?? null;
      this.#count(reply.total);
      this.#parts.state.replaceChildren(...(this.#total ? [] : [this.#nothing()]));
      this.current(this.#current);
    } catch (error) {
      if (control.signal.aborted) return;
      if (!(error instanceof api.Problem)) console.error(error);
      this.#failed(error, first);
    } finally {
      if (control === this.#control) this.#loading = false;
    }
    // A tall window may show the end of a short page at once.
    if (this.#cursor) {
      this.#observer.unobserve(this.#parts.more);
      this.#observer.observe(this.#parts.more);
    }
  }

  #count(total) {
    this.#total = total ?? this.#parts.list.children.length;
    this.#parts.total.textContent = this.#narrowed ? `找到 ${count(this.#total)} 篇` : `${count(this.#total)} 篇`;
  }

  #nothing() {
    if (this.#narrowed) {
      return h(
        "div",
        { class: "nothing" },
        h("p", {}, "没有这样的资料"),
        h(
          "button",
          {
            type: "button",
            class: "plain",
            onclick: () => {
              this.#parts.search.value = this.#parts.place.value = this.#parts.level.value = "";
              this.refresh();
              this.#parts.search.focus();
            },
          },
          "看全部资料",
        ),
      );
    }
    return h(
      "div",
      { class: "nothing" },
      h("p", { class: "motto" }, "还没有资料"),
      h("p", {}, "把文件拖到这里，或点“添加文件”。也可以把文件放进资料文件夹，再点“同步文件夹”。"),
    );
  }

  #failed(error, first) {
    const waits = error.notReady;
    if (first) this.#parts.list.replaceChildren();
    this.#parts.state.replaceChildren(
      h(
        "div",
        { class: waits ? "failure waiting" : "failure" },
        h("b", {}, waits ? "正在准备资料" : error.unreachable ? "没连上" : "列表没取来"),
        h("p", {}, waits ? "准备好了就显示。" : error instanceof api.Problem ? error.message : "页面出了差错。请再试一次。"),
        h("p", {}, h("button", { type: "button", class: "plain", onclick: () => (first ? this.refresh() : this.#load(false)) }, "重试")),
      ),
    );
  }

  #row(doc) {
    const title = titleOf(doc);
    const link = h("a", { class: "opens", href: `/documents/${encodeURIComponent(doc.id)}` }, title);
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.#hooks.open({ document_id: doc.id, title: doc.title }, link);
    });
    const where = factsOf(doc);
    const from = [fileOf(doc), doc.characters ? `${count(doc.characters)} 字` : "", doc.origin === "upload" ? "上传" : "", doc.title_inferred ? "题目取自首句" : ""]
      .filter(Boolean);
    const row = h(
      "li",
      { class: "doc", "data-id": doc.id },
      h("p", { class: "head" }, link),
      where.length ? h("p", { class: "where" }, dotted(where)) : null,
      from.length ? h("p", { class: "from" }, dotted(from)) : null,
      doc.duplicate_of ? h("p", { class: "twin" }, h("button", { type: "button", class: "plain", onclick: () => this.#compare(doc) }, "与另一篇几乎相同，看哪里不同")) : null,
      h("button", { type: "button", class: "iconic", "aria-label": `删除${booked(title)}`, title: "删除", onclick: () => this.#remove(doc, row) }, icon("delete")),
    );
    return row;
  }

  async #compare(doc) {
    try {
      showDifferences(await api.differences(doc.id, doc.duplicate_of));
    } catch (error) {
      toast(error.message);
    }
  }

  async #remove(doc, row) {
    const title = booked(titleOf(doc));
    if (!(await confirmed({ title: `删除${title}？`, text: "删除后不再用它回答，同步也不会带它回来。可以撤销。", action: "删除" }))) return;
    try {
      await api.remove(doc.id);
    } catch (error) {
      toast(error.message);
      return;
    }
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("a") ?? this.#parts.search).focus();
    this.#count(Math.max(0, this.#total - 1));
    if (!this.#total) this.#parts.state.replaceChildren(this.#nothing());
    this.#hooks.changed(doc.id);
    toast(`已删除${title}`, { action: "撤销", run: () => this.#restore(doc), stay: 12_000 });
  }

  async #restore(doc) {
    try {
      await api.restore(doc.id);
      toast(`${booked(titleOf(doc))}回来了`);
    } catch (error) {
      toast(error.message, { action: "再试", run: () => this.#restore(doc), stay: 12_000 });
    }
    this.#hooks.changed(doc.id);
    this.refresh();
  }

  #panel() {
    const panel = new JobPanel({
      changed: () => this.#later(),
      done: () => {
        sessionStorage.removeItem(RUNNING_AT);
        this.#hooks.changed();
      },
      open: this.#hooks.open,
      dismissed: () => this.#report(),
    });
    this.#parts.jobs.prepend(panel.element);
    this.#root.querySelector(".listscroll").scrollTop = 0;
    return panel;
  }

  async #follow(panel, reply) {
    const id = (reply?.job ?? reply)?.id;
    if (!id) {
      panel.fail("服务没有说这件事的编号。可以：过一会儿看资料列表。");
      return;
    }
    sessionStorage.setItem(RUNNING_AT, id);
    panel.element.dataset.id = id;
    await panel.follow(id);
  }

  #resume() {
    const id = sessionStorage.getItem(RUNNING_AT);
    if (id) this.#follow(this.#panel(), { id });
  }

  async #sync() {
    const panel = this.#panel();
    panel.line.textContent = "正在看文件夹";
    try {
      await this.#follow(panel, await api.sync());
    } catch (error) {
      panel.fail(error.message);
    }
  }

  async #upload(files) {
    if (!files.length) return;
    for (const batch of batchesOf(files)) {
      const panel = this.#panel();
      try {
        await this.#follow(panel, await api.upload(batch));
      } catch (error) {
        panel.fail(batch.length === 1 ? `${batch[0].name}：${error.message}` : error.message);
      }
    }
  }
}
