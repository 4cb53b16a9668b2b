/** Boxes to write into: nothing written is lost, nothing is sent twice. */

const FIELDS = "textarea, input[type=text], input[type=datetime-local], input:not([type]), input[type=radio], input[type=checkbox], select";
const SENT = "draft-sent";

const keyOf = (form) => `draft:${location.pathname}:${form.dataset.keep}`;
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const nameOf = (field) => (isChoice(field) ? `${field.name}=${field.value}` : field.name);
const chosenAtFirst = (select) => [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
const baseOf = (field) => {
  if (isChoice(field)) return field.defaultChecked;
  return field.options ? (chosenAtFirst(field)?.value ?? "") : field.defaultValue;
};
const valueOf = (field) => (isChoice(field) ? field.checked : field.value);
const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name);

function keep(form) {
  const drafts = {};
  for (const field of fieldsOf(form)) {
    if (valueOf(field) !== baseOf(field)) drafts[nameOf(field)] = { base: baseOf(field), value: valueOf(field) };
  }
  if (Object.keys(drafts).length) sessionStorage.setItem(keyOf(form), JSON.stringify(drafts));
  else sessionStorage.removeItem(keyOf(form));
}

/** A field that the server fills differently by now has a newer text than the one kept. */
function restore(form) {
  const drafts = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "{}");
  for (const field of fieldsOf(form)) {
    const draft = drafts[nameOf(field)];
    if (!draft || draft.base !== baseOf(field)) continue;
    if (isChoice(field)) field.checked = draft.value;
    else field.value = draft.value;
  }
}

/** What was sent has arrived when the answer is another page, or the thread at its new entry. */
function forgetWhatArrived() {
  const arrived = /^#entry-\d+$/.test(location.hash);
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
  const elsewhere = sent && sent.page !== location.pathname && !document.querySelector(".entrance, .error-page");
  if (sent && (arrived || elsewhere)) sessionStorage.removeItem(sent.key);
  if (!document.querySelector(".entrance, .error-page")) sessionStorage.removeItem(SENT);
  // A later reload must not take the next draft for the one that has arrived.
  if (arrived) history.replaceState(null, "", location.pathname + location.search);
}

/** Keeps what is being written in a `form[data-keep]` for this tab, until the server has it. */
export function keepDrafts() {
  forgetWhatArrived();
  for (const form of document.querySelectorAll("form[data-keep]")) {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, JSON.stringify({ key: keyOf(form), page: location.pathname })));
  }
  // The next person at this computer finds nothing.
  document.querySelector('form[action$="/logout/"]')?.addEventListener("submit", () => sessionStorage.clear());
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
