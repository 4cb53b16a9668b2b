/** A canned reply goes into the box where the writing is, and takes nothing away. */
export function insertCannedReplies() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-insert]");
    const box = link?.closest("form")?.querySelector("textarea");
    if (!box) return;
    event.preventDefault();
    box.setRangeText(link.dataset.insert, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    link.closest("details").open = false;
    box.focus();
  });
}
