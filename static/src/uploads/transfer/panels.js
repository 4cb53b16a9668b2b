// The panels of a page; one may come with the page or, after the consent, by htmx.
import { Panel } from "./panel.js";

const known = new WeakSet();

function open(event) {
  for (const element of document.querySelectorAll("[data-upload]")) {
    if (known.has(element)) continue;
    known.add(element);
    const panel = new Panel(element);
    // In place of the form of the consent, with which the keyboard's place went.
    if (event?.type === "htmx:afterSwap" && document.activeElement === document.body) panel.focus();
  }
}

export function uploadPanels() {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", open);
  else open();
  // Not afterSettle: a file chosen or dropped in the moment between would be lost.
  document.addEventListener("htmx:afterSwap", open);
}
