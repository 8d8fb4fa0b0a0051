'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const test = require('node:test');
const vm = require('node:vm');

const shop = require('./shop');
const world = require('dw/world');
const activity = require('*/cartridge/scripts/servicenow/activity');
const controller = require('*/cartridge/controllers/ServiceNowActivity');
const hook = require('*/cartridge/scripts/hooks/afterFooter');

const SCRIPT = fs.readFileSync(require.resolve('*/cartridge/static/default/js/servicenowActivity.js'), 'utf8');
const HEADERS = { 'x-requested-with': 'XMLHttpRequest' };
let current;
let session;

const visitor = (allowed = true) => ({ isTrackingAllowed: () => allowed, privacy: {} });

function reported(query, more) {
    return world.answered({
        method: 'POST', headers: HEADERS, query, customer: current.customers['0001'], session, ...more
    }, controller.Record);
}

const entries = () => activity.remembered('0001', 'abOne');
const plain = () => entries().map(({ kind, text, productId, results }) => [kind, text, productId, results]);

test.beforeEach(() => {
    current = shop.open();
    session = visitor();
});

test('searches, products and pages are recorded, the latter under their own names', () => {
    reported({ kind: 'search', what: 'tent of mara@example.com', results: '12' });
    reported({ kind: 'view', what: 'mug' });
    reported({ kind: 'page', what: 'returns' });
    assert.deepEqual(plain().sort(), [
        ['page', 'Returns', undefined, undefined],
        ['search', 'tent of [e-mail]', undefined, 12],
        ['view', 'Mug', 'mug', undefined]
    ]);
});

test('the answer is the same whatever became of it', () => {
    const guest = { authenticated: false, registered: false, profile: null };
    assert.deepEqual(reported({ kind: 'view', what: 'mug' }), { status: 204, body: null });
    assert.deepEqual(reported({ kind: 'view', what: 'mug' }, { customer: guest }), { status: 204, body: null });
    current.failures = 2;
    assert.deepEqual(reported({ kind: 'search', what: 'secret wish' }), { status: 204, body: null });
    assert.deepEqual(current.log, ['warn Not recorded: Error']);
});

for (const [what, change] of Object.entries({
    'a session that may not be tracked': { session: visitor(false) },
    'a visitor without an account': { customer: { authenticated: false, registered: false, profile: null } },
    'a GET': { method: 'GET' },
    'a form of another site': { headers: {} },
    'a product that does not exist': { query: { kind: 'view', what: 'nothing' } },
    'a product that is offline': { query: { kind: 'view', what: 'gone' } },
    'an unknown kind': { query: { kind: 'constructor', what: 'x' } },
    'nothing': { query: { kind: 'search' } }
})) {
    test(`${what} records nothing`, () => {
        reported({ kind: 'view', what: 'mug' }, change);
        assert.deepEqual(current.objects.ServiceNowActivity || {}, {});
        assert.deepEqual(current.log, []);
    });
}

test('nothing is recorded, and no script shipped, until the site switches it on', () => {
    hook.afterFooter();
    assert.deepEqual(current.templates, ['servicenow/activity']);
    current = shop.open({ preferences: {} });
    reported({ kind: 'view', what: 'mug' });
    hook.afterFooter();
    assert.deepEqual([entries(), current.templates], [[], []]);
});

test('who refuses is forgotten at the next page', () => {
    reported({ kind: 'view', what: 'mug' });
    current.customers['0001'].profile.custom.trackingOptOut = new Date(shop.NOW);
    reported({ kind: 'view', what: 'mug' });
    assert.deepEqual(current.objects.ServiceNowActivity, {});
});

test('one session writes at most two hundred times', () => {
    for (let number = 0; number < 250; number += 1) {
        reported({ kind: 'search', what: 'tent' });
    }
    assert.equal(entries()[0].count, 200);
});

function browsed(page, { navigator = {}, count = null } = {}) {
    const sent = [];
    const element = (attributes) => ({ getAttribute: (name) => attributes[name] ?? null });
    const parts = { '.page[data-action]': page && element(page), '.result-count': count && { textContent: count } };
    const document = {
        currentScript: element({ 'data-url': '/ServiceNowActivity-Record' }),
        querySelector: (selector) => parts[selector]
    };
    const fetch = (url, options) => {
        sent.push([url, options.body]);
        assert.equal(options.headers['X-Requested-With'], 'XMLHttpRequest');
        return Promise.reject(new Error('offline'));
    };
    vm.runInNewContext(SCRIPT, { window: { navigator, fetch, URLSearchParams }, document });
    return sent;
}

const searched = { 'data-action': 'Search-Show', 'data-querystring': 'q=two%20person+tent&lang=en' };

test('the browser reports what the page is, in the body', () => {
    assert.deepEqual(browsed(searched, { count: ' 1,204 Results for "two person tent" ' }), [
        ['/ServiceNowActivity-Record', 'kind=search&what=two+person+tent&results=1204']
    ]);
    assert.deepEqual(browsed({ 'data-action': 'Product-Show', 'data-querystring': 'pid=mug' })[0][1], 'kind=view&what=mug');
    assert.deepEqual(browsed({ 'data-action': 'Page-Show', 'data-querystring': 'cid=returns' })[0][1], 'kind=page&what=returns');
});

test('the browser reports nothing else, and nothing of who asks not to be tracked', () => {
    assert.deepEqual(browsed({ 'data-action': 'Account-Show', 'data-querystring': '' }), []);
    assert.deepEqual(browsed({ 'data-action': 'Search-Show', 'data-querystring': 'cgid=tents' }), []);
    assert.deepEqual(browsed(null), []);
    assert.deepEqual(browsed(searched, { navigator: { doNotTrack: '1' } }), []);
    assert.deepEqual(browsed(searched, { navigator: { globalPrivacyControl: true } }), []);
});
