/**
 * What a page does to people who do not see it well, as a list of sentences; empty when nothing.
 * Rules: WCAG 2.2, 1.4.3 (contrast 4.5:1, large text 3:1), 4.1.2 (names), 2.4.3 (order), 3.1.1 (language).
 */
() => {
  const wrong = [];
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const once = (find) => {
    const known = new Map();
    return (key) => {
      if (!known.has(key)) known.set(key, find(key));
      return known.get(key);
    };
  };
  const rgba = once((colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  });
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = once((element) => {
    const colour = rgba(getComputedStyle(element).backgroundColor);
    if (colour[3] === 1) return colour;
    return over(colour, element.parentElement ? ground(element.parentElement) : [255, 255, 255, 1]);
  });
  const contrast = (one, other) => (Math.max(light(one), light(other)) + 0.05) / (Math.min(light(one), light(other)) + 0.05);
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const what = (element) => `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;

  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || seen.has(element) || !shown(element)) continue;
    seen.add(element);
    if (element.matches("script, style, noscript, template, .visually-hidden, .visually-hidden *, .skip")) continue;
    if (element.closest("[disabled], [aria-disabled=true]")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const behind = ground(element);
    const ratio = contrast(over(rgba(style.color), behind), behind);
    if (ratio < (large ? 3 : 4.5)) wrong.push(`contrast ${ratio.toFixed(2)}: ${what(element)}`);
  }

  const named = (element) =>
    element.getAttribute("aria-label") ||
    (element.getAttribute("aria-labelledby") ?? "").split(" ").some((id) => document.getElementById(id)?.textContent.trim()) ||
    [...(element.labels ?? [])].some((label) => label.textContent.trim()) ||
    (element.matches("a, button, summary") && (element.textContent.trim() || element.querySelector("img[alt]:not([alt=''])")));
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, progress, [role=region]")) {
    if (shown(element) && !element.closest("[aria-hidden=true]") && !named(element)) wrong.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    if (element.tabIndex > 0) wrong.push(`out of the reading order: ${what(element)}`);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) wrong.push(`no text for ${image.src}`);
  for (const idref of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const element of document.querySelectorAll(`[${idref}]`)) {
      for (const id of element.getAttribute(idref).split(/\s+/)) {
        if (id && !document.getElementById(id)) wrong.push(`${idref} names nothing: ${id}`);
      }
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((one, place) => ids.indexOf(one) !== place))) wrong.push(`id given twice: ${id}`);
  if (document.querySelectorAll("h1").length !== 1) wrong.push(`${document.querySelectorAll("h1").length} h1`);
  if (!document.documentElement.lang) wrong.push("no language");
  return wrong;
}
