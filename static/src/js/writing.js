/** Boxes to write into: nothing written is lost, nothing is sent twice. */

const key = (box) => `draft:${location.pathname}:${box.dataset.draft}`;

/** Keeps a half-written text of `[data-draft]` for this tab, until the server has it. */
export function keepDrafts() {
  const arrived = /^#entry-\d+$/.test(location.hash);
  for (const box of document.querySelectorAll("[data-draft]")) {
    if (arrived) sessionStorage.removeItem(key(box));
    else if (!box.value) box.value = sessionStorage.getItem(key(box)) ?? "";
    box.addEventListener("input", () => sessionStorage.setItem(key(box), box.value));
  }
  // A later reload must not take the next draft for the one that has arrived.
  if (arrived) history.replaceState(null, "", location.pathname + location.search);
}

/** A form that was sent does not send again by a second click. */
export function onceOnly() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.underWay) {
      event.preventDefault();
      return;
    }
    form.dataset.underWay = "1";
    for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) button.setAttribute("aria-disabled", "true");
  });
  // The page may come back from the browser's cache.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-under-way]")) delete form.dataset.underWay;
  });
}

/** Ctrl Enter sends what is being written. */
export function sendByKey() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form[data-send-by-key]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
