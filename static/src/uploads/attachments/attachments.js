/** Files of a reply: chosen, dropped, or pasted from the clipboard; each can be taken out again. */

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

function add(input, files) {
  const all = new DataTransfer();
  for (const file of [...input.kept, ...files]) all.items.add(file);
  input.files = all.files;
  show(input);
}

function without(input, index) {
  const rest = [...input.kept].filter((_, place) => place !== index);
  input.kept = [];
  add(input, rest);
}

function thumbnail(file) {
  const image = document.createElement("img");
  const reader = new FileReader();
  image.alt = "";
  // An address of its own (blob:) is none that the page may show.
  reader.addEventListener("load", () => (image.src = reader.result));
  reader.readAsDataURL(file);
  return image;
}

function show(input) {
  input.kept = [...input.files];
  const rows = input.kept.map((file, index) => {
    const row = document.createElement("li");
    if (PICTURES.includes(file.type)) row.append(thumbnail(file));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn-plain small";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `${input.closest("[data-attach]").dataset.attach} ${file.name}`);
    remove.addEventListener("click", () => without(input, index));
    row.append(file.name, remove);
    return row;
  });
  input.closest("[data-attach]").querySelector("ul").replaceChildren(...rows);
}

/** Wires every form that has a `[data-attach]`. */
export function attachFiles() {
  for (const place of document.querySelectorAll("[data-attach]")) {
    const input = place.querySelector("input[type=file]");
    const form = input.form;
    input.kept = [];
    // The browser replaces what was chosen before; here it is added to.
    input.addEventListener("change", () => add(input, [...input.files]));
    form.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || event.clipboardData.getData("text/plain")) return;
      event.preventDefault();
      add(input, files);
    });
    form.addEventListener("dragover", (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      form.classList.add("write-over");
    });
    form.addEventListener("dragleave", () => form.classList.remove("write-over"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("write-over");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      add(input, [...event.dataTransfer.files]);
    });
    addEventListener("pageshow", () => show(input));
  }
}
