/** Times to write down are meant by the clock of this computer; the server is told its time zone. */

const twoDigits = (number) => String(number).padStart(2, "0");

function byThisClock(at) {
  const day = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
  return `${day}T${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

export function localDateTimes() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  for (const place of document.querySelectorAll("[data-local-datetime]")) {
    const [time, timeZone] = place.querySelectorAll("input");
    timeZone.value = zone;
    place.querySelector("[data-own-zone]").textContent = zone;
    if (time.dataset.at) time.value = time.defaultValue = byThisClock(new Date(time.dataset.at));
  }
}
