// The contract's calls. Whatever fails comes out as a Problem with a Chinese sentence; unknown fields are left alone.

import { frames } from "./frames.js";

const SILENCE_MS = 60_000; // the service sends at least a comment every 15 s

export class Problem extends Error {
  constructor({ status = 0, code = "", detail = "", retryAfter = null }) {
    super(detail || fallback(status));
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  get unreachable() {
    return this.code === "unreachable";
  }

  get notReady() {
    return this.code === "not_ready";
  }
}

function fallback(status) {
  if (status === 413) return "内容太大，服务没有收下。请分几次来。";
  if (status === 429) return "问得太密了。请等几秒再试。";
  if (status === 503) return "服务正忙。请稍等再试。";
  return "服务出了差错。请再试一次；还不行，请看服务的日志。";
}

const unreachable = () => new Problem({ code: "unreachable", detail: "连不上引据的服务。请确认它还在运行，再试一次。" });

async function problem(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // Not JSON: the status alone says what happened.
  }
  return new Problem({
    status: response.status,
    code: body?.code ?? "",
    detail: body?.detail || body?.title || "",
    retryAfter: Number(response.headers.get("Retry-After")) || null,
  });
}

let noted = () => {};

/** `listener` hears of every outcome: null when the service answered, else the Problem. */
export function onOutcome(listener) {
  noted = listener;
}

const KEY_AT = "yinju.key";
let wantKey = null;

/** `ask()` resolves to the key that a person gives, "" for none. */
export const onKeyWanted = (ask) => (wantKey = ask);

/** Shows the key where the service wants one: asked of the person once, then remembered by this browser. */
async function keyed(path, options) {
  const key = localStorage.getItem(KEY_AT);
  const shown = key ? { ...options, headers: { ...options.headers, Authorization: `Bearer ${key}` } } : options;
  const response = await fetch(path, shown);
  if (response.status !== 401 || !wantKey) return response;
  const given = await wantKey();
  if (!given) return response;
  localStorage.setItem(KEY_AT, given);
  return keyed(path, options);
}

async function send(path, options = {}) {
  let response;
  try {
    response = await keyed(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    const failure = unreachable();
    noted(failure);
    throw failure;
  }
  if (!response.ok) {
    const failure = await problem(response);
    noted(failure);
    throw failure;
  }
  noted(null);
  return response;
}

async function json(path, options) {
  const response = await send(path, options);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ detail: "服务的回复没有传完。请再试一次。" });
  }
}

const body = (value, method = "POST") => ({
  method,
  headers: { "Content-Type": "application/json", Accept: "application/json" },
  body: JSON.stringify(value),
});

const documentPath = (id) => `/api/v1/documents/${encodeURIComponent(id)}`;

/** Events of a streaming call as {event, data}; a plain JSON reply comes out as one `done`. */
async function* events(path, options) {
  const silence = new AbortController();
  let clock = 0;
  const heard = () => {
    clearTimeout(clock);
    clock = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal;
  heard();
  try {
    const response = await send(path, { ...options, signal });
    if (!(response.headers.get("Content-Type") ?? "").includes("event-stream")) {
      yield { event: "done", data: await response.json() };
      return;
    }
    for await (const { event, data } of frames(response.body, heard)) yield { event, data: JSON.parse(data) };
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (options.signal?.aborted) throw error;
    if (silence.signal.aborted) throw new Problem({ code: "silent", detail: "等了太久没有回音。请再试一次。" });
    throw new Problem({ code: "cut", detail: "连接断了，内容没有传完。请再试一次。" });
  } finally {
    clearTimeout(clock);
  }
}

/** Ends with `done`; an `error` event and a stream without an end are thrown as Problems. */
/** With a conversation the service knows what was said before; without one, `history` says it. */
export async function* ask(question, { conversation = null, history = [], filters = {}, signal } = {}) {
  const said = conversation ? { conversation_id: conversation } : { history };
  const request = body({ question, ...said, filters, stream: true });
  request.headers.Accept = "text/event-stream, application/json";
  for await (const { event, data } of events("/api/v1/ask", { ...request, signal })) {
    if (event === "error") throw new Problem(data ?? {});
    yield { event, data };
    if (event === "done") return;
  }
  throw new Problem({ code: "cut", detail: "连接断了，回答没有传完。请再试一次。" });
}

/** Each sentence of a draft as it is judged, and the whole at the end. */
export async function* check(text, { filters = {}, signal } = {}) {
  const request = body({ text, filters, stream: true });
  request.headers.Accept = "text/event-stream, application/json";
  for await (const { event, data } of events("/api/v1/check", { ...request, signal })) {
    if (event === "error") throw new Problem(data ?? {});
    yield { event, data };
    if (event === "done") return;
  }
  throw new Problem({ code: "cut", detail: "连接断了，没有核完。请再试一次。" });
}

/** A Word file with the findings written into it. */
export async function checkWord(file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return (await send("/api/v1/check/docx", { method: "POST", body: form })).blob();
}

/** A job's states as they come, the last one included. When the stream breaks, the job is asked for again. */
export async function* jobStates(id, signal) {
  const path = `/api/v1/jobs/${encodeURIComponent(id)}`;
  const over = (job) => ["done", "failed", "cancelled"].includes(job?.state);
  for (let failures = 0; ; ) {
    try {
      for await (const { event, data } of events(path, { headers: { Accept: "text/event-stream" }, signal })) {
        if (event === "error") throw new Problem(data ?? {});
        failures = 0;
        const job = data?.job ?? data;
        yield job;
        if (event === "done" || over(job)) return;
      }
      const job = await json(path, { headers: { Accept: "application/json" }, signal });
      yield job;
      if (over(job)) return;
    } catch (error) {
      if (signal?.aborted || error.status === 404 || (failures += 1) > 5) throw error;
    }
    await new Promise((resume) => setTimeout(resume, 800));
  }
}

export function documents({ limit = 50, cursor, q, level, place, signal } = {}) {
  const query = new URLSearchParams({ limit });
  for (const [name, value] of Object.entries({ cursor, q, level, place })) if (value) query.set(name, value);
  return json(`/api/v1/documents?${query}`, { signal });
}

const figuresPath = (asked) => `/api/v1/figures?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== "" && value !== undefined))}`;

/** The numbers that the documents state; `asked`: q, level, place, sort, limit, offset. */
export const figures = ({ signal, ...asked } = {}) => json(figuresPath(asked), { signal, headers: { Accept: "application/json" } });

/** The same as a file for a spreadsheet. */
export const figuresSheet = async (asked) => (await send(figuresPath({ ...asked, limit: 1000 }), { headers: { Accept: "text/csv" } })).blob();

export const documentOf = (id, signal) => json(documentPath(id), { signal });
export const textOf = (id, signal) => json(`${documentPath(id)}/text`, { signal });
export const droppedOf = (id, signal) => json(`${documentPath(id)}/text?dropped=1`, { signal });
export const differences = (id, other) => json(`${documentPath(id)}/differences?${new URLSearchParams({ with: other })}`);
export const remove = (id) => json(documentPath(id), { method: "DELETE" });
export const restore = (id) => json(`${documentPath(id)}/restore`, body({}));
export const sync = () => json("/api/v1/sync", body({}));
export const jobOf = (id) => json(`/api/v1/jobs/${encodeURIComponent(id)}`);
export const latestJobs = (limit, signal) => json(`/api/v1/jobs?limit=${limit}`, { signal });
export const models = (signal) => json("/api/v1/models", { signal });
export const cancelJob = (id) => json(`/api/v1/jobs/${encodeURIComponent(id)}`, { method: "DELETE" });
export const feedback = (answerId, vote, comment = "") => json("/api/v1/feedback", body({ answer_id: answerId, vote, comment }));

/** What the service needs to know of a citation. */
export const spot = ({ document_id, start, end, quote = "", title = "" }) => ({ document_id, start, end, quote, title });
export const citations = (list, style, signal) => json("/api/v1/citations/export", { ...body({ citations: list.map(spot), style }), signal });

/** How a link stands; `hash` names its words. */
export const quotation = ({ document_id, start, end, hash }) => json(`${documentPath(document_id)}/quotation?${new URLSearchParams({ start, end, hash })}`);

/** A report as a file. */
export async function report(request) {
  return (await send("/api/v1/export", body(request))).blob();
}

export const conversations = (cursor) => json(`/api/v1/conversations?${new URLSearchParams({ limit: 20, ...(cursor ? { cursor } : {}) })}`);
export const conversationOf = (id) => json(`/api/v1/conversations/${encodeURIComponent(id)}`);
export const conversationFile = async (id, format) => (await send(`/api/v1/conversations/${encodeURIComponent(id)}/export?format=${format}`)).blob();
export const forgetConversation = (id) => json(`/api/v1/conversations/${encodeURIComponent(id)}`, { method: "DELETE" });

export function upload(files) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return json("/api/v1/documents", { method: "POST", body: form, headers: { Accept: "application/json" } });
}

/** Whether the service is ready, and if not, what it says is missing. */
export async function readiness() {
  let response;
  try {
    response = await fetch("/readyz", { cache: "no-store", headers: { Accept: "application/json" } });
  } catch {
    return { state: "unreachable", detail: "" };
  }
  let said = {};
  try {
    said = await response.json();
  } catch {
    // The status is enough.
  }
  if (response.ok) return { state: "ready", detail: "", said };
  if (response.status === 503) return { state: "preparing", detail: said?.detail ?? "", said };
  return { state: "unreachable", detail: said?.detail ?? "" };
}
