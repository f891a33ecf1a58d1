"use strict";
// Visits a URL with the cookies of a file of tough-cookie, prints the answer, and writes the file again.

const fs = require("node:fs");
const { CookieJar } = require("@postman/tough-cookie");

async function fetched(jar, url) {
  const cookie = jar.getCookieStringSync(url);
  const answer = await fetch(url, { headers: cookie ? { cookie } : {}, redirect: "manual" });
  for (const field of answer.headers.getSetCookie()) {
    jar.setCookieSync(field, url);
  }
  const target = answer.headers.get("location");
  return target ? fetched(jar, new URL(target, url).href) : answer.text();
}

async function main([path, url]) {
  const jar = CookieJar.deserializeSync(fs.readFileSync(path, "utf8"));
  console.log(await fetched(jar, url));
  fs.writeFileSync(path, JSON.stringify(jar.serializeSync()));
}

main(process.argv.slice(2));
