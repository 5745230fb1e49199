// What came of reading files: one line of counts, what a person should look at and what to do, and each file by name.

import * as api from "./api.js";
import { copy } from "./dialogs.js";
import { h } from "./dom.js";
import { count, momentOf } from "./words.js";

const KINDS = { sync: "同步文件夹", upload: "添加文件" };
const SAID = { added: "新增", updated: "更新", unchanged: "没有变化", removed: "移除", refused: "打不开" };
const GROUPS = { failed: "没有读成", refused: "打不开", doubtful: "请核对", hidden: "有看不见的文字", duplicate: "重复" };
const PRESSING = new Set(["failed", "refused"]);
const SHOWN = 20; // of a kind, before the rest is asked for

/** The report for the clipboard: when and what for, the counts, a line for each file to look at. */
export function reportText(job) {
  const head = [momentOf(job.created), KINDS[job.kind] ?? ""].filter(Boolean).join(" ");
  return [head, ...(job.report?.lines ?? [])].filter(Boolean).join("\n");
}

export const summaryOf = (job) => (job.state === "cancelled" ? `已停下，读完的都留着。${job.report?.summary ?? ""}` : (job.report?.summary ?? ""));

/** How many files there are to look at; duplicates are only told. */
export const pressing = (job) => (job.report?.notices ?? []).filter((one) => one.kind !== "duplicate").length;

function notice(one, open) {
  const id = one.document_ids?.[0];
  return h(
    "li",
    { class: PRESSING.has(one.kind) ? "refused" : null },
    one.file ? h("b", {}, one.file) : null,
    h("span", {}, one.told),
    one.todo ? h("span", { class: "todo" }, one.todo) : null,
    id && one.kind !== "failed"
      ? h("button", { type: "button", class: "plain", "aria-label": `打开 ${one.file}`, onclick: (event) => open({ document_id: id, title: one.file }, event.currentTarget) }, "打开")
      : null,
  );
}

function group(kind, notices, open) {
  const list = h("ul", { class: "results" }, notices.slice(0, SHOWN).map((one) => notice(one, open)));
  const rest = notices.length - SHOWN;
  const more = h(
    "button",
    {
      type: "button",
      class: "plain",
      onclick: () => {
        const first = notices.slice(SHOWN).map((one) => notice(one, open));
        list.append(...first);
        more.remove();
        first[0].tabIndex = -1;
        first[0].focus();
      },
    },
    `再看 ${count(rest)} 个`,
  );
  return h("section", { class: "group", "data-kind": kind }, h("h3", {}, `${GROUPS[kind]} ${count(notices.length)} 处`), list, rest > 0 ? more : null);
}

function fileLine(one) {
  const works = one.document_ids?.length > 1 ? `${one.document_ids.length} 篇` : "";
  return h("li", {}, h("b", {}, one.file), h("span", {}, [SAID[one.status] ?? one.status, works].filter(Boolean).join(" · ")));
}

/** Each file by name, fetched when it is opened. */
function everyFile(job) {
  const list = h("ul", { class: "results" });
  const box = h("details", { class: "every" }, h("summary", {}, "每个文件"), list);
  let asked = false;
  box.addEventListener("toggle", async () => {
    if (!box.open || asked) return;
    asked = true;
    try {
      const results = job.results ?? (await api.jobOf(job.id)).results ?? [];
      list.replaceChildren(...results.filter((one) => one.file).map(fileLine));
    } catch (error) {
      asked = false;
      list.replaceChildren(h("li", {}, error.message));
    }
  });
  return box;
}

/** What there is to say beneath the line of counts. `open(target, element)` opens a document. */
export function reportBody(job, open) {
  const notices = job.report?.notices ?? [];
  const groups = Object.keys(GROUPS).map((kind) => [kind, notices.filter((one) => one.kind === kind)]);
  return h(
    "div",
    { class: "report" },
    groups.filter(([, found]) => found.length).map(([kind, found]) => group(kind, found, open)),
    notices.length ? null : h("p", { class: "well" }, "没有要核对的。"),
    h("div", { class: "reportfoot" }, everyFile(job), h("button", { type: "button", class: "plain", onclick: () => copy(reportText(job), "已复制报告") }, "复制报告")),
  );
}

/** A report of earlier, closed: 11月22日 19:10 同步文件夹，读入 3 个文件… */
export function pastReport(job, open) {
  const look = pressing(job);
  const box = h(
    "details",
    { class: "past" },
    h(
      "summary",
      {},
      h("span", { class: "when" }, `${[momentOf(job.created), KINDS[job.kind] ?? ""].filter(Boolean).join(" ")}：`),
      h("span", { class: "counts" }, summaryOf(job)),
      look ? h("span", { class: "look" }, `有 ${count(look)} 处要看`) : null,
    ),
  );
  box.addEventListener("toggle", () => box.open && box.children.length < 2 && box.append(reportBody(job, open)));
  return box;
}

/** Has anything come of it but that all is as it was? */
export function tells(job) {
  const { read = 0, removed = 0, refused = [], notices = [] } = job.report ?? {};
  return ["done", "failed", "cancelled"].includes(job.state) && !job.dry_run && (read > 0 || removed > 0 || refused.length > 0 || notices.length > 0);
}
