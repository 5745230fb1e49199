// Elements from plain values. Text always becomes a text node: nothing here or elsewhere parses markup.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Small facts with dots between them; a line breaks after a dot, never before one. */
export function dotted(facts) {
  return facts.flatMap((fact, i) => [h("span", { class: "fact" }, i + 1 < facts.length ? `${fact} ·` : fact), i + 1 < facts.length ? " " : null]).filter(Boolean);
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Skeleton lines of the given widths, in percent; silent for a screen reader. */
export function skeleton(...widths) {
  return h("div", { class: "skeleton", "aria-hidden": "true" }, widths.map((width) => h("i", { class: `w${width}` })));
}

export const wide = window.matchMedia("not all and (max-width: 62.5em)");
export const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export function editable(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** True for the Enter that sends: not while an input method is composing (Safari reports only the key code). */
export function sends(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}
