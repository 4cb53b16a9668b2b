// Uploading on the case page; the panel may come with the page or, after the consent, by htmx.
import { Panel } from "./upload/panel.js";

const known = new WeakSet();

function open() {
  for (const element of document.querySelectorAll("[data-upload]")) {
    if (known.has(element)) continue;
    known.add(element);
    new Panel(element);
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", open);
else open();
// Not afterSettle: a file chosen or dropped in the moment between would be lost.
document.addEventListener("htmx:afterSwap", open);
