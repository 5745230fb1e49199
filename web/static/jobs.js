// A job as it goes: 正在读 12 / 80：FILE, then its report.

import * as api from "./api.js";
import { h } from "./dom.js";
import { pressing, reportBody, summaryOf } from "./report.js";
import { count } from "./words.js";

const SAID_EVERY = 4; // a screen reader hears of every quarter

function progressOf(job) {
  if (job.state === "queued") return "排着队，就要开始";
  if (!job.total) return "正在看文件夹";
  const at = Math.min((job.done ?? 0) + (job.state === "running" && job.file ? 1 : 0), job.total);
  return `正在读 ${count(at)} / ${count(job.total)}${job.file ? `：${job.file}` : ""}`;
}

/** Follows a job in a panel of its own. `changed` is called when documents may have come or gone, `open` opens one. */
export class JobPanel {
  #control = new AbortController();
  #hooks;
  #results = 0;
  #quarter = -1;

  /** hooks: changed(), done(job), open(target, element), dismissed(). */
  constructor(hooks) {
    this.#hooks = hooks;
    this.id = "";
    this.line = h("p", { class: "line" }, "正在送文件");
    this.sofar = h("p", { class: "sofar", hidden: true });
    this.spoken = h("p", { class: "hidden", role: "status" });
    this.bar = h("progress", { "aria-label": "读文件的进度" });
    this.stop = h("button", { type: "button", class: "plain", hidden: true }, "停下");
    this.dismiss = h("button", { type: "button", class: "plain", hidden: true, onclick: () => this.#dismissed() }, "知道了");
    this.list = h("ul", { class: "results" });
    this.report = h("div", { class: "reports" });
    this.element = h(
      "section",
      { class: "job", "aria-label": "读文件" },
      h("div", { class: "joblead" }, this.line, this.stop, this.dismiss),
      this.spoken,
      this.bar,
      this.sofar,
      this.list,
      this.report,
    );
  }

  async follow(id) {
    this.id = id;
    this.stop.hidden = false;
    this.stop.onclick = () => {
      this.stop.disabled = true;
      api.cancelJob(id).catch(() => (this.stop.disabled = false));
    };
    let last = null;
    try {
      for await (const job of api.jobStates(id, this.#control.signal)) {
        last = job;
        this.#draw(job);
      }
    } catch (error) {
      this.fail(error.status === 404 ? "这件事的记录不在了。可以：看看下面的资料列表。" : error.message);
      last = null;
    }
    this.#end(last);
  }

  fail(text) {
    this.element.classList.add("failed");
    this.bar.hidden = this.stop.hidden = true;
    this.dismiss.hidden = false;
    this.line.textContent = this.spoken.textContent = text;
  }

  #dismissed() {
    this.element.remove();
    this.#hooks.dismissed?.();
  }

  #refusal({ file, detail }) {
    return h("li", { class: "refused" }, file ? h("b", {}, file) : null, h("span", {}, detail || "这个文件打不开"));
  }

  #draw(job) {
    const results = job.results ?? [];
    if (job.total > 0) {
      this.bar.max = job.total;
      this.bar.value = job.done ?? 0;
    }
    this.line.textContent = progressOf(job);
    this.sofar.textContent = results.length ? `到现在：${job.report?.summary ?? ""}` : "";
    this.sofar.hidden = !results.length;
    const quarter = job.total ? Math.floor((SAID_EVERY * (job.done ?? 0)) / job.total) : 0;
    if (quarter !== this.#quarter) this.spoken.textContent = job.total ? `读了 ${count(job.done)} / ${count(job.total)}` : progressOf(job);
    this.#quarter = quarter;
    const fresh = results.slice(this.#results);
    for (const one of fresh) if (one.status === "refused") this.list.append(this.#refusal(one));
    if (fresh.some((one) => one.status !== "unchanged" && one.status !== "refused")) this.#hooks.changed();
    this.#results = results.length;
  }

  #end(job) {
    this.stop.hidden = true;
    this.dismiss.hidden = false;
    this.bar.hidden = this.sofar.hidden = true;
    if (job) {
      const look = pressing(job);
      this.list.replaceChildren();
      this.line.textContent = summaryOf(job);
      this.spoken.textContent = look ? `${summaryOf(job)}有 ${count(look)} 处要看。` : summaryOf(job);
      this.element.classList.toggle("failed", job.state === "failed");
      // Closed when all is well.
      this.report.replaceChildren(
        h("details", { open: look > 0 }, h("summary", {}, look ? `有 ${count(look)} 处要看` : "报告"), reportBody(job, this.#hooks.open)),
      );
    }
    this.#hooks.changed();
    this.#hooks.done(job);
  }
}
