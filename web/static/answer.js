// One answer, drawn. `blocks` are the truth; what was added to a quotation is grey; every mark opens its words.

import { dotted, h, icon } from "./dom.js";
import { answerText, citationText, dateOf, permalink, placesOf, sourceKey, titleOf, whereOf } from "./words.js";

export const LONGEST_LEAD = 60;
const LONGEST_LINE = 150;

/** Text with its grey additions and, once, the lead's words in bold. 〔〕 that stands in a quotation is the source's own. */
export function pieces(text, { quotes = [], strong = "" } = {}) {
  const out = [];
  const at = strong ? text.indexOf(strong) : -1;
  const plain = (run, offset) => {
    if (at < offset || at + strong.length > offset + run.length || !strong) return [run];
    const cut = at - offset;
    return [run.slice(0, cut), h("b", {}, strong), run.slice(cut + strong.length)];
  };
  let last = 0;
  for (const found of text.matchAll(/〔[^〔〕]*〕/g)) {
    if (quotes.some((quote) => quote.includes(found[0]))) continue;
    out.push(...plain(text.slice(last, found.index), last), h("span", { class: "added" }, found[0]));
    last = found.index + found[0].length;
  }
  out.push(...plain(text.slice(last), last));
  return out;
}

/** A small vermilion mark that opens a citation. `show(citation, list, element)` brings the source up. */
export function mark(citation, list, show) {
  const where = whereOf(citation);
  const link = h(
    "a",
    {
      class: "cite",
      href: permalink(citation),
      "data-source": sourceKey(citation),
      "aria-label": `出处 ${citation.number}：${titleOf(citation)}${where ? `，${where}` : ""}`,
      title: titleOf(citation),
    },
    String(citation.number),
  );
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(citation, list, link);
  });
  return link;
}

function marks(numbers, reply, show) {
  const known = new Map((reply.citations ?? []).map((one) => [one.number, one]));
  return (numbers ?? []).filter((n) => known.has(n)).map((n) => mark(known.get(n), reply.citations, show));
}

/** Words and their marks, the last letters held together with the marks: no mark begins a line. */
export function withMarks(words, after) {
  const last = words[words.length - 1];
  if (!after.length || typeof last !== "string" || !last.trim()) return [...words, ...after];
  const letters = [...last];
  return [...words.slice(0, -1), letters.slice(0, -2).join(""), h("span", { class: "tail" }, letters.slice(-2).join(""), after)];
}

export const bare = (text) => text.trim().replace(/[。．.]$/, "");

/** Splits the blocks into the line shown large and the rest. */
function leadOf(reply) {
  const blocks = (reply.blocks ?? []).filter((block) => block.text);
  if (reply.status === "no_evidence") {
    const text = blocks.map((block) => block.text).join("").trim();
    // A short first sentence that says so is the lead itself.
    const said = /^资料里没有[^。；\n]{0,20}(?:[。；\n]|$)/.exec(text)?.[0] ?? "";
    const rest = text.slice(said.length).trim();
    return { lead: bare(said.replace(/[；\n]$/, "")) || "资料里没有", blocks: rest ? [{ text: rest, citations: [] }] : [] };
  }
  const [first, ...rest] = blocks;
  if (first && rest.length && !first.citations?.length && first.text.trim().length <= LONGEST_LEAD && !first.text.trim().includes("\n")) {
    return { lead: bare(first.text), blocks: rest };
  }
  return { lead: "", blocks };
}

function paragraphsOf(blocks) {
  const together = blocks.reduce((sum, block) => sum + block.text.length, 0) <= LONGEST_LINE;
  const paragraphs = [[]];
  blocks.forEach((block, index) => {
    if (index && !together && !/^\s*[，、；：,;]/.test(block.text)) paragraphs.push([]);
    const lines = block.text.split(/\n+/);
    lines.forEach((line, row) => {
      if (row) paragraphs.push([]);
      const last = row === lines.length - 1;
      if (line || last) paragraphs[paragraphs.length - 1].push({ text: line, citations: last ? block.citations : [] });
    });
  });
  return paragraphs.filter((paragraph) => paragraph.some((run) => run.text || run.citations?.length));
}

export function drawWords(into, reply, show) {
  const { lead, blocks } = leadOf(reply);
  const quotes = (reply.citations ?? []).map((one) => one.quote ?? "");
  const strong = reply.status !== "no_evidence" && lead.length <= 16 ? lead : "";
  let pending = strong;
  into.replaceChildren(
    ...[
      lead && h("p", { class: lead.length > 24 ? "lead long" : "lead" }, pieces(lead, { quotes })),
      reply.standalone_question && reply.standalone_question !== reply.question
        ? h("p", { class: "aside" }, `按“${reply.standalone_question}”找的`)
        : null,
      reply.status === "partial" ? h("p", { class: "aside" }, "只找到一部分") : null,
      ...paragraphsOf(blocks).map((paragraph) =>
        h(
          "p",
          { class: "said" },
          paragraph.map((run) => {
            const bold = pending && run.text.includes(pending) ? pending : "";
            if (bold) pending = "";
            return withMarks(pieces(run.text, { quotes, strong: bold }), marks(run.citations, reply, show));
          }),
        ),
      ),
      reply.notice ? h("p", { class: "aside" }, reply.notice) : null,
      reply.mode === "generative" ? h("p", { class: "aside" }, "这段话由语言模型写成，请对照出处。") : null,
    ].filter(Boolean),
  );
}

/** A source as a card. Without a number it is only near. */
export function card(citation, list, show, { tools } = {}) {
  const link = h("a", { class: "opens", href: permalink(citation) }, titleOf(citation));
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(citation, list, link);
  });
  const where = placesOf(citation);
  const twins = citation.also_in ?? [];
  return h(
    "li",
    { "data-source": sourceKey(citation), class: citation.number ? "source" : "source unnumbered" },
    citation.number ? h("span", { class: "cite", "aria-hidden": "true" }, String(citation.number)) : null,
    h("p", { class: "head" }, link, where.length ? [h("span", { class: "where" }, " · "), h("span", { class: "where" }, dotted(where))] : null),
    tools && citation.quote ? toolsOf(citation, tools) : null,
    citation.quote ? h("blockquote", {}, citation.quote) : null,
    twins.length
      ? h(
          "details",
          { class: "twins" },
          h("summary", {}, `同文另见 ${twins.length} 篇`),
          h(
            "ul",
            {},
            twins.map((twin) => {
              const target = { ...twin, quote: citation.quote };
              const other = h("a", { href: permalink(twin) }, titleOf(twin));
              other.addEventListener("click", (event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
                event.preventDefault();
                show(target, [target], other);
              });
              return h("li", {}, other);
            }),
          ),
        )
      : null,
  );
}

function toolsOf(citation, tools) {
  const tool = (name, label, run) => h("button", { type: "button", class: "tool", "aria-label": `${label}：${titleOf(citation)}`, title: label, onclick: run }, icon(name));
  return h(
    "span",
    { class: "tools" },
    tool("copy", "复制带出处", () => tools.copy(citationText(citation), "已复制这句话和出处")),
    tool("cite", "复制引文", () => tools.cite([citation])),
  );
}

function conflictNote(reply, show) {
  const conflicts = reply.conflicts ?? [];
  if (!conflicts.length) return null;
  const known = new Map((reply.citations ?? []).map((one) => [one.number, one]));
  return h(
    "div",
    { class: "note", role: "note" },
    conflicts.map((conflict) => [
      h("p", { class: "notehead" }, h("b", {}, "几处数字不同"), conflict.what ? ` · ${conflict.what}` : ""),
      h(
        "table",
        {},
        h(
          "tbody",
          {},
          (conflict.values ?? []).map((one) => {
            const citation = known.get(one.citation);
            return h(
              "tr",
              {},
              h("th", { scope: "row" }, one.value, citation ? mark(citation, reply.citations, show) : null),
              h("td", {}, citation ? [titleOf(citation), dateOf(citation.published)].filter(Boolean).join("，") : ""),
            );
          }),
        ),
      ),
      conflict.why ? h("p", { class: "why" }, conflict.why) : null,
    ]),
  );
}

// 近3.2, 3800余, 12000〔1.2亿册〕: numbers stand at the right, with what makes them inexact and what was converted.
const numeric = (cell) => /^(?:将近|接近|超过|突破|不足|至少|大约|[-−+约近超逾])?[\d,，.]+\s*[%％‰]?(?:[余多来几]|以上|左右|以内|以下|上下)?(?:〔[^〕]*〕)?$/.test(String(cell ?? "").trim());

function tableOf(reply, show) {
  const { columns = [], rows = [] } = reply.table ?? {};
  if (!rows.length) return null;
  const right = columns.map((_, index) => rows.every((row) => numeric(row.cells?.[index]) || !row.cells?.[index] || !row.citations?.length) && rows.some((row) => numeric(row.cells?.[index])));
  return h(
    "div",
    { class: "scrolls", tabindex: "0", role: "region", "aria-label": "对比表" },
    h(
      "table",
      { class: "figures" },
      h("thead", {}, h("tr", {}, columns.map((column, i) => h("th", { scope: "col", class: right[i] ? "number" : null }, column)), h("th", { scope: "col" }, "出处"))),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            (row.cells ?? []).map((cell, i) => h("td", { class: right[i] ? "number" : null }, pieces(String(cell ?? "")))),
            h("td", {}, marks(row.citations, reply, show)),
          ),
        ),
      ),
    ),
  );
}

export function drawRest(into, reply, { show, suggest, tools, vote, widen }) {
  const citations = reply.citations ?? [];
  const near = reply.near ?? [];
  into.replaceChildren(
    ...[
      conflictNote(reply, show),
      tableOf(reply, show),
      citations.length ? h("ol", { class: "sources", "aria-label": "出处" }, citations.map((one) => card(one, citations, show, { tools }))) : null,
      near.length
        ? h(
            "section",
            { class: "near", "aria-label": "离得最近的" },
            h("h3", {}, "离得最近的"),
            h("ul", { class: "sources" }, near.map((one) => card(one, near, show, { tools }))),
          )
        : null,
      widen ? h("p", { class: "suggestions" }, h("button", { type: "button", class: "suggestion", onclick: widen }, "不筛选，在全部资料里再问")) : null,
      reply.suggestions?.length
        ? h(
            "div",
            { class: "suggestions", role: "group", "aria-label": "可以接着问" },
            reply.suggestions.map((text) => h("button", { type: "button", class: "suggestion", onclick: () => suggest(text) }, text)),
          )
        : null,
      h(
        "div",
        { class: "acts" },
        h("button", { type: "button", onclick: () => tools.copy(answerText(reply), "已复制，出处在后面") }, citations.length ? "复制带出处" : "复制"),
        citations.length ? h("button", { type: "button", onclick: () => tools.cite(citations) }, "引文格式") : null,
        h("button", { type: "button", onclick: () => tools.save(reply) }, "导出"),
        vote ? voting(vote) : null,
      ),
    ].filter(Boolean),
  );
}

function voting(vote) {
  const up = h("button", { type: "button", "aria-pressed": "false" }, "有用");
  const down = h("button", { type: "button", "aria-pressed": "false" }, "有误");
  const form = h(
    "form",
    { class: "comment", hidden: true },
    h("input", { type: "text", maxlength: "500", "aria-label": "哪里不对（可以不填）", placeholder: "哪里不对（可以不填）" }),
    h("button", { type: "submit", class: "plain" }, "送出"),
  );
  const cast = async (way, comment) => {
    if (!(await vote(way, comment))) return;
    up.setAttribute("aria-pressed", String(way === "up"));
    down.setAttribute("aria-pressed", String(way === "down"));
  };
  up.addEventListener("click", () => {
    form.hidden = true;
    cast("up", "");
  });
  down.addEventListener("click", () => {
    form.hidden = !form.hidden;
    if (!form.hidden) form.querySelector("input").focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.hidden = true;
    cast("down", form.querySelector("input").value.trim());
    down.focus();
  });
  return [up, down, form];
}
