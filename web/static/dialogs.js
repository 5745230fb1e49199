// Dialogs, short notices and the clipboard.

import { h } from "./dom.js";

/** Asks before something is taken away. Resolves to true when confirmed. */
export function confirmed({ title, text, action }) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { class: "dialog", "aria-labelledby": "dialog-title" },
      h("h2", { id: "dialog-title" }, title),
      h("p", {}, text),
      h(
        "div",
        { class: "acts" },
        h("button", { type: "button", class: "plain", autofocus: true, onclick: () => dialog.close("") }, "不删"),
        h("button", { type: "button", class: "strong", onclick: () => dialog.close("yes") }, action),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

let asked = null;

/** Asks for the key of a service that wants one. Resolves to it, "" when none is given. */
export function givenKey() {
  asked ??= new Promise((resolve) => {
    const field = h("input", { type: "password", name: "key", autocomplete: "current-password", "aria-label": "钥匙", autofocus: true });
    const dialog = h(
      "dialog",
      { class: "dialog", "aria-labelledby": "dialog-title" },
      h(
        "form",
        { method: "dialog" },
        h("h2", { id: "dialog-title" }, "这个服务要钥匙"),
        h("p", {}, "请填管理它的人给你的钥匙，记在这个浏览器里。"),
        field,
        h("div", { class: "acts" }, h("button", { type: "submit", class: "strong", value: "yes" }, "进去")),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      asked = null;
      resolve(dialog.returnValue === "yes" ? field.value.trim() : "");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asked;
}

const KEYS = [
  ["/", "到问题框"],
  ["Enter", "问"],
  ["Shift + Enter", "换行"],
  ["↑　↓", "上一处、下一处出处"],
  ["Esc", "从原文回到问题；回答时停下"],
  ["?", "看这张表"],
];

export function showKeys() {
  if (document.querySelector("dialog[open]")) return;
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "dialog-title" },
    h("h2", { id: "dialog-title" }, "快捷键"),
    h("dl", { class: "keylist" }, KEYS.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)))),
    h("div", { class: "acts" }, h("button", { type: "button", class: "plain", autofocus: true, onclick: () => dialog.close() }, "关上")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** A short notice, with at most one thing to do about it. It waits while it is pointed at or focused. */
export function toast(text, { action, run, stay = 4000 } = {}) {
  const region = document.querySelector("[data-toasts]");
  const notice = h("div", { class: "toast" }, h("span", {}, text));
  const leave = () => notice.remove();
  let clock;
  const wait = () => {
    clearTimeout(clock);
    clock = setTimeout(leave, stay);
  };
  if (action) {
    notice.append(
      h(
        "button",
        {
          type: "button",
          onclick: () => {
            leave();
            run();
          },
        },
        action,
      ),
    );
  }
  const hold = () => clearTimeout(clock);
  for (const name of ["pointerenter", "focusin"]) notice.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) notice.addEventListener(name, wait);
  while (region.children.length > 2) region.firstChild.remove();
  region.append(notice);
  wait();
}

export async function copy(text, said = "已复制") {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No permission or an old browser: the selection's own way.
    const field = h("textarea", { class: "hidden", "aria-hidden": "true" });
    const focused = document.activeElement;
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus?.();
    if (!done) {
      toast("浏览器不让复制。请选中文字，再按 Ctrl + C。");
      return;
    }
  }
  toast(said);
}
