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

/** Answers of htmx requests only: pages say it themselves. A poll that fails is tried again anyway. */
export function sayRefusals() {
  document.addEventListener("refused", (event) => say(event.detail?.value));
  document.addEventListener("htmx:sendError", (event) => {
    if (event.detail.requestConfig?.verb !== "get") say(document.getElementById("alerts")?.dataset.offline);
  });
}
