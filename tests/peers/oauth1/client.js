// oauth-1.0a as the client. It leaves the hash to its caller, and writes the parameters into the header alone.
'use strict';

const { createHmac, createSign } = require('node:crypto');
const OAuth = require('oauth-1.0a');
const { deliver, order } = require('peer');

const ordered = order();
const { method: signature_method, consumer, token, realm, rsa_key } = ordered.oauth;

function hash_function(base, key) {
    const [kind, hash] = signature_method.split('-');
    return kind === 'RSA'
        ? createSign(hash).update(base).sign(rsa_key, 'base64')
        : createHmac(hash, key).update(base).digest('base64');
}

const plain = signature_method === 'PLAINTEXT';
const oauth = new OAuth({ consumer, realm, signature_method, ...(plain ? {} : { hash_function }) });
const form = ordered.type === 'application/x-www-form-urlencoded';
const data = form ? Object.fromEntries(new URLSearchParams(ordered.body)) : {};
const signed = oauth.authorize({ url: ordered.url, method: ordered.method, data }, token);
deliver(ordered, { ...oauth.toHeader(signed), 'Content-Type': ordered.type });
