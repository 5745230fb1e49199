// Offsets of the service count Unicode code points; a browser's strings count UTF-16 units.

export class Points {
  #astral = []; // UTF-16 positions of the characters that take two units

  constructor(text) {
    this.text = text;
    const pair = /[\ud800-\udbff][\udc00-\udfff]/g;
    for (let found; (found = pair.exec(text)); ) this.#astral.push(found.index);
  }

  get length() {
    return this.text.length - this.#astral.length;
  }

  /** The UTF-16 position of the code point `offset`. */
  unit(offset) {
    let low = 0;
    let high = this.#astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#astral[middle] - middle < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  }

  /** The code point offset of a UTF-16 position. */
  point(unit) {
    let low = 0;
    let high = this.#astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#astral[middle] < unit) low = middle + 1;
      else high = middle;
    }
    return unit - low;
  }

  slice(start, end) {
    return this.text.slice(this.unit(start), this.unit(end));
  }
}

export function countPoints(text) {
  return new Points(text).length;
}
