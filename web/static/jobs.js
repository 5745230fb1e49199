// A job as it goes: 正在读 12 / 80：FILE, then what became of each file.

import * as api from "./api.js";
import { h } from "./dom.js";
import { count } from "./words.js";

const SAID = { added: "新增", updated: "更新", unchanged: "没有变化", removed: "移除", refused: "没读进来" };

function summary(job) {
  const results = job.results ?? [];
  if (job.state === "cancelled") return "已停下，读完的都留着";
  if (!results.length) return job.state === "failed" ? "没有读进来" : "没有变化";
  return Object.entries(SAID)
    .map(([status, word]) => {
      const of = results.filter((one) => one.status === status);
      if (!of.length) return "";
      const works = of.reduce((sum, one) => sum + (one.document_ids?.length ?? 0), 0);
      const all = `${word} ${count(of.length)} 个文件`;
      return ["added", "updated"].includes(status) && works > of.length ? `${all}（${count(works)} 篇）` : all;
    })
    .filter(Boolean)
    .join("，");
}

/** Follows a job in a panel of its own. `changed` is called when documents may have come or gone. */
export class JobPanel {
  #control = new AbortController();
  #changed;
  #done;
  #results = 0;

  constructor({ changed, done, dismissed }) {
    this.#changed = changed;
    this.#done = done;
    this.line = h("p", { class: "line" }, "正在送文件");
    this.bar = h("progress", { "aria-label": "读文件的进度" });
    this.stop = h("button", { type: "button", class: "plain", hidden: true }, "停下");
    this.dismiss = h("button", { type: "button", class: "plain", hidden: true, onclick: () => (this.element.remove(), dismissed?.()) }, "知道了");
    this.list = h("ul", { class: "results" });
    this.more = h("details", { hidden: true }, h("summary", {}, "每个文件"), h("ul", { class: "results" }));
    this.element = h("section", { class: "job", "aria-label": "读文件" }, h("div", { class: "joblead" }, this.line, this.stop, this.dismiss), this.bar, this.list, this.more);
  }

  async follow(id) {
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
    }
    this.#end(last);
  }

  fail(text) {
    this.element.classList.add("failed");
    this.bar.hidden = true;
    this.stop.hidden = true;
    this.dismiss.hidden = false;
    this.line.textContent = text;
  }

  /** A file that was not even sent. */
  refuse(file, detail) {
    this.list.append(this.#refusal({ file, detail }));
  }

  #refusal({ file, detail }) {
    return h("li", { class: "refused" }, h("b", {}, file), h("span", {}, detail || "这个文件打不开"));
  }

  #draw(job) {
    const results = job.results ?? [];
    if (job.total > 0) {
      this.bar.max = job.total;
      this.bar.value = job.done ?? 0;
    }
    this.line.textContent =
      job.state === "queued" ? "排着队，就要开始" : job.total ? `正在读 ${count(Math.min((job.done ?? 0) + (job.state === "running" && job.file ? 1 : 0), job.total))} / ${count(job.total)}${job.file ? `：${job.file}` : ""}` : "正在看文件夹";
    const fresh = results.slice(this.#results);
    for (const one of fresh) if (one.status === "refused") this.list.append(this.#refusal(one));
    if (fresh.some((one) => one.status !== "unchanged" && one.status !== "refused")) this.#changed();
    this.#results = results.length;
  }

  #end(job) {
    this.stop.hidden = true;
    this.dismiss.hidden = false;
    this.bar.hidden = true;
    if (job) {
      this.line.textContent = summary(job);
      this.element.classList.toggle("failed", job.state === "failed");
      const read = (job.results ?? []).filter((one) => one.status !== "refused");
      this.more.hidden = read.length === 0;
      this.more.querySelector("ul").replaceChildren(
        ...read.map((one) =>
          h("li", {}, h("b", {}, one.file), h("span", {}, [SAID[one.status] ?? one.status, one.document_ids?.length > 1 ? `${one.document_ids.length} 篇` : "", one.detail].filter(Boolean).join(" · "))),
        ),
      );
    }
    this.#changed();
    this.#done(job);
  }
}
