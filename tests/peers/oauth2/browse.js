// A resource owner at headless Chromium: opens an authorization URL, or the one of the device grant, logs in, consents,
// and stays until the redirect's page is shown.
//
// usage: browse.js URL PICTURE [deny | close] [forge | elsewhere]
// Prints the last page as JSON, with its `url`, `title` and `text`, and leaves a picture of it in the file PICTURE (PNG).
// With `deny` no consent is given; with `close` the browser is closed at the first page. With `forge` the redirect arrives
// with another state; with `elsewhere` it leads nowhere, as on another machine, and its address is the last page's. The
// forms are those of provider.js and server.py.
'use strict';

const { chromium } = require('playwright-core');

const [start, picture, ...moods] = process.argv.slice(2);
const { origin } = new URL(start);
const PATIENCE = 20_000;

const OPTIONS = {
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-proxy-server', '--disable-background-networking', '--disable-component-update'],
};

/// Answers one page of the server.
async function answer(page) {
    const login = page.locator('input[name=login]');
    if (await login.count()) {
        await login.fill('mufasa');
        await page.locator('input[name=password]').fill('circle of life');
    }
    return page.locator('button[type=submit]').first().click();
}

/// Nothing is left to answer on the redirect's page, and on the last one of the device grant.
async function isOver(page) {
    return new URL(page.url()).origin !== origin || !(await page.locator('button').count());
}

async function agree(page) {
    const end = Date.now() + PATIENCE;
    while (!(await isOver(page))) {
        if (Date.now() > end) {
            throw new Error(`no redirect from ${page.url()}: ${await page.innerText('body')}`);
        }
        await Promise.all([page.waitForEvent('load'), answer(page)]);
    }
}

async function decline(page) {
    const cancel = page.getByText(/^\W*(Cancel|Abort)\W*$/);
    await cancel.waitFor();
    await page.waitForLoadState('load');
    await Promise.all([page.waitForEvent('load'), cancel.click()]);
}

/// Lets whoever is between the browser and the client have the redirect.
async function catchRedirect(page) {
    const session = await page.context().newCDPSession(page);
    session.on('Fetch.requestPaused', ({ requestId, request }) => {
        const url = new URL(request.url);
        if (url.origin === origin) {
            return session.send('Fetch.continueRequest', { requestId });
        }
        if (moods.includes('elsewhere')) {
            return session.send('Fetch.fulfillRequest', { requestId, responseCode: 200 });
        }
        if (url.searchParams.has('state')) {
            url.searchParams.set('state', 'forged');
        }
        return session.send('Fetch.continueRequest', { requestId, url: url.href });
    });
    await session.send('Fetch.enable');
}

async function walk(page) {
    if (moods.includes('forge') || moods.includes('elsewhere')) {
        await catchRedirect(page);
    }
    await page.goto(start);
    if (moods.includes('deny')) {
        await decline(page);
    } else if (!moods.includes('close')) {
        await agree(page);
    }
    // A page that posts the fragment, or itself, leads to the next one.
    await page.waitForLoadState('networkidle');
}

async function main() {
    const browser = await chromium.launch(OPTIONS);
    try {
        const page = await browser.newPage();
        page.setDefaultTimeout(PATIENCE);
        await walk(page);
        await page.screenshot({ path: picture });
        const last = { url: page.url(), title: await page.title(), text: await page.innerText('body') };
        console.log(JSON.stringify(last));
    } finally {
        await browser.close();
    }
}

main();
