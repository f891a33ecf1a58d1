// oidc-provider as the authorization server, with a resource of its own.
//
// usage: provider.js PORT CLIENT SECRET LIFETIME
// CLIENT authenticates by Basic, `CLIENT-post` in the body, both with SECRET, and `CLIENT-public` not at all. Any user
// may log in, with any password. Access tokens live for LIFETIME seconds; each refresh token is good once, and a second
// use of it ends the grant. Any path on loopback is taken for a redirect. A device may ask once in PATIENCE ms, and is told
// to ask more often. /resource wants a token, in the header, the query or a form, an ID token also, and with the parameter
// `audience` one for that; /counts tells how often each GRANT succeeded, how often it did not (`GRANT refused`), and how
// often a device was told to slow down, as JSON.
'use strict';

const { gather, listen, report } = require('peer');

const [port, client, secret, lifetime] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const DAY = 24 * 60 * 60;
const PATIENCE = 3000;
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

function known(client_id, token_endpoint_auth_method) {
    const isPublic = token_endpoint_auth_method === 'none';
    return {
        client_id,
        token_endpoint_auth_method,
        client_secret: isPublic ? undefined : secret,
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/'],
        grant_types: ['authorization_code', 'implicit', 'refresh_token', DEVICE].concat(
            isPublic ? [] : 'client_credentials',
        ),
        response_types: ['code', 'id_token', 'id_token token'],
    };
}

const configuration = {
    clients: [
        known(client, 'client_secret_basic'),
        known(`${client}-post`, 'client_secret_post'),
        known(`${client}-public`, 'none'),
    ],
    claims: { openid: ['sub'], profile: ['name'] },
    cookies: { keys: ['no secret'] },
    features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: true },
        deviceFlow: { enabled: true },
        introspection: { enabled: true },
        revocation: { enabled: true },
        resourceIndicators: {
            enabled: true,
            getResourceServerInfo: (_, indicator) => ({ scope: 'read write', audience: indicator }),
            useGrantedResource: () => true,
        },
    },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: accountId }) }),
    issueRefreshToken: (_, granted) => granted.grantTypeAllowed('refresh_token'),
    pkce: { required: () => false },
    responseTypes: ['code', 'id_token', 'id_token token'],
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access', 'read', 'write'],
    ttl: {
        AccessToken: Number(lifetime),
        ClientCredentials: Number(lifetime),
        DeviceCode: DAY,
        Grant: DAY,
        IdToken: DAY,
        Interaction: DAY,
        RefreshToken: DAY,
        Session: DAY,
    },
};

const isLoopback = (uri) => /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?\//.test(uri);

function count(provider) {
    const counts = { slow_down: 0 };
    const add = (what) => {
        counts[what] = (counts[what] ?? 0) + 1;
    };
    provider.on('grant.success', ({ oidc }) => add(oidc.params.grant_type));
    provider.on('grant.error', ({ oidc }) => add(`${oidc.params?.grant_type} refused`));
    return counts;
}

function presented(request, body) {
    const { searchParams } = new URL(request.url, issuer);
    const form = new URLSearchParams(body.toString());
    const [scheme, credentials] = (request.headers.authorization ?? '').split(' ');
    return scheme === 'Bearer' ? credentials : searchParams.get('access_token') ?? form.get('access_token');
}

/// Tells devices to slow down, as long as nothing is decided: what was decided is told once.
function slow(counts) {
    let last = Date.now();
    return async (ctx, next) => {
        await next();
        if (ctx.path === '/device/auth') {
            last = Date.now();
            ctx.body.interval = 1;
        } else if (ctx.path === '/token' && ctx.oidc?.params.grant_type === DEVICE) {
            const early = Date.now() - last < PATIENCE;
            last = Date.now();
            if (early && ctx.body.error === 'authorization_pending') {
                counts.slow_down += 1;
                ctx.status = 400;
                ctx.body = { error: 'slow_down' };
            }
        }
    };
}

/// Whom an ID token is of.
async function identified(provider, token) {
    try {
        const { payload } = await provider.IdToken.validate(token, await provider.Client.find(client));
        return { accountId: payload.sub, aud: payload.aud };
    } catch {
        return undefined;
    }
}

const find = async (provider, token) =>
    await provider.AccessToken.find(token)
    ?? await provider.ClientCredentials.find(token)
    ?? await identified(provider, token);

async function resource(provider, request, response) {
    const body = await gather(request);
    const token = presented(request, body);
    const found = token && await find(provider, token);
    const audience = new URL(request.url, issuer).searchParams.get('audience');
    if (found && audience && found.aud !== audience) {
        response.writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }).end();
        return;
    }
    if (!found || found.isExpired) {
        const error = token ? ' error="invalid_token"' : ' realm="peers"';
        response.writeHead(401, { 'www-authenticate': `Bearer${error}` }).end();
        return;
    }
    const principal = found.accountId ?? found.clientId;
    response.setHeader('x-token', JSON.stringify({ scope: found.scope, aud: found.aud }));
    response.end(report(principal, request, body));
}

async function main() {
    const { Provider } = await import(require.resolve('oidc-provider'));
    const provider = new Provider(issuer, configuration);
    provider.Client.prototype.redirectUriAllowed = isLoopback;
    const counts = count(provider);
    provider.use(slow(counts));
    const serve = provider.callback();
    listen((request, response) => {
        switch (request.url.split('?')[0]) {
            case '/resource':
                return resource(provider, request, response);
            case '/counts':
                return response.end(JSON.stringify(counts));
            default:
                return serve(request, response);
        }
    });
}

main();
