// How documents, dates, pages and citations are written, on the page and on the clipboard.

export const titleOf = (thing) => (thing?.title ?? "").trim() || "（无题）";

/** 《title》; book marks inside become 〈〉, as Chinese typography has it. */
export const booked = (title) => `《${title.replaceAll("《", "〈").replaceAll("》", "〉")}》`;

export function dateOf(published) {
  const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(published ?? "");
  if (!found) return "";
  const [, year, month, day] = found;
  return `${year}年${month ? `${Number(month)}月` : ""}${day ? `${Number(day)}日` : ""}`;
}

/** A moment (ISO 8601) in the reader's own time: 11月22日 19:10, with the year where it is another. */
export function momentOf(iso, now = new Date()) {
  const at = new Date(iso ?? "");
  if (!iso || Number.isNaN(at.getTime())) return "";
  const year = at.getFullYear() === now.getFullYear() ? "" : `${at.getFullYear()}年`;
  const two = (number) => String(number).padStart(2, "0");
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function pageOf({ page, page_kind: kind }) {
  if (page === null || page === undefined || page === "") return "";
  return kind === "work_start" ? `第 ${page} 页起` : `第 ${page} 页`;
}

export const count = (number) => Number(number ?? 0).toLocaleString("zh-CN");

/** Where a citation stands, beside its title: 第 12 页、二、把书送到家门口、云泽省、2025年2月 */
export function placesOf(citation) {
  const heading = citation.heading?.length ? citation.heading[citation.heading.length - 1] : "";
  const place = citation.place ?? "";
  const name = place.replace(/(?:省|市|自治区|自治州|县|区|州|盟|旗)$/, "").slice(-2); // not said again where the title says it
  return [pageOf(citation), citation.where, heading, name && titleOf(citation).includes(name) ? "" : place, dateOf(citation.published)].filter(Boolean);
}

export const whereOf = (citation) => placesOf(citation).join(" · ");

/** The line of small facts about a document. */
export function factsOf(doc) {
  return [doc.level, doc.place, doc.kind, pageOf(doc), dateOf(doc.published)].filter(Boolean);
}

export function fileOf(doc) {
  if (!doc.file) return "";
  return doc.part > 1 || doc.page_kind === "work_start" ? `${doc.file} 第 ${doc.part} 篇` : doc.file;
}

/** The path of a citation: the service's own, or one made from the span. */
export function permalink(citation) {
  if (/^\/documents\/[^/]/.test(citation.url ?? "")) return citation.url;
  const path = `/documents/${encodeURIComponent(citation.document_id)}`;
  return citation.end > citation.start ? `${path}#s${citation.start}-${citation.end}` : path;
}

export const sourceKey = ({ document_id: id, start, end }) => `${id}:${start}-${end}`;

export function targetOf(path, hash) {
  const document = /^\/documents\/([^/]+)$/.exec(path);
  if (!document) return null;
  const span = /^#s(\d+)-(\d+)(?:-([0-9a-f]{8}))?$/.exec(hash);
  let id;
  try {
    id = decodeURIComponent(document[1]);
  } catch {
    return null;
  }
  return { document_id: id, start: span ? Number(span[1]) : 0, end: span ? Number(span[2]) : 0, hash: span?.[3] ?? "", url: path + hash };
}

function reference(citation) {
  const heading = citation.heading?.length ? citation.heading[citation.heading.length - 1] : "";
  const page = pageOf(citation).replaceAll(" ", "");
  return [booked(titleOf(citation)), citation.place, dateOf(citation.published), page, heading].filter(Boolean).join("，");
}

const absolute = (citation) => new URL(permalink(citation), location.origin).href;

/** One citation for the clipboard: the words, where they stand, and the way back to them. */
export function citationText(citation) {
  return `“${citation.quote}”\n——${reference(citation)}\n${absolute(citation)}`;
}

/** An answer for the clipboard, its sources with it. */
export function answerText(reply) {
  const sources = (reply.citations ?? []).map((one) => `[${one.number}] ${reference(one)}：“${one.quote}”\n    ${absolute(one)}`);
  return [reply.question, "", reply.answer, ...(sources.length ? ["", "出处", ...sources] : [])].join("\n");
}
