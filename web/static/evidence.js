// Where each description of a document was found: a list below the title, shown on demand.

import { h } from "./dom.js";

export class Evidence {
  #show;

  /** show(start, end): marks the words in the text. */
  constructor(show) {
    this.#show = show;
    this.list = h("dl", { class: "evidence", id: "evidence", hidden: true });
    this.button = h(
      "button",
      { type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": "evidence", onclick: () => this.#turn(this.list.hidden) },
      "这些信息从哪里来",
    );
  }

  /** The descriptions as the API gives them; closed, and without a button when there are none. */
  draw(described = []) {
    this.#turn(false);
    this.button.hidden = described.length === 0;
    this.list.replaceChildren(...described.map((one) => this.#row(one)));
  }

  #turn(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  #row({ name, value, told, words, start, end }) {
    const said = words && words !== value ? `${told}里写的“${words}”` : told;
    const there = start === null || start === undefined ? null : h("button", { type: "button", class: "quiet", "aria-label": `在正文里看${name}`, onclick: () => this.#show(start, end) }, "看原词");
    return h("div", {}, h("dt", {}, name), h("dd", {}, h("span", { class: "value" }, value), h("span", { class: "told" }, `出自${said}`), there));
  }
}
