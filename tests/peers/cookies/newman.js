"use strict";
// Visits a URL with newman and the cookies of a file, prints the answer, and has newman write the file again.

const newman = require("newman");

const [path, url] = process.argv.slice(2);
const collection = { info: { name: "visit" }, item: [{ name: "visit", request: { url } }] };
let text = "";
newman
  .run({ collection, cookieJar: path, exportCookieJar: path, reporters: [] }, (error) => {
    console.log(text);
    process.exitCode = error ? 1 : 0;
  })
  .on("request", (error, { response }) => {
    text = response ? response.stream.toString() : String(error);
  });
