// One file's row: what it shows for each state, and its buttons.
import { Speed } from "./speed.js";
import { STATES, exact, fill, gettext, size, timeLeft } from "./texts.js";

const REFRESH = 250;

export class Row {
  #speed = new Speed();
  #shownAt = 0;
  #state = "";

  constructor(template, transfer) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.transfer = transfer;
    this.part("name").textContent = transfer.name;
    const bar = this.part("progress");
    bar.max = Math.max(1, transfer.file.size);
    bar.setAttribute("aria-label", transfer.name);
    this.show();
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  /** Brings the row up to its transfer; true if the state is another one than before. */
  show() {
    const { state, sent, file, error } = this.transfer;
    const changed = state !== this.#state;
    if (changed) this.#enter(state);
    if (state === "running") this.#speed.note(sent);
    const now = performance.now();
    if (!changed && now - this.#shownAt < REFRESH) return false;
    this.#shownAt = now;
    this.part("progress").value = sent;
    this.part("facts").textContent = this.#facts();
    this.part("facts").title = fill(gettext("%(sent)s of %(total)s bytes"), { sent: exact(sent), total: exact(file.size) });
    this.part("error").hidden = !error;
    this.part("error").textContent = error;
    return changed;
  }

  #enter(state) {
    this.#state = state;
    if (state !== "running") this.#speed.reset();
    const [words, colour] = STATES[state];
    const pill = this.part("state");
    pill.textContent = words;
    pill.className = `pill ${colour}`;
    this.element.dataset.is = state;
    this.part("progress").classList.toggle("warn", ["paused", "offline", "signedout"].includes(state));
    const hold = this.part("pause");
    const go = this.part("resume");
    const hadFocus = document.activeElement === hold || document.activeElement === go;
    hold.hidden = !["queued", "running", "offline"].includes(state);
    go.hidden = !["paused", "failed", "signedout"].includes(state) || (state === "failed" && Boolean(this.transfer.isHopeless));
    const signIn = this.part("sign-in");
    if (signIn) signIn.hidden = state !== "signedout";
    if (hadFocus) (hold.hidden ? go : hold).focus();
    this.part("cancel").hidden = state === "done" || state === "failed";
    this.part("remove").hidden = state !== "failed";
  }

  #facts() {
    const { state, sent, file } = this.transfer;
    const parts = [fill(gettext("%(sent)s of %(total)s"), { sent: size(sent), total: size(file.size) })];
    const speed = this.#speed.perSecond;
    if (state === "running" && speed > 0) {
      parts.push(`${size(speed)}/s`);
      if (sent < file.size) parts.push(timeLeft((file.size - sent) / speed));
    }
    return parts.join(" · ");
  }
}
