// The conversation: questions, answers as they come, and what may be asked next.

import * as api from "./api.js";
import { drawRest, drawWords } from "./answer.js";
import { showCitations, showExport } from "./citing.js";
import { Earlier } from "./conversations.js";
import { copy, toast } from "./dialogs.js";
import { calm, h, sends, wide } from "./dom.js";
import { firstVisit } from "./first.js";
import { countPoints } from "./points.js";
import { Growing, drawCandidates, drawSkeleton } from "./streaming.js";
import { count } from "./words.js";

const LONGEST_QUESTION = 2000;
const DRAFT_FROM = 120; // so long and of several sentences, a text is hardly a question
const HISTORY_TURNS = 20;
const HISTORY_CHARACTERS = 16_000; // the service takes 20,000, and a body of 64 KB
const KEPT_TURNS = 20;
const GROWS_ITSELF = CSS.supports("field-sizing", "content");
const KEPT_AT = "yinju.conversation";
const NAMED_AT = "yinju.conversation.id";

/** The turns that fit the service's limits, newest kept. */
export function historyOf(replies) {
  const turns = [];
  let characters = 0;
  for (const reply of [...replies].reverse()) {
    const said = [
      { role: "user", content: reply.question },
      { role: "assistant", content: reply.answer ?? "" },
    ].filter((turn) => turn.content);
    const size = said.reduce((sum, turn) => sum + countPoints(turn.content), 0);
    if (turns.length + said.length > HISTORY_TURNS || characters + size > HISTORY_CHARACTERS) break;
    turns.unshift(...said);
    characters += size;
  }
  return turns;
}

export class Thread {
  #root;
  #form;
  #field;
  #send;
  #limit;
  #filters;
  #show;
  #hooks;
  #replies = [];
  #conversation = null; // its id, where the service keeps it
  #earlier = null;
  #running = null;
  #library = null;
  #state = "unknown";
  #waiting = null; // the question to ask again when the service is there

  /** `show(citation, list, element, {quiet})` opens a source; `hooks` tell when a question starts and ends. */
  constructor({ root, form, filters, show, hooks }) {
    this.#root = root;
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#send = form.querySelector("[data-send]");
    this.#limit = form.querySelector(".limit");
    this.#filters = filters;
    this.#show = show;
    this.#hooks = hooks;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#running) this.stop();
      else this.#submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#running && !event.isComposing) this.stop();
      if (!sends(event)) return;
      event.preventDefault();
      if (!this.#running) this.#submit();
    });
    this.#field.addEventListener("input", () => this.#grow());
    this.#earlier = new Earlier({ open: (conversation) => this.#open(conversation), forgotten: (id) => this.#forgotten(id) });
    this.#restore();
    this.#grow();
    if (!this.#replies.length) this.#drawFirst();
  }

  get empty() {
    return !this.#root.querySelector(".turn");
  }

  get running() {
    return this.#running !== null;
  }

  focus() {
    this.#field.focus();
  }

  /** What the library holds, for the first page; null while unknown. */
  library(library) {
    this.#library = library;
    if (this.empty) this.#drawFirst();
  }

  service(state) {
    this.#state = state;
    if (this.empty) this.#drawFirst();
    if (state === "ready" && this.#waiting && !this.#running) {
      const again = this.#waiting;
      this.#waiting = null;
      again();
    }
  }

  reset() {
    this.stop();
    this.#replies = [];
    this.#conversation = null;
    this.#waiting = null;
    this.#keep();
    this.#root.replaceChildren();
    this.#drawFirst();
    this.#hooks.changed();
    this.focus();
  }

  /** Whether the service keeps this conversation, so that it can be saved whole. */
  get kept() {
    return this.#conversation !== null && this.#replies.length > 0;
  }

  saveAll() {
    const id = this.#conversation;
    showExport(this.#replies[0], (format) => api.conversationFile(id, format));
  }

  stop() {
    this.#running?.abort();
  }

  ask(question) {
    if (this.#running) return;
    this.#field.value = question;
    this.#submit();
  }

  /** Puts a question into the box, for the reader to change and send. */
  offer(question) {
    this.#field.value = [...question].slice(0, LONGEST_QUESTION).join("");
    this.#grow();
    this.focus();
  }

  #submit() {
    const question = this.#field.value.trim();
    if (!question || countPoints(question) > LONGEST_QUESTION) {
      this.focus();
      return;
    }
    this.#field.value = "";
    this.#grow();
    if (!wide.matches) this.#field.blur(); // the screen keyboard would cover the answer
    this.#begin(question, this.#filters.value);
  }

  #grow() {
    if (!GROWS_ITSELF) {
      this.#field.style.height = "auto";
      this.#field.style.height = `${this.#field.scrollHeight}px`; // eight lines at most, says the style
    }
    const length = countPoints(this.#field.value.trim());
    const draft = length >= DRAFT_FROM && (this.#field.value.match(/[。！？]/g) ?? []).length >= 3;
    this.#limit.hidden = length <= LONGEST_QUESTION - 200 && !draft;
    this.#limit.classList.toggle("over", length > LONGEST_QUESTION);
    this.#limit.textContent =
      length > LONGEST_QUESTION ? `问题最长 ${count(LONGEST_QUESTION)} 字，现在 ${count(length)} 字。可以：分成几个问题。` : `${count(length)} / ${count(LONGEST_QUESTION)} 字`;
    if (draft) {
      const check = () => {
        const text = this.#field.value;
        this.#field.value = "";
        this.#grow();
        this.#hooks.check(text);
      };
      this.#limit.replaceChildren("这像一段稿子。", h("button", { type: "button", class: "plain", onclick: check }, "去核稿"));
    }
    this.#sendable();
  }

  #sendable() {
    this.#send.textContent = this.#running ? "停" : "问";
    this.#send.setAttribute("aria-label", this.#running ? "停下" : "问");
    const length = countPoints(this.#field.value.trim());
    this.#send.disabled = !this.#running && (length === 0 || length > LONGEST_QUESTION);
  }

  #turn(question) {
    const words = h("div", { class: "words", "aria-live": "polite", "aria-atomic": "false" });
    const rest = h("div", { class: "rest" });
    const answer = h("div", { class: "answer" }, words, rest);
    const turn = h("article", { class: "turn" }, h("h2", { class: "asked" }, question), answer);
    return { turn, answer, words, rest, question };
  }

  async #begin(question, filters, place = null) {
    const parts = this.#turn(question);
    this.#root.querySelector(".first")?.remove();
    if (place) place.replaceWith(parts.turn);
    else this.#root.append(parts.turn);
    const control = new AbortController();
    this.#running = control;
    this.#field.placeholder = "接着问";
    this.#sendable();
    parts.answer.setAttribute("aria-busy", "true");
    drawSkeleton(parts.words, parts.rest);
    this.#hooks.changed();
    this.#hooks.started();
    parts.turn.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    const again = (wider) => this.#begin(question, wider ? {} : filters, parts.turn);
    try {
      await this.#listen(parts, { question, filters, control, again });
    } catch (error) {
      if (control.signal.aborted) this.#halted(parts, again);
      else this.#failed(parts, error, again);
    } finally {
      parts.answer.removeAttribute("aria-busy");
      if (this.#running === control) this.#running = null;
      this.#sendable();
      this.#hooks.changed();
    }
  }

  async #listen(parts, { question, filters, control, again }) {
    const show = (citation, list, element) => this.#show(citation, list, element);
    const growing = new Growing(parts.words, show);
    for await (const { event, data } of this.#asked(question, { filters, signal: control.signal })) {
      if (event === "sources") drawCandidates(parts.rest, data.citations ?? [], show);
      else if (event === "delta") growing.add(data);
      else if (event === "done") {
        this.#finish(parts, { ...data, question: data.question ?? question }, { filters, again });
        if (control.signal.aborted || !parts.turn.isConnected) return;
        if (this.#state === "preparing" && this.#tooEarly(parts, data, again)) return;
        this.#replies.push({ ...data, question: data.question ?? question });
        this.#conversation = data.conversation_id ?? null;
        this.#keep();
        this.#hooks.changed();
        const first = data.citations?.[0];
        if (first) this.#show(first, data.citations, null, { quiet: true });
      }
    }
  }

  /** Goes on with the service's conversation; where that was deleted, with what the page still knows of it. */
  async *#asked(question, options) {
    const history = historyOf(this.#replies);
    try {
      yield* api.ask(question, { conversation: this.#conversation, history, ...options });
    } catch (error) {
      if (!this.#conversation || error.status !== 404) throw error;
      this.#conversation = null;
      yield* api.ask(question, { history, ...options });
    }
  }

  /** Shows a conversation that the service kept, to be gone on with. */
  #open({ id, turns }) {
    this.stop();
    this.#waiting = null;
    this.#replies = [];
    this.#conversation = id;
    this.#root.replaceChildren();
    for (const { question, answer } of turns) this.#again({ ...answer, question });
    this.#keep();
    this.#hooks.changed();
    this.#atEnd();
    this.focus();
  }

  #forgotten(id) {
    if (id === this.#conversation) this.#conversation = null;
    this.#hooks.changed();
  }

  #again(reply) {
    const parts = this.#turn(reply.question);
    this.#root.append(parts.turn);
    this.#finish(parts, reply);
    this.#replies.push(reply);
  }

  #atEnd() {
    this.#field.placeholder = "接着问";
    this.#root.scrollTop = this.#root.scrollHeight;
  }

  #finish(parts, reply, { filters = {}, again } = {}) {
    const show = (citation, list, element) => this.#show(citation, list, element);
    const narrowed = Object.keys(filters).length > 0;
    parts.turn.dataset.status = reply.status;
    drawWords(parts.words, reply, show);
    drawRest(parts.rest, reply, {
      show,
      tools: { copy, cite: showCitations, save: showExport },
      suggest: (text) => this.ask(text),
      widen:
        reply.status === "no_evidence" && narrowed && again
          ? () => {
              this.#filters.clear();
              again(true);
            }
          : null,
      vote: reply.id ? (way, comment) => this.#vote(reply.id, way, comment) : null,
    });
  }

  // What has not been read yet may hold the answer: say so, and ask again after a refusal. True when it will be.
  #tooEarly({ turn, words }, reply, again) {
    const refused = reply.status !== "answered";
    words.append(h("p", { class: "aside" }, refused ? "资料还没有读完，读完后会自动再问一次。" : "资料还没有读完，这是按读完的部分答的。"));
    if (refused) this.#waiting = () => turn.isConnected && again();
    return refused;
  }

  async #vote(id, way, comment) {
    try {
      await api.feedback(id, way, comment);
    } catch (error) {
      toast(error.status === 404 || error.status === 405 ? "这一版还没有开始收集意见" : error.message);
      return false;
    }
    toast(way === "up" ? "记下了：有用" : "记下了：有误");
    return true;
  }

  #halted({ turn, words, rest }, again) {
    if (!turn.isConnected) return;
    turn.dataset.status = "stopped";
    if (words.querySelector(".skeleton")) words.replaceChildren();
    words.append(h("p", { class: "aside" }, "已停下"));
    rest.replaceChildren(h("div", { class: "acts" }, h("button", { type: "button", onclick: () => again() }, "重问")));
  }

  #failed({ turn, words, rest }, error, again) {
    if (!turn.isConnected) return;
    turn.dataset.status = "failed";
    if (words.querySelector(".skeleton:first-child")) words.replaceChildren();
    const waits = error.notReady || error.unreachable;
    const said = error instanceof api.Problem ? error.message : "页面出了差错。请再试一次；还不行，请刷新页面。";
    if (!(error instanceof api.Problem)) console.error(error);
    words.append(
      h("div", { class: error.notReady ? "failure waiting" : "failure", role: "group" }, h("b", {}, error.notReady ? "正在准备资料" : error.unreachable ? "没连上" : "没答成"), h("p", {}, error.notReady ? "准备好了就回答，不用再问。" : said)),
    );
    rest.replaceChildren(h("div", { class: "acts" }, h("button", { type: "button", class: "plain", onclick: () => again() }, "重试")));
    if (waits) this.#waiting = () => turn.isConnected && turn.dataset.status === "failed" && again();
  }

  #keep() {
    try {
      sessionStorage.setItem(KEPT_AT, JSON.stringify(this.#replies.slice(-KEPT_TURNS)));
      sessionStorage.setItem(NAMED_AT, this.#conversation ?? "");
    } catch {
      // Full or forbidden: the conversation then lives as long as the page.
    }
  }

  #restore() {
    let kept = [];
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT_AT) ?? "[]");
      this.#conversation = sessionStorage.getItem(NAMED_AT) || null;
    } catch {
      // Damaged: begin anew.
    }
    if (!Array.isArray(kept)) return;
    for (const reply of kept) {
      if (reply?.question) this.#again(reply);
    }
    if (this.#replies.length) this.#atEnd();
  }

  #drawFirst() {
    this.#field.placeholder = "问一件事，例如一个数字、一项做法";
    this.#root.querySelector(".first")?.remove();
    const first = firstVisit(this.#library, { waiting: this.#state !== "unreachable", ask: (text) => this.ask(text), add: () => this.#hooks.library() });
    first.append(this.#earlier.element);
    this.#root.append(first);
    if (this.#state === "ready" || this.#state === "preparing") this.#earlier.refresh();
  }
}
