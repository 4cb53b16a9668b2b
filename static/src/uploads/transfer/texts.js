// What the upload rows say. `gettext` comes from Django's catalogue, loaded before.
const translate = (text) => (window.gettext ? window.gettext(text) : text);
export { translate as gettext };
const gettext = translate;

/** Fills %(name)s places. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
}

const language = () => document.documentElement.lang || "en";

/** 1 234 567 → "1.2 MB", in powers of 1024 like Django's filesizeformat. */
export function size(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit && value < 100 ? 1 : 0;
  const number = new Intl.NumberFormat(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number.format(value)} ${units[unit]}`;
}

/** The count of bytes with its separators. */
export const exact = (bytes) => new Intl.NumberFormat(language()).format(bytes);

/** Seconds → "about 3 min left". */
export function timeLeft(seconds) {
  if (seconds < 60) return fill(gettext("%(n)s s left"), { n: Math.max(1, Math.round(seconds)) });
  if (seconds < 5400) return fill(gettext("about %(n)s min left"), { n: Math.round(seconds / 60) });
  return fill(gettext("about %(n)s h left"), { n: Math.round(seconds / 3600) });
}

/** What a row's pill says, and in which colour. */
export const STATES = {
  queued: [gettext("Waiting"), "pill-quiet"],
  running: [gettext("Uploading"), "pill-info"],
  paused: [gettext("Paused"), "pill-warn"],
  offline: [gettext("Connection lost; continues by itself"), "pill-warn"],
  signedout: [gettext("Sign in again"), "pill-warn"],
  failed: [gettext("Failed"), "pill-bad"],
  done: [gettext("Complete"), "pill-good"],
};
