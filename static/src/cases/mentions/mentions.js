/** After an @ in an internal note the colleagues who see the case are offered by name. */

const MOST = 8;

/** Wires the box of `[data-mentions]`, which holds the names as JSON. */
export function mentionColleagues() {
  for (const place of document.querySelectorAll("[data-mentions]")) {
    const names = JSON.parse(place.dataset.mentions);
    const form = place.closest("form");
    const box = form.querySelector("textarea");
    const begun = () => /[@＠]([^\s@＠]{0,20})$/.exec(box.value.slice(0, box.selectionStart));
    const take = (name) => {
      const start = box.selectionStart - begun()[0].length;
      box.setRangeText(`@${name} `, start, box.selectionStart, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    };
    const offer = () => {
      const match = form.querySelector('[name="kind"]:checked')?.value === "reply" ? null : begun();
      const fitting = match ? names.filter((name) => name.toLowerCase().includes(match[1].toLowerCase())).slice(0, MOST) : [];
      place.replaceChildren(...fitting.map((name) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = name;
        button.addEventListener("click", () => take(name));
        return button;
      }));
      place.hidden = !fitting.length;
    };
    box.addEventListener("input", offer);
    box.addEventListener("keydown", (event) => {
      // The first one by Tab; the others are reached by Tab after Escape, as everything is.
      if (event.key === "Tab" && !event.shiftKey && !place.hidden && begun()?.[1]) {
        event.preventDefault();
        take(place.firstElementChild.textContent);
      } else if (event.key === "Escape") place.hidden = true;
    });
  }
}
