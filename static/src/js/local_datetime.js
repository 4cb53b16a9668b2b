/** Times to write down are meant by the clock of this computer; the server is told its time zone. */

const two = (number) => String(number).padStart(2, "0");

function byThisClock(at) {
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function localDateTimes() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  for (const place of document.querySelectorAll("[data-local-datetime]")) {
    const [typed, told] = place.querySelectorAll("input");
    told.value = zone;
    place.querySelector("[data-own-zone]").textContent = zone;
    if (typed.dataset.at) typed.value = typed.defaultValue = byThisClock(new Date(typed.dataset.at));
  }
}
