#!/bin/sh
# Answers with the request's method, target and body. The server gives the whole body before it
# takes any answer, so the body waits in a file.
set -eu
body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat >"$body"
printf 'Content-Type: application/octet-stream\n\n'
printf '%s %s\n' "$REQUEST_METHOD" "$REQUEST_URI"
cat "$body"
