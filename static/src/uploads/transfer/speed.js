// Bytes a second over the last few seconds: steady enough to read, quick enough to believe.
const WINDOW = 8000;

export class Speed {
  #samples = [];

  /** Forgets the past, for a new beginning or after a pause. */
  reset() {
    this.#samples = [];
  }

  /** Takes note of `bytes` sent by now. */
  note(bytes, now = performance.now()) {
    this.#samples.push([now, bytes]);
    while (this.#samples.length > 2 && now - this.#samples[0][0] > WINDOW) this.#samples.shift();
  }

  /** Bytes a second; 0 while there is nothing to tell. */
  get perSecond() {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || last[0] - first[0] < 500) return 0;
    return Math.max(0, ((last[1] - first[1]) * 1000) / (last[0] - first[0]));
  }
}
