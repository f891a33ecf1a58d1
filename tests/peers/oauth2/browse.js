// A resource owner at headless Chromium: opens an authorization URL, or the one of the device grant, logs in, consents,
// and stays until the redirect's page is shown.
//
// usage: browse.js URL PICTURE [deny | close]
// Prints the last page as JSON, with its `url`, `title` and `text`, and leaves a picture of it in the file PICTURE (PNG).
// With `deny` no consent is given; with `close` the browser is closed at the first page. The forms are those of
// provider.js and server.py.
'use strict';

const { chromium } = require('playwright-core');

const [start, picture, mood] = process.argv.slice(2);
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
    return new URL(page.url()).origin !== new URL(start).origin || !(await page.locator('button').count());
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

async function walk(page) {
    await page.goto(start);
    if (mood === 'deny') {
        await decline(page);
    } else if (mood !== 'close') {
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
