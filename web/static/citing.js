// References in any style, to be copied, and an answer as a Word or Markdown file. What a reference misses is marked.

import * as api from "./api.js";
import { copy, toast } from "./dialogs.js";
import { h } from "./dom.js";

const KEPT_AT = "yinju.citation-style";
export const STYLES = [
  ["gbt7714", "GB/T 7714—2025"],
  ["gbt7714-author-year", "GB/T 7714—2025（著者—出版年）"],
  ["gbt7714-2015", "GB/T 7714—2015"],
  ["footnote", "中文脚注"],
  ["bibtex", "BibTeX"],
  ["ris", "RIS"],
  ["csl-json", "CSL-JSON"],
];
const FORMATS = [
  ["docx", "Word 文档", "正文、脚注和摘录"],
  ["md", "Markdown", "同样的内容，纯文本"],
];
// What stands for something that is not known: the standard's words and those formed after them.
const UNKNOWN = /\[[^[\]]*不详[^[\]]*\]|〔[^〔〕]*不详[^〔〕]*〕|^佚名|佚名(?=[，.])/g;

function lastStyle() {
  try {
    const kept = localStorage.getItem(KEPT_AT);
    return STYLES.some(([style]) => style === kept) ? kept : STYLES[0][0];
  } catch {
    return STYLES[0][0]; // forbidden: the standard's own style each time
  }
}

function keepStyle(style) {
  try {
    localStorage.setItem(KEPT_AT, style);
  } catch {
    // Forbidden: chosen for this time alone.
  }
}

/** Text with what is not known marked. */
export function withUnknown(text) {
  const out = [];
  let last = 0;
  for (const found of text.matchAll(UNKNOWN)) {
    out.push(text.slice(last, found.index), h("mark", { class: "unknown" }, found[0]));
    last = found.index + found[0].length;
  }
  return [...out, text.slice(last)];
}

function dialogOf(title, ...parts) {
  const dialog = h("dialog", { class: "dialog citing", "aria-labelledby": "citing-title" }, h("h2", { id: "citing-title" }, title), ...parts);
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}

function open(dialog) {
  if (document.querySelector("dialog[open]")) return;
  document.body.append(dialog);
  dialog.showModal();
}

const said = (error) => (error instanceof api.Problem ? error.message : "没有做成。请再试一次。");

function entry(one, number) {
  const missing = one.missing_called ?? [];
  return h(
    "li",
    {},
    h("p", { class: "reference" }, withUnknown(one.text.trim())),
    missing.length ? h("p", { class: "missing" }, `资料里没有：${missing.join("、")}。请核对原件后补上。`) : null,
    one.standing === "moved" ? h("p", { class: "missing" }, "资料更新过，这句话换了位置。") : null,
    one.standing === "changed" ? h("p", { class: "missing" }, "资料更新过，这句话已经不在文中。") : null,
    h("button", { type: "button", class: "quiet", "aria-label": `复制第 ${number} 条引文`, onclick: () => copy(one.text.trim(), "已复制引文") }, "复制"),
  );
}

/** References of citations in the style that was used last; another is a choice away. */
export function showCitations(citations) {
  const list = h("ol", { class: "references", "aria-live": "polite" });
  const all = h("button", { type: "button", class: "strong", disabled: true }, "全部复制");
  const styles = h("select", { autofocus: true }, STYLES.map(([style, called]) => h("option", { value: style }, called)));
  let control = null;
  let text = "";
  const draw = async () => {
    control?.abort();
    control = new AbortController();
    const { signal } = control;
    list.setAttribute("aria-busy", "true");
    all.disabled = true;
    try {
      const reply = await api.citations(citations, styles.value, signal);
      if (signal.aborted) return;
      const gone = citations.length - reply.citations.length;
      list.replaceChildren(...reply.citations.map((one, i) => entry(one, i + 1)));
      if (gone) list.append(h("li", { class: "missing" }, `另有 ${gone} 篇资料已不在资料库里。`));
      text = reply.text.trim();
      all.disabled = !text;
    } catch (error) {
      if (!signal.aborted) list.replaceChildren(h("li", { class: "failure" }, said(error)));
    } finally {
      if (!signal.aborted) list.removeAttribute("aria-busy");
    }
  };
  const dialog = dialogOf(
    "引文格式",
    h("label", { class: "style" }, "样式", styles),
    list,
    h("div", { class: "acts" }, h("button", { type: "button", class: "plain", onclick: () => dialog.close() }, "关上"), all),
  );
  styles.value = lastStyle();
  styles.addEventListener("change", () => {
    keepStyle(styles.value);
    draw();
  });
  all.addEventListener("click", () => copy(text, citations.length > 1 ? `已复制 ${citations.length} 条引文` : "已复制引文"));
  dialog.addEventListener("close", () => control?.abort());
  open(dialog);
  draw();
}

/** An answer as the service's report: paragraphs with their marks, the table, what differs, the citations. */
export function reportOf(reply) {
  const lines = (reply.blocks ?? []).flatMap((block) => {
    const texts = block.text.split(/\n+/).filter((text) => text.trim());
    return texts.map((text, i) => ({ text, citations: i === texts.length - 1 ? (block.citations ?? []) : [] }));
  });
  const differing = (reply.conflicts ?? []).map((one) => ({
    text: `另一篇的数字不同：${one.what} ${(one.values ?? []).map((value) => value.value).join("、")}`,
    citations: (one.values ?? []).map((value) => value.citation),
    remark: one.why ?? "",
  }));
  const table = reply.table?.rows?.length
    ? { columns: reply.table.columns, rows: reply.table.rows.map(({ cells, citations }) => ({ cells: cells.map((cell) => String(cell ?? "")), citations: citations ?? [] })) }
    : null;
  const citations = (reply.citations ?? []).map((one) => ({ ...api.spot(one), number: one.number }));
  return { title: reply.question, blocks: [...lines, ...differing], table, citations };
}

/** A report as a file among the browser's downloads. */
export const saveReport = async (report, format = "docx") => saved(await api.report({ ...report, format }), report.title, format);

function saved(file, title, format) {
  const link = h("a", { href: URL.createObjectURL(file), download: `${title.slice(0, 40).replaceAll(/[\\/:*?"<>|]/g, " ")}.${format}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  toast("已导出，在浏览器的下载里");
}

/** Offers an answer as a file, or what `written(format)` gives under the name of its question. */
export function showExport(reply, written = (format) => api.report({ ...reportOf(reply), format })) {
  const save = async (format, button) => {
    button.disabled = true;
    try {
      saved(await written(format), reply.question, format);
      dialog.close();
    } catch (error) {
      button.disabled = false;
      toast(said(error));
    }
  };
  const choices = FORMATS.map(([format, called, what], i) =>
    h("button", { type: "button", class: "choice", autofocus: i === 0, onclick: (event) => save(format, event.currentTarget) }, h("b", {}, called), h("span", {}, what)),
  );
  const dialog = dialogOf("导出", h("div", { class: "choices" }, choices), h("div", { class: "acts" }, h("button", { type: "button", class: "plain", onclick: () => dialog.close() }, "关上")));
  open(dialog);
}
