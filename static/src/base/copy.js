/** A command to be copied; where the browser keeps the clipboard closed, it is marked to be copied by hand. */
export function copyByButton() {
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
}
