// Where a link's words stand now: a document may have been replaced since it was copied.

import * as api from "./api.js";

const NOWHERE = 2 ** 31; // beyond any text: the reader says that the place has changed, and marks nothing

/** The target to open for an address: itself where its words still stand, or where the service does not answer. */
export async function followed(target) {
  if (!target.hash) return target;
  let told;
  try {
    told = await api.quotation(target);
  } catch {
    return target;
  }
  const { document_id, quote, url, standing } = told;
  if (standing === "moved") return { document_id, start: target.start, end: target.end, quote, url };
  if (standing === "changed") return { document_id, start: NOWHERE, end: NOWHERE + 1 };
  return target;
}
