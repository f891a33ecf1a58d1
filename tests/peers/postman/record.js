// Records what it receives. A request that asks for a challenge, in X-Challenge, gets it until it has credentials. The
// first argument is the port; GET /-/log tells what was received since the last time.
'use strict';

const http = require('http');

let received = [];

function answer(request, response, body) {
  if (request.url === '/-/log') {
    response.end(JSON.stringify(received));
    received = [];
    return;
  }
  const { method, url, rawHeaders } = request;
  const headers = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at].toLowerCase(), rawHeaders[at + 1]]);
  }
  received.push({ method, url, headers, body: body.toString('base64') });
  const challenge = request.headers['x-challenge'];
  if (challenge && !request.headers.authorization) {
    response.writeHead(401, { 'WWW-Authenticate': challenge });
  }
  response.end('recorded');
}

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => answer(request, response, Buffer.concat(pieces)));
});

server.listen(Number(process.argv[2]), '127.0.0.1');
