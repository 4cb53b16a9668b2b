// One file on its way: tus-js-client, and when to try again.
import { Upload } from "tus-js-client";
import { gettext } from "./words.js";

/** One request carries this much: a proxy that holds requests back loses no more than this. */
const CHUNK = 64 * 1024 * 1024;
const RETRIES = [0, 500, 1000, 2000, 4000, 8000, 15000, 15000];
const TRY_AGAIN = 15000;
const FINAL_5XX = new Set([501, 505, 507]);

function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Headers of every request to the portal; the token changes at sign-in, the cookie has the present one. */
export const tokenHeaders = (panel) => ({
  "X-CSRFToken": cookie("csrftoken") || panel.dataset.csrf,
  // On the page of an upload link nobody is signed in: the link is the right.
  ...(panel.dataset.link && { Authorization: `Link ${panel.dataset.link}` }),
});

const statusOf = (error) => error.originalResponse?.getStatus() ?? 0;

/** Whether time alone may heal this. */
function isPassing(error) {
  if (!error.originalRequest) return false;
  const status = statusOf(error);
  return status === 0 || status === 408 || status === 409 || status === 429 || (status >= 500 && !FINAL_5XX.has(status));
}

/** The server's own sentence, or ours where it could not say one. */
function sentence(error) {
  const response = error.originalResponse;
  const type = response?.getHeader("Content-Type") ?? "";
  const body = response?.getBody() ?? "";
  if (type.startsWith("text/plain") && body) return body.slice(0, 600);
  if (!error.originalRequest) return gettext("The file cannot be read any more. Choose it again to continue.");
  return gettext("The portal did not accept the upload. Reload the page and choose the file again.");
}

async function unfinishedLike(file, panel) {
  try {
    const answer = await fetch(panel.dataset.unfinished, { headers: { Accept: "application/json" } });
    if (!answer.ok) return null;
    const { uploads } = await answer.json();
    // Event logs have round sizes: name and size alone do not make it the same file.
    return uploads.find((it) => it.name === file.name && it.size === file.size && it.modified === file.lastModified);
  } catch {
    return null;
  }
}

/** States: queued, running, paused, offline, failed, done. `changed()` is told of every change. */
export class Transfer {
  state = "queued";
  sent = 0;
  error = "";
  #upload = null;
  #timer = 0;

  constructor(file, panel, taken, changed) {
    this.file = file;
    this.panel = panel;
    this.taken = taken;
    this.changed = changed;
    this.isOnline = () => this.state === "offline" && this.#restart();
    window.addEventListener("online", this.isOnline);
  }

  /** The upload's id, once the server has given it one. */
  get id() {
    return this.#upload?.url ? new URL(this.#upload.url, location.href).pathname.split("/").at(-1) : "";
  }

  get isUnderWay() {
    return this.state === "queued" || this.state === "running" || this.state === "offline";
  }

  async start() {
    this.#set("running");
    if (!this.#upload) {
      const known = await unfinishedLike(this.file, this.panel);
      const resumed = known && !this.taken(known.id, this) ? known.url : null;
      this.#upload = this.#make(resumed);
      if (this.state !== "running") return;
    }
    this.#upload.start();
  }

  pause() {
    clearTimeout(this.#timer);
    this.#upload?.abort();
    this.#set("paused");
  }

  /** Back to the queue; the panel starts it when there is room. */
  resume() {
    this.error = "";
    this.#set("queued");
  }

  /** Ends it here and on the server. */
  async cancel() {
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.isOnline);
    this.state = "cancelled";
    try {
      await this.#upload?.abort(true);
    } catch {
      // The server deletes it by itself when it expires.
    }
  }

  #make(uploadUrl) {
    return new Upload(this.file, {
      endpoint: this.panel.dataset.endpoint,
      uploadUrl,
      chunkSize: CHUNK,
      retryDelays: RETRIES,
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: true,
      metadata: {
        filename: this.file.name,
        case: this.panel.dataset.case,
        modified: String(this.file.lastModified),
      },
      onBeforeRequest: (request) => {
        for (const [name, value] of Object.entries(tokenHeaders(this.panel))) request.setHeader(name, value);
      },
      onProgress: (sent) => {
        this.sent = sent;
        this.#set("running");
      },
      onShouldRetry: (error) => {
        const again = isPassing(error);
        if (again && statusOf(error) !== 409) this.#set("offline");
        return again;
      },
      onError: (error) => this.#failed(error),
      onSuccess: () => {
        window.removeEventListener("online", this.isOnline);
        this.sent = this.file.size;
        this.#set("done");
      },
    });
  }

  #failed(error) {
    if (isPassing(error)) {
      this.#set("offline");
      this.#timer = setTimeout(() => this.#restart(), TRY_AGAIN);
      return;
    }
    this.error = sentence(error);
    this.#set(statusOf(error) === 423 ? "paused" : "failed");
  }

  #restart() {
    clearTimeout(this.#timer);
    if (this.state !== "offline") return;
    this.#upload.abort();
    this.#upload.start();
  }

  #set(state) {
    if (this.state === "cancelled") return;
    // A progress event may still come after the pause.
    if (state === "running" && this.state === "paused") return;
    this.state = state;
    this.changed(this);
  }
}
