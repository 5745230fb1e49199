// Server-sent events from raw bytes. A network cut may fall inside a character, a line or a frame: what is unfinished is carried.

export class Frames {
  #decoder = new TextDecoder();
  #rest = "";
  #event = "";
  #data = [];

  /** The events that these bytes complete, as {event, data}; data is the text after `data:`. */
  push(bytes) {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    // A carriage return at the very end may be half of a line end: it waits for the next bytes.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    const events = [];
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length) events.push({ event: this.#event || "message", data: this.#data.join("\n") });
        this.#event = "";
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue; // a comment, sent to keep the line open
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") this.#event = value;
      else if (field === "data") this.#data.push(value);
    }
    return events;
  }
}

/** Every event of a byte stream, in order. `heard` is called for each piece of it, comments included. */
export async function* frames(stream, heard = () => {}) {
  const reader = stream.getReader();
  const parser = new Frames();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      heard();
      yield* parser.push(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
