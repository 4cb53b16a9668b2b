// One file on its way: tus-js-client, and when to try again.
import { Upload } from "tus-js-client";
import { gettext } from "./texts.js";

/** One request carries this much: a proxy that holds requests back loses no more than this. */
const CHUNK = 64 * 1024 * 1024;
const RETRIES = [0, 500, 1000, 2000, 4000, 8000, 15000, 15000];
const TRY_AGAIN = 15000;
/** Without any progress for so long (a machine that slept, a line that went dead) the request is made anew. */
const STALLED = 90000;
const WATCH = 5000;
const FINAL_5XX = new Set([501, 505, 507]);

function cookie(name) {
  const entry = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return entry ? decodeURIComponent(entry.slice(name.length + 1)) : "";
}

/** Headers of every request to the portal; the token changes at sign-in, the cookie has the present one. */
export const tokenHeaders = (panel) => ({
  "X-CSRFToken": cookie("csrftoken") || panel.dataset.csrf,
  // On the page of an upload link nobody is signed in: the link is the right.
  ...(panel.dataset.link && { Authorization: `Link ${panel.dataset.link}` }),
});

const isGone = (status) => status === 404 || status === 410;

/** Whether time alone may heal this. */
function isPassing(error, status) {
  if (!error.originalRequest) return false;
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

async function unfinishedLike(name, file, panel) {
  try {
    const answer = await fetch(panel.dataset.unfinished, { headers: { Accept: "application/json" } });
    if (!answer.ok) return null;
    const { uploads } = await answer.json();
    // Event logs have round sizes: name and size alone do not make it the same file.
    return uploads.find((upload) => upload.name === name && upload.size === file.size && upload.modified === file.lastModified);
  } catch {
    return null;
  }
}

/**
 * States: queued, running, paused, offline, signedout, failed, done. `changed()` is told of every change.
 * `path` is the file's path within the folder that was dropped or chosen, else empty.
 */
export class Transfer {
  state = "queued";
  sent = 0;
  error = "";
  #upload = null;
  #timer = 0;
  #watch = 0;
  #movedAt = 0;
  #headStatus = 0;

  constructor({ file, path }, panel, taken, changed) {
    this.file = file;
    this.name = path || file.name;
    this.path = path;
    this.panel = panel;
    this.taken = taken;
    this.changed = changed;
    this.isOnline = () => this.state === "offline" && this.#restart();
    window.addEventListener("online", this.isOnline);
    this.isOffline = () => this.state === "running" && this.#upload && this.#hold();
    window.addEventListener("offline", this.isOffline);
    this.#watch = setInterval(() => this.#restartIfStalled(), WATCH);
  }

  /** The upload's id, once the server has given it one. */
  get id() {
    return this.#upload?.url ? new URL(this.#upload.url, location.href).pathname.split("/").at(-1) : "";
  }

  get isUnderWay() {
    return ["queued", "running", "offline", "signedout", "paused"].includes(this.state);
  }

  async start() {
    this.#set("running");
    if (!this.#upload) {
      const known = await unfinishedLike(this.name, this.file, this.panel);
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
    this.#end();
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
        ...(this.path && { path: this.path }),
      },
      onBeforeRequest: (request) => {
        this.#movedAt = Date.now();
        this.#headStatus = 0;
        for (const [name, value] of Object.entries(tokenHeaders(this.panel))) request.setHeader(name, value);
      },
      onAfterResponse: (request, response) => {
        const status = response.getStatus();
        if (request.getMethod() !== "HEAD" || status < 300 || isGone(status)) return;
        // The library would begin a new upload now and forget this one, which is only out of reach.
        this.#headStatus = status;
        throw new Error(`HEAD ${status}`);
      },
      onProgress: (sent) => {
        if (sent !== this.sent) this.#movedAt = Date.now();
        this.sent = sent;
        this.#set("running");
      },
      onShouldRetry: (error) => {
        const status = this.#statusOf(error);
        const again = isPassing(error, status);
        if (again && status !== 409) this.#set("offline");
        return again;
      },
      onError: (error) => this.#failed(error),
      onSuccess: () => {
        this.#end();
        this.sent = this.file.size;
        this.#set("done");
      },
    });
  }

  #statusOf(error) {
    return error.originalResponse?.getStatus() ?? this.#headStatus;
  }

  #failed(error) {
    const status = this.#statusOf(error);
    if (isPassing(error, status)) {
      this.#hold();
      return;
    }
    if (status === 401) {
      this.error = gettext("Your sign-in has ended. Sign in again in a new tab, then choose “Continue uploading” here. What has arrived is kept.");
      this.#set("signedout");
      return;
    }
    this.error = sentence(error);
    // An empty or too large file stays so: to go on with it would only be refused again.
    this.isHopeless = status === 400 || status === 413;
    this.#set(status === 423 ? "paused" : "failed");
  }

  /** Out of reach: once more in a while, or as soon as the browser is online again. */
  #hold() {
    this.#upload.abort();
    this.#set("offline");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#restart(), TRY_AGAIN);
  }

  #restartIfStalled() {
    if (this.state !== "running" || !this.#upload || Date.now() - this.#movedAt < STALLED) return;
    this.#set("offline");
    this.#restart();
  }

  #end() {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    window.removeEventListener("online", this.isOnline);
    window.removeEventListener("offline", this.isOffline);
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
