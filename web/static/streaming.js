// An answer before it is whole: its shape, the candidates, then the words that have come.

import { LONGEST_LEAD, bare, card, mark, pieces, withMarks } from "./answer.js";
import { h, skeleton } from "./dom.js";

/** The shape of an answer before it comes: lines, then cards. */
export function drawSkeleton(words, rest) {
  words.replaceChildren(skeleton(30, 95, 60));
  rest.replaceChildren(h("div", { class: "sources", "aria-hidden": "true" }, [0, 1].map(() => h("div", { class: "source ghost" }, skeleton(60, 95)))));
}

/** Candidates, unnumbered, while the sentence is made. */
export function drawCandidates(rest, citations, show) {
  rest.replaceChildren(
    h("p", { class: "aside" }, citations.length ? `找到 ${citations.length} 处，正在看` : "正在看"),
    h("ul", { class: "sources candidates" }, citations.slice(0, 4).map((one) => card({ ...one, number: 0 }, citations, show))),
  );
}

/** What has come so far of a streaming answer: marks are drawn once their citation is known. */
export class Growing {
  #into;
  #show;
  #text = "";
  #lead = "";
  #citations = [];

  constructor(into, show) {
    this.#into = into;
    this.#show = show;
  }

  add({ text = "", citations = [] }) {
    this.#citations.push(...citations);
    if (!this.#text && !this.#lead && !citations.length && text.length <= LONGEST_LEAD && /[。！？\n]$/.test(text)) this.#lead = text;
    else this.#text += text;
    this.#draw();
  }

  #draw() {
    const known = new Map(this.#citations.map((one) => [one.number, one]));
    const quotes = this.#citations.map((one) => one.quote ?? "");
    const runs = [];
    let last = 0;
    for (const found of this.#text.matchAll(/\[(\d+)\]/g)) {
      const citation = known.get(Number(found[1]));
      if (!citation) continue;
      runs.push(withMarks(pieces(this.#text.slice(last, found.index), { quotes }), [mark(citation, this.#citations, this.#show)]));
      last = found.index + found[0].length;
    }
    runs.push(pieces(this.#text.slice(last), { quotes }));
    this.#into.replaceChildren(
      ...[this.#lead && h("p", { class: "lead" }, bare(this.#lead)), this.#text ? h("p", { class: "said growing" }, runs) : skeleton(95, 60)].filter(Boolean),
    );
  }
}

