// @hapi/hawk as the client. Where the order says so with `proof`, it demands that what it is let in to is proved; where
// it says `told`, that a refusal tells the time with a proof.
'use strict';

const Hawk = require('@hapi/hawk');
const { deliver, order } = require('peer');

const ordered = order();
const { credentials, url, method } = ordered;
const contentType = 'text/plain; charset=utf-8';

function withBewit() {
    const bewit = Hawk.client.getBewit(url, { ttlSec: ordered.bewit, credentials });
    return deliver({ ...ordered, url: `${url}&bewit=${bewit}` }, {});
}

function withHeader() {
    const { header, artifacts } = Hawk.client.header(url, method, { ...ordered, contentType, payload: ordered.body });
    return deliver(ordered, { Authorization: header, 'Content-Type': contentType }, (response, payload) => {
        // It takes a challenge without attributes, which its own server sends too, for a broken one.
        if (response.headers['www-authenticate'] === 'Hawk' && !ordered.told) {
            return;
        }
        const required = ordered.proof && response.statusCode === 200;
        const { headers } = Hawk.client.authenticate(response, credentials, artifacts, { payload, required });
        if (ordered.told && !headers['www-authenticate']?.tsm) {
            throw new Error(`not told: ${JSON.stringify(response.headers)}`);
        }
    });
}

(ordered.bewit ? withBewit : withHeader)();
