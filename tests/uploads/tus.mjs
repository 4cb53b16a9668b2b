// Uploads one file with tus-js-client under Node, as told by the JSON document in the first argument:
// endpoint, headers, file, and any options of tus-js-client; `stopAfter` bytes it gives up,
// `terminate` it ends the upload on the server as well. Prints a JSON document of what happened.
import { createReadStream, statSync } from "node:fs";
import { Upload } from "tus-js-client";

const { endpoint, headers, file, stopAfter, terminate, ...options } = JSON.parse(process.argv[2]);
const asked = [];
let upload;

function end(told) {
  console.log(JSON.stringify({ url: upload.url, asked, ...told }));
}

upload = new Upload(createReadStream(file), {
  endpoint,
  headers,
  // Parts find it out by themselves and refuse to be told.
  ...(options.parallelUploads ? {} : { uploadSize: statSync(file).size }),
  retryDelays: [0, 200, 500, 1000, 2000],
  onBeforeRequest: (request) => asked.push(`${request.getMethod()} ${request.getHeader("Upload-Concat") ?? ""}`.trim()),
  onProgress: (sent) => {
    if (!stopAfter || sent < stopAfter || upload.stopped) return;
    upload.stopped = true;
    upload.abort(Boolean(terminate)).then(() => end({ stopped: true }));
  },
  onError: (error) => end({ status: error.originalResponse?.getStatus() ?? 0, error: String(error) }),
  onSuccess: () => end({ done: true }),
  ...options,
});
upload.start();
