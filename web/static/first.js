// The first visit: what this is, how much there is to ask about, and questions made from the library's own titles.

import { h, skeleton } from "./dom.js";
import { booked, count } from "./words.js";

const PROMISE = "回答只用资料里的原句，点编号就翻到那一句；资料里没有的，会直说没有。";

/** `library` is {total, examples}, or null while it is not known; then `waiting` says whether it is to come. */
export function firstVisit(library, { waiting, ask, add }) {
  const first = h("div", { class: "first" }, h("p", { class: "motto" }, "问资料，每句话都有出处"));
  if (library && !library.total) {
    first.append(
      h("p", { class: "what" }, "引据只根据你放进来的文档回答，并把原句指给你看。现在还没有文档。"),
      h("p", {}, h("button", { type: "button", class: "strong", onclick: add }, "添加文件")),
    );
    return first;
  }
  first.append(h("p", { class: "what" }, library ? `这里有 ${count(library.total)} 篇资料。${PROMISE}` : PROMISE));
  if (library?.examples.length) {
    const questions = library.examples.map((title) => `${booked(title)}讲了什么？`);
    first.append(
      h("h2", {}, "可以这样问"),
      h("ul", { class: "examples" }, questions.map((text) => h("li", {}, h("button", { type: "button", class: "suggestion", onclick: () => ask(text) }, text)))),
    );
  } else if (!library && waiting) first.append(h("div", { class: "examples" }, skeleton(60, 40, 60)));
  return first;
}
