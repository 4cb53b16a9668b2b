// Uploading on the case page; the panel may come with the page or, after the consent, by htmx.
import { Panel } from "./upload/panel.js";

const known = new WeakSet();

/** A command to compare a hash with; where the browser keeps the clipboard closed, it is marked to be copied. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  const text = button?.closest("[data-copied]")?.querySelector("code");
  if (!text) return;
  getSelection().selectAllChildren(text);
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = button.dataset.copy;
  } catch {
    // It stays marked.
  }
});

function open(event) {
  for (const element of document.querySelectorAll("[data-upload]")) {
    if (known.has(element)) continue;
    known.add(element);
    const panel = new Panel(element);
    // In place of the form of the consent, with which the keyboard's place went.
    if (event?.type === "htmx:afterSwap" && document.activeElement === document.body) panel.focus();
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", open);
else open();
// Not afterSettle: a file chosen or dropped in the moment between would be lost.
document.addEventListener("htmx:afterSwap", open);
