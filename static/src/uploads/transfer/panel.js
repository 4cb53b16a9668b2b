// The drop zone with its rows: takes files, starts them in turn, tells the page what is complete.
import { MOST_FILES, TooManyFiles, chosen, dropped } from "./files.js";
import { Row } from "./row.js";
import { Transfer, tokenHeaders } from "./transfer.js";
import { STATES, fill, gettext } from "./texts.js";

const AT_ONCE = 2;

export class Panel {
  #rows = [];

  constructor(element) {
    this.element = element;
    this.input = element.querySelector("[data-files]");
    this.folder = element.querySelector("[data-folder]");
    this.#listen();
  }

  #listen() {
    const drop = this.element.querySelector("[data-drop]");
    this.element.addEventListener("click", (event) => this.#clicked(event.target));
    for (const input of [this.input, this.folder]) {
      input.addEventListener("change", async () => {
        await this.#takeAll((async () => chosen(input))());
        input.value = "";
      });
    }
    let depth = 0;
    const over = (change) => {
      depth = Math.max(0, depth + change);
      drop.classList.toggle("drop-over", depth > 0);
    };
    this.element.addEventListener("dragenter", () => over(1));
    this.element.addEventListener("dragleave", () => over(-1));
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      over(-depth);
      this.#takeAll(dropped(event.dataTransfer));
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.element.isConnected && this.#rows.some((row) => row.transfer.isUnderWay)) event.preventDefault();
    });
  }

  async #takeAll(reading) {
    try {
      const files = await reading;
      if (files.length > 1) this.say(fill(gettext("%(count)s files are uploaded, each by itself."), { count: files.length }));
      this.take(files);
    } catch (error) {
      const tooMany = gettext("These are more than %(most)s files: pack them as a zip archive. Nothing of them was uploaded.");
      const unread = gettext("The folder cannot be read. Pack it as a zip archive.");
      this.say(error instanceof TooManyFiles ? fill(tooMany, { most: MOST_FILES }) : unread, true);
    }
  }

  focus() {
    this.element.querySelector("[data-drop] [data-choose]").focus();
  }

  /** Puts files into the queue. */
  take(files) {
    const list = this.element.querySelector("[data-rows]");
    const template = this.element.querySelector("template[data-row]");
    for (const file of files) {
      const taken = (id, asker) => this.#rows.some((row) => row.transfer !== asker && row.transfer.id === id);
      const transfer = new Transfer(file, this.element, taken, () => this.#changed(row));
      const row = new Row(template, transfer);
      this.#rows.push(row);
      list.append(row.element);
    }
    this.#next();
  }

  #next() {
    let free = AT_ONCE - this.#rows.filter((row) => ["running", "offline"].includes(row.transfer.state)).length;
    for (const row of this.#rows) {
      if (free <= 0) return;
      if (row.transfer.state === "queued") {
        free -= 1;
        row.transfer.start();
      }
    }
  }

  #changed(row) {
    this.#forgetUnfinished(row.transfer.id);
    if (!row.show()) return;
    const { state, name, error } = row.transfer;
    if (state !== "running" && state !== "queued") this.say(`${name}: ${error || STATES[state][0]}`);
    if (state === "done") this.#done(row);
    if (state !== "running") this.#next();
  }

  #done(row) {
    row.element.classList.add("is-done");
    const place = row.part("done");
    place.hidden = false;
    const address = this.element.dataset.card.replace("00000000-0000-0000-0000-000000000000", row.transfer.id);
    window.htmx?.ajax("GET", address, { target: place, swap: "innerHTML" });
    // The case page listens: its thread and analysis refresh without a reload.
    document.body.dispatchEvent(new CustomEvent("bundle-complete", { bubbles: true }));
  }

  async #clicked(target) {
    const button = target.closest("button");
    if (!button) return;
    if ("choose" in button.dataset || "chooseFolder" in button.dataset) {
      ("choose" in button.dataset ? this.input : this.folder).click();
      return;
    }
    if ("discard" in button.dataset) {
      await this.#discard(button.closest("[data-upload-id]"));
      return;
    }
    const row = this.#rows.find(({ element }) => element.contains(button));
    if (!row) return;
    if ("pause" in button.dataset) row.transfer.pause();
    if ("resume" in button.dataset) row.transfer.resume();
    if ("cancel" in button.dataset && this.#sure(row.transfer.name)) await this.#drop(row);
    if ("remove" in button.dataset) await this.#drop(row);
    this.#next();
  }

  #sure(name) {
    return window.confirm(fill(gettext("Cancel the upload of “%(name)s”? What has arrived is deleted."), { name }));
  }

  async #drop(row) {
    this.#rows = this.#rows.filter((other) => other !== row);
    row.element.remove();
    this.focus();
    await row.transfer.cancel();
  }

  async #discard(item) {
    if (!this.#sure(item.querySelector(".upload-name").textContent)) return;
    const headers = { "Tus-Resumable": "1.0.0", ...tokenHeaders(this.element) };
    const answer = await fetch(item.dataset.url, { method: "DELETE", headers }).catch(() => null);
    if (answer?.ok || answer?.status === 404 || answer?.status === 410) this.#forgetUnfinished(item.dataset.uploadId);
    else this.say(answer ? await answer.text() : gettext("The portal cannot be reached. Try again."), true);
  }

  /** An upload that goes on in a row above is not unfinished any more. */
  #forgetUnfinished(id) {
    if (!id) return;
    const part = this.element.querySelector("[data-unfinished-part]");
    part.querySelector(`[data-upload-id="${CSS.escape(id)}"]`)?.remove();
    part.hidden = !part.querySelector("[data-upload-id]");
  }

  /** For screen readers; `visibly` for everybody. */
  say(words, visibly = false) {
    const place = this.element.querySelector("[data-say]");
    place.classList.toggle("visually-hidden", !visibly);
    place.textContent = words;
  }
}
