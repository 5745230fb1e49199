// Where two versions of a document differ, in a dialog: this one's words, the other's, and the sentence around them.

import { h } from "./dom.js";
import { booked, count, titleOf } from "./words.js";

const SHOWN = 200;
const KINDS = { number: "数字", date: "日期", wording: "说法", only_here: "只有本篇有", only_there: "只有另一篇有" };

function row({ kind, here, there }) {
  const whole = kind === "only_here" || kind === "only_there";
  const around = whole ? "" : here.sentence || there.sentence;
  return h(
    "li",
    {},
    h("b", {}, KINDS[kind] ?? "不同"),
    whole
      ? h("blockquote", {}, here.text || there.text)
      : h("dl", {}, h("div", {}, h("dt", {}, "本篇"), h("dd", {}, here.text || "（没有）")), h("div", {}, h("dt", {}, "另一篇"), h("dd", {}, there.text || "（没有）"))),
    around ? h("p", {}, around) : null,
  );
}

export function showDifferences(reply) {
  const found = reply.differences ?? [];
  const said = found.length ? `差 ${count(reply.total)} 处` : "字句没有不同";
  const dialog = h(
    "dialog",
    { class: "dialog differences", "aria-labelledby": "dialog-title" },
    h("h2", { id: "dialog-title" }, `与${booked(titleOf(reply.there))}几乎相同，${said}`),
    found.length ? h("ul", { tabindex: "0", "aria-label": "不同之处" }, found.slice(0, SHOWN).map(row)) : null,
    found.length > SHOWN ? h("p", {}, `这里只列前 ${SHOWN} 处。`) : null,
    h("div", { class: "acts" }, h("button", { type: "button", class: "plain", autofocus: true, onclick: () => dialog.close() }, "关上")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
