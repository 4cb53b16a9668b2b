// The mails that wait, by keyboard: J and K to the next and the last one, 1 to 4, P and X to decide.

export function decideByKey() {
  const rows = () => [...document.querySelectorAll("[data-mail-row]")];
  if (!rows().length) return;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      const all = rows();
      const here = all.findIndex((row) => row.parentElement.hasAttribute("aria-current"));
      all[here + (key === "j" ? 1 : -1)]?.click();
    } else {
      document.querySelector(`[data-decide="${CSS.escape(key)}"]`)?.click();
    }
  });
}
