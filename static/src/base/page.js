/** Small behaviours of the frame. */

/** Bootstrap's components follow the system's light or dark, as the tokens do by themselves. */
export function followColourScheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  apply();
  dark.addEventListener("change", apply);
}

/** Ctrl K (⌘ K) goes to the search box. */
export function searchShortcut() {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    const box = document.querySelector("[data-search]");
    if (!box) return;
    event.preventDefault();
    box.closest(".top-fold")?.classList.add("show");
    box.focus();
    box.select();
  });
}

/** Filters apply at once; without scripts their button does it. */
export function submitOnChange() {
  document.addEventListener("change", (event) => event.target.closest("form[data-submit-on-change]")?.requestSubmit());
  for (const button of document.querySelectorAll("form[data-submit-on-change] [data-without-script]")) button.hidden = true;
}

/** A link to a box to write into puts the cursor there. */
export function linksToBoxes() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const place = link && document.getElementById(link.hash.slice(1));
    const box = place?.matches("textarea") ? place : place?.matches("form") && place.querySelector("textarea");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.scrollIntoView({ block: "center", behavior: "smooth" });
  });
}
