// What the peers written in JavaScript share: a server that asks a function, and a client that sends what it was
// ordered. How both are started and what they print is told in peer.py.
'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');

const scheme = path.basename(path.dirname(process.argv[1]));

exports.gather = gather;
async function gather(stream) {
    const chunks = [];
    for await (const chunk of stream) {
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

/// Serves on loopback at the port that is the first argument.
exports.listen = (handle) => http.createServer(handle).listen(Number(process.argv[2]), '127.0.0.1');

/// What a server says of a request that it let in.
exports.report = (principal, request, body) =>
    JSON.stringify({
        scheme,
        principal,
        method: request.method,
        target: request.url,
        body_sha256: createHash('sha256').update(body).digest('hex'),
    });

/// Asks `judge` for the principal of a request; `finish` may add headers to the answer, whose text it is given.
exports.serve = (judge, finish = () => ({})) =>
    exports.listen(async (request, response) => {
        const body = await gather(request);
        let [status, headers, text] = [200, {}, ''];
        try {
            const found = await judge(request, body);
            text = exports.report(found.principal, request, body);
            headers = finish(found, text, request);
        } catch (error) {
            status = error.output?.statusCode ?? 500;
            headers = error.output?.headers ?? {};
            text = `${error.output ? error.message : error.stack}\n`;
        }
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    });

exports.order = () => JSON.parse(process.argv[2]);

/// Sends what was signed, as the order wants it, and prints the answers; `check` sees each of them.
exports.deliver = async (order, headers, check = () => {}) => {
    const sent = { ...order };
    for (const [part, [signed, changed]] of Object.entries(order.tamper ?? {})) {
        sent[part] = sent[part].replace(signed, changed);
    }
    const answers = [];
    for (let left = order.times ?? 1; left > 0; left -= 1) {
        const response = await request(sent, headers);
        const body = (await gather(response)).toString();
        check(response, body);
        answers.push({ status: response.statusCode, body });
    }
    console.log(JSON.stringify(answers));
};

function request({ url, method, body, ca }, headers) {
    const [, secure, host, port, target] = /^http(s?):\/\/([^:/]+):(\d+)(\/.*)$/.exec(url);
    const options = { host, port, path: target, method, headers, ca: ca && readFileSync(ca), timeout: 20_000 };
    return new Promise((resolve, reject) => {
        const sending = (secure ? https : http).request(options, resolve);
        sending.on('timeout', () => sending.destroy(new Error('no answer in time'))).on('error', reject);
        sending.end(body);
    });
}
