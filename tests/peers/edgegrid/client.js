// akamai-edgegrid as the client. It speaks https alone.
'use strict';

const EdgeGrid = require('akamai-edgegrid');
const { deliver, order } = require('peer');

const ordered = order();
const { client_token, client_secret, access_token, headers_to_sign } = ordered.edgegrid;
const { origin, pathname, search } = new URL(ordered.url);
const edgegrid = new EdgeGrid(client_token, client_secret, access_token, origin);
const headersToSign = Object.fromEntries(headers_to_sign.map((name) => [name, ordered.headers[name]]));
edgegrid.auth({
    path: pathname + search,
    method: ordered.method,
    headers: { ...ordered.headers },
    body: ordered.body,
    headersToSign,
});
deliver(ordered, edgegrid.request.headers);
