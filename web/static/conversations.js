// Earlier conversations on the first screen: a short list, each opened by its first question and deleted at its side.

import * as api from "./api.js";
import { confirmed, toast } from "./dialogs.js";
import { h, icon } from "./dom.js";
import { count } from "./words.js";

const SHOWN_AT_FIRST = 5;

/** 今天 14:05, 11月3日, 2025年11月3日. */
export function dayOf(iso, now = new Date()) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const clock = `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
  if (date.toDateString() === now.toDateString()) return `今天 ${clock}`;
  const day = `${date.getMonth() + 1}月${date.getDate()}日`;
  return date.getFullYear() === now.getFullYear() ? day : `${date.getFullYear()}年${day}`;
}

export class Earlier {
  #hooks;
  #conversations = [];
  #next = null;
  #shown = SHOWN_AT_FIRST;
  #asking = null;
  element = h("section", { class: "talks", "aria-label": "以前的对话", hidden: true });

  /** `open(conversation)` shows one, `forgotten(id)` hears that one was deleted. */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  /** Asks the service for the newest; without an answer the list stays as it is. */
  async refresh() {
    if (this.#asking) return;
    this.#shown = SHOWN_AT_FIRST;
    this.#asking = api.conversations();
    try {
      const { conversations = [], next = null } = await this.#asking;
      this.#conversations = conversations;
      this.#next = next;
      this.#draw();
    } catch {
      // The first screen does without: what is wrong with the service is said above.
    } finally {
      this.#asking = null;
    }
  }

  #draw() {
    const shown = this.#conversations.slice(0, this.#shown);
    const more = this.#next || this.#conversations.length > shown.length;
    this.element.hidden = !shown.length;
    this.element.replaceChildren(
      h("h2", {}, "以前的对话"),
      h("ul", {}, shown.map((one) => this.#line(one))),
      ...(more ? [h("button", { type: "button", class: "quiet", onclick: () => this.#more() }, "再看一些")] : []),
    );
  }

  #line(one) {
    const facts = [dayOf(one.updated), one.turns > 1 ? `${count(one.turns)} 问` : ""].filter(Boolean).join(" · ");
    return h(
      "li",
      {},
      h("button", { type: "button", class: "suggestion", onclick: () => this.#open(one) }, one.title, h("small", {}, facts)),
      h("button", { type: "button", class: "quiet", "aria-label": `删去对话：${one.title}`, title: "删去", onclick: () => this.#forget(one) }, icon("delete")),
    );
  }

  async #more() {
    this.#shown += 20;
    try {
      if (this.#next && this.#conversations.length < this.#shown) {
        const { conversations = [], next = null } = await api.conversations(this.#next);
        this.#conversations.push(...conversations);
        this.#next = next;
      }
    } catch (error) {
      toast(error.message);
    }
    this.#draw();
  }

  async #open(one) {
    try {
      this.#hooks.open(await api.conversationOf(one.id));
    } catch (error) {
      toast(error.message);
      if (error.status === 404) this.refresh();
    }
  }

  async #forget(one) {
    if (!(await confirmed({ title: "删去这个对话？", text: `“${one.title}”和它的回答会从服务里删去，不能恢复。`, action: "删去" }))) return;
    try {
      await api.forgetConversation(one.id);
    } catch (error) {
      if (error.status !== 404) {
        toast(error.message);
        return;
      }
    }
    this.#hooks.forgotten(one.id);
    this.#conversations = this.#conversations.filter((kept) => kept.id !== one.id);
    this.#draw();
    toast("删去了");
    (this.element.querySelector("button") ?? document.querySelector("#question"))?.focus();
  }
}
