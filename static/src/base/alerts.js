/** What the server refused, or could not be asked, is said at the top of the page. */

function say(sentence) {
  const place = document.getElementById("alerts");
  if (!place || !sentence) return;
  const alert = document.createElement("div");
  alert.className = "alert alert-danger";
  alert.textContent = sentence;
  place.replaceChildren(alert);
  place.scrollIntoView({ block: "nearest" });
}

/** Stays in sight and leaves the page as it is: what is being written can still be read and copied. */
function saySignedOut() {
  const place = document.getElementById("alerts");
  if (!place || place.querySelector("[data-signed-out-said]")) return;
  const alert = document.createElement("div");
  alert.className = "alert alert-warning";
  alert.dataset.signedOutSaid = "";
  const link = document.createElement("a");
  link.href = `${place.dataset.signInAt}?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = place.dataset.signIn;
  alert.append(place.dataset.signedOut, " ", link);
  place.replaceChildren(alert);
  place.classList.add("alerts-stay");
}

function saySignedInAgain() {
  const place = document.getElementById("alerts");
  if (!place?.querySelector("[data-signed-out-said]")) return;
  place.classList.remove("alerts-stay");
  place.replaceChildren();
}

/** Answers of htmx requests only: pages say it themselves. A poll that fails is tried again anyway. */
export function sayRefusals() {
  document.addEventListener("refused", (event) => say(event.detail?.value));
  document.addEventListener("signed-out", saySignedOut);
  document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && saySignedInAgain());
  document.addEventListener("htmx:sendError", (event) => {
    if (event.detail.requestConfig?.verb !== "get") say(document.getElementById("alerts")?.dataset.offline);
  });
}
