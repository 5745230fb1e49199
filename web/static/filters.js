// Where to look: places and levels, as small chips beside the question.

import { h } from "./dom.js";

const LEVELS = ["省级", "市级", "县级"];

/** The place paths that the library knows, with what contains them: 甲省、甲省乙市、甲省乙市丙县. */
export function placesOf(documents) {
  const places = new Set();
  for (const { place } of documents) {
    for (const part of (place ?? "").matchAll(/.+?(?:自治区|自治州|自治县|特别行政区|省|市|地区|盟|州|县|区|旗)/g)) {
      places.add(place.slice(0, part.index + part[0].length));
    }
    if (place) places.add(place);
  }
  return [...places].sort((a, b) => a.length - b.length || a.localeCompare(b, "zh"));
}

export class FilterChips {
  #root;
  #options = { places: [], levels: LEVELS };
  #places = [];
  #levels = [];
  #open = "";
  #changed;

  constructor(root, changed = () => {}) {
    this.#root = root;
    this.#changed = changed;
    this.#draw();
  }

  get value() {
    const filters = {};
    if (this.#places.length) filters.places = [...this.#places];
    if (this.#levels.length) filters.levels = [...this.#levels];
    return filters;
  }

  get active() {
    return this.#places.length + this.#levels.length > 0;
  }

  clear() {
    this.#places = [];
    this.#levels = [];
    this.#update("");
  }

  /** What can be chosen; a level that no document has is not offered. */
  offer({ places, levels }) {
    this.#options = { places, levels: LEVELS.filter((level) => levels.has(level)) };
    if (!this.#root.contains(document.activeElement)) this.#draw();
  }

  #update(open, focus) {
    this.#open = open;
    this.#draw(focus);
    this.#changed();
  }

  #chosen(text, without) {
    return h(
      "button",
      { type: "button", class: "chip chosen", "aria-label": `不再只看${text}`, onclick: () => this.#update(this.#open, "[data-add]", without()) },
      text,
      h("span", { "aria-hidden": "true" }, " ×"),
    );
  }

  #draw(focus) {
    const { places, levels } = this.#options;
    const parts = [];
    if (!this.active && !this.#open) parts.push(h("span", { class: "everything" }, "全部资料"));
    for (const place of this.#places) {
      parts.push(this.#chosen(place, () => (this.#places = this.#places.filter((one) => one !== place))));
    }
    if (this.#open === "place") parts.push(this.#placeField(places));
    else if (places.length) {
      parts.push(
        h("button", { type: "button", class: "chip", "data-add": "place", "aria-label": "只看一个地区", onclick: () => this.#update("place", "input") }, "＋ 地区"),
      );
    }
    if (this.#open === "level" || this.#levels.length) {
      for (const level of LEVELS.filter((one) => levels.includes(one) || this.#levels.includes(one))) parts.push(this.#levelChip(level));
    } else if (levels.length) {
      parts.push(
        h("button", { type: "button", class: "chip", "data-add": "level", "aria-label": "只看一个级别", onclick: () => this.#update("level", "[data-level]") }, "＋ 级别"),
      );
    }
    this.#root.replaceChildren(...parts);
    if (focus) (this.#root.querySelector(focus) ?? this.#root.querySelector("button"))?.focus();
  }

  #levelChip(level) {
    const on = this.#levels.includes(level);
    return h(
      "button",
      {
        type: "button",
        class: on ? "chip chosen" : "chip",
        "data-level": level,
        "aria-pressed": String(on),
        onclick: () => {
          this.#levels = on ? this.#levels.filter((one) => one !== level) : [...this.#levels, level];
          this.#update(this.#open, `[data-level="${level}"]`);
        },
      },
      level,
    );
  }

  #placeField(places) {
    const field = h("input", {
      class: "chip field",
      type: "text",
      list: "places",
      maxlength: "40",
      "aria-label": "地区，回车加上",
      placeholder: "地区名，回车",
      autocomplete: "off",
    });
    const take = () => {
      const place = field.value.trim();
      if (place && !this.#places.includes(place)) this.#places = [...this.#places, place];
      this.#update("", "[data-add]");
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter") {
        event.preventDefault();
        take();
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.#update("", "[data-add]");
      }
    });
    field.addEventListener("input", (event) => {
      if (event.inputType === "insertReplacementText" || (!event.inputType && places.includes(field.value))) take();
    });
    field.addEventListener("blur", () => {
      if (this.#open !== "place" || !field.isConnected) return;
      this.#open = "";
      const place = field.value.trim();
      if (place && !this.#places.includes(place)) this.#places = [...this.#places, place];
      setTimeout(() => this.#draw());
      this.#changed();
    });
    return h("span", {}, field, h("datalist", { id: "places" }, places.slice(0, 400).map((place) => h("option", { value: place }))));
  }
}
