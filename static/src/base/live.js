/**
 * Live regions: what changed on the server replaces what changed, and nothing else.
 *
 * An answer to a `hx-swap="live"` request holds elements with `data-live` and an id. Each is
 * compared with what the server sent last for that id. Children of a `data-keyed` region are
 * compared one by one, so that an opened fold, a selection or the place on the page stays. A change
 * of a region with `data-tells` is told as an event of that name, for parts that are no live regions.
 */

const sent = new Map();

/** The server's text without what differs in every answer. */
function essence(element) {
  return element.outerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
}

function remember(region) {
  sent.set(region.id, essence(region));
  for (const child of region.querySelectorAll("[data-key]")) sent.set(child.id, essence(child));
}

function place(fresh, where) {
  where(fresh);
  window.htmx.process(fresh);
}

function updateKeyed(region, fresh) {
  const keyed = [...fresh.querySelectorAll("[data-key]")];
  const known = new Set(keyed.map((child) => child.id));
  for (const old of region.querySelectorAll("[data-key]")) if (!known.has(old.id)) old.remove();
  let previous = null;
  for (const child of keyed) {
    const old = document.getElementById(child.id);
    const same = old && sent.get(child.id) === essence(child);
    sent.set(child.id, essence(child));
    if (same) {
      previous = old;
      continue;
    }
    if (old) place(child, (node) => old.replaceWith(node));
    else if (previous) place(child, (node) => previous.after(node));
    else place(child, (node) => region.prepend(node));
    if (!old) child.classList.add("entry-new");
    previous = child;
  }
}

function update(fresh) {
  const region = document.getElementById(fresh.id);
  if (!region || sent.get(fresh.id) === essence(fresh)) return;
  if (fresh.dataset.tells && sent.has(fresh.id)) document.body.dispatchEvent(new CustomEvent(fresh.dataset.tells));
  if (region.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return;
  if (region.hasAttribute("data-keyed")) {
    const whole = essence(fresh);
    updateKeyed(region, fresh);
    sent.set(fresh.id, whole);
  } else {
    remember(fresh);
    place(fresh, (node) => region.replaceWith(node));
  }
}

/** Registers the swap style "live" and stops polls of a hidden page. */
export function liveRegions() {
  if (!window.htmx) return;
  for (const region of document.querySelectorAll("[data-live]")) remember(region);
  window.htmx.defineExtension("live", {
    isInlineSwap: (style) => style === "live",
    handleSwap(style, _target, fragment) {
      if (style !== "live") return false;
      for (const fresh of [...fragment.querySelectorAll("[data-live]")]) update(fresh);
      return [];
    },
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const trigger = event.detail.requestConfig?.triggeringEvent;
    const polled = !trigger || trigger.type === "every";
    if (polled && event.detail.requestConfig?.verb === "get" && document.hidden) event.preventDefault();
  });
}
