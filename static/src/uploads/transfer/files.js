// What was dropped or chosen: folders are walked, and each file keeps its path within its folder.

/** More files than this are a matter for an archive. */
export const MOST_FILES = 200;

/** A folder with more files than are uploaded at once. */
export class TooManyFiles extends Error {}

/** Files of an input; those of a folder have their path. */
export const chosen = (input) => limited([...input.files].map((file) => ({ file, path: file.webkitRelativePath || "" })));

/** Files of a drop. To be called while the event is told: its items are gone afterwards. */
export async function dropped(data) {
  const items = [...(data?.items ?? [])]
    .filter((item) => item.kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const files = [];
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await walk(entry, `${entry.name}/`, files);
    else if (file) files.push({ file, path: "" });
  }
  return limited(files);
}

function limited(files) {
  if (files.length > MOST_FILES) throw new TooManyFiles();
  return files;
}

async function walk(folder, path, files) {
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) await walk(entry, `${path}${entry.name}/`, files);
    else files.push({ file: await new Promise((done, failed) => entry.file(done, failed)), path: path + entry.name });
    limited(files);
  }
}

/** A reader gives a hundred at a time, and nothing at the end. */
async function entriesOf(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const batch = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!batch.length) return entries.sort((a, b) => a.name.localeCompare(b.name));
    entries.push(...batch);
  }
}
