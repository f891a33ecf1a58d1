// @hapi/hawk as the server.
//
// usage: server.js PORT ID KEY ALGORITHM
// A request's first path segment says how it is treated: /payload demands a payload hash, /late keeps a clock that is
// ten minutes ahead, /lying does so too and forges its proof of it, /forged forges its proof of the answer, /other
// proves another answer, /silent proves none, /bewit takes bewits. Every other one takes a payload hash and checks it.
'use strict';

const Hawk = require('@hapi/hawk');
const { serve } = require('peer');

const [id, key, algorithm] = process.argv.slice(3);
const AHEAD = 10 * 60 * 1000;
const FORGED = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

const find = (wanted) => (wanted === id ? { key, algorithm, principal: id } : null);
const segment = (request) => request.url.split(/[/?]/)[1];

const seen = new Set();
function spend(key, nonce, ts) {
    const used = `${nonce} ${ts}`;
    if (seen.has(used)) {
        throw new Error('the nonce was used');
    }
    seen.add(used);
}

async function judge(request, body) {
    if (segment(request) === 'bewit') {
        const { credentials } = await Hawk.server.authenticateBewit(request, find);
        return credentials;
    }
    const ahead = ['late', 'lying'].includes(segment(request)) ? AHEAD : 0;
    const options = { nonceFunc: spend, localtimeOffsetMsec: ahead };
    if (segment(request) === 'payload' || request.headers.authorization?.includes('hash="')) {
        options.payload = body.toString();
    }
    try {
        const { credentials, artifacts } = await Hawk.server.authenticate(request, find, options);
        return { ...credentials, artifacts };
    } catch (error) {
        throw segment(request) === 'lying' ? lie(error) : error;
    }
}

function lie(error) {
    const { headers } = error.output;
    headers['WWW-Authenticate'] = headers['WWW-Authenticate'].replace(/tsm="[^"]*"/, `tsm="${FORGED}"`);
    return error;
}

function prove({ artifacts, ...credentials }, text, request) {
    if (!artifacts || segment(request) === 'silent') {
        return {};
    }
    const payload = segment(request) === 'other' ? `${text} ` : text;
    const options = { payload, contentType: 'application/json', ext: 'the server' };
    const proof = Hawk.server.header(credentials, artifacts, options);
    const forged = proof.replace(/mac="[^"]*"/, `mac="${FORGED}"`);
    return { 'Server-Authorization': segment(request) === 'forged' ? forged : proof };
}

serve(judge, prove);
