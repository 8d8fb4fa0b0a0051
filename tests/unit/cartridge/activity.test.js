'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');

const shop = require('./shop');
const CustomObjectMgr = require('dw/object/CustomObjectMgr');
const Status = require('dw/system/Status');
const activity = require('*/cartridge/scripts/servicenow/activity');
const job = require('*/cartridge/scripts/jobs/forgetActivity');

const seen = (text, more) => activity.record('0001', 'abOne', { kind: 'search', text, ...more });
const texts = () => activity.remembered('0001', 'abOne').map((entry) => entry.text);
const stored = () => Object.keys(shop.open.world.objects.ServiceNowActivity || {});

test.beforeEach(() => {
    shop.open.world = shop.open();
});

test('newest first, and the same deed again is counted', () => {
    seen('tent', { results: 3 });
    shop.later(1);
    seen('mug');
    shop.later(1);
    assert.deepEqual(seen('tent', { results: 4 }), {
        at: '2026-11-24T10:15:00.000Z', kind: 'search', text: 'tent', results: 4, count: 2
    });
    assert.deepEqual(texts(), ['tent', 'mug']);
});

test('at most fifty entries, the oldest go first', () => {
    for (let number = 0; number < 60; number += 1) {
        shop.later(0.001);
        seen(`search ${number}`);
    }
    assert.equal(texts().length, 50);
    assert.equal(texts()[49], 'search 10');
});

test('older than the retention is neither shown nor counted on', () => {
    seen('tent');
    shop.later(31);
    assert.deepEqual(texts(), []);
    assert.equal(seen('tent').count, 1);
});

test('a number given to somebody new opens nothing of its former owner', () => {
    seen('tent');
    assert.deepEqual(activity.remembered('0001', 'abNew'), []);
    activity.record('0001', 'abNew', { kind: 'search', text: 'mug' });
    assert.deepEqual(texts(), []);
    assert.doesNotMatch(JSON.stringify(CustomObjectMgr.getCustomObject('ServiceNowActivity', '0001').values), /tent/);
});

test('erasing leaves nothing, and twice is no error', () => {
    seen('tent');
    activity.erase('0001');
    activity.erase('0001');
    assert.deepEqual(stored(), []);
});

test('who loses a race tries again; who loses twice has written nothing', () => {
    shop.open.world.failures = 1;
    seen('tent');
    assert.deepEqual(texts(), ['tent']);
    shop.open.world.failures = 2;
    assert.throws(() => seen('mug'));
    assert.deepEqual(texts(), ['tent']);
});

test('unreadable entries are none', () => {
    seen('tent');
    shop.open.world.objects.ServiceNowActivity['0001'].values.entries = '{';
    assert.deepEqual(texts(), []);
});

test('the job forgets the old, the refused and the deleted, and keeps the rest', () => {
    shop.open.world.customers['0003'] = { ...shop.open.world.customers['0001'], ID: 'abThree' };
    shop.open.world.customers['0003'].profile = { ...shop.open.world.customers['0001'].profile, custom: {} };
    activity.record('0002', 'abTwo', { kind: 'search', text: 'refused since' });
    activity.record('0003', 'abThree', { kind: 'search', text: 'old' });
    activity.record('0009', 'abGone', { kind: 'search', text: 'deleted' });
    seen('old');
    shop.later(31);
    seen('young');
    assert.equal(job.execute().status, Status.OK);
    assert.deepEqual(stored(), ['0001']);
    assert.doesNotMatch(shop.open.world.objects.ServiceNowActivity['0001'].values.entries, /old/);
});

test('one failure fails the job and spares nobody else', () => {
    seen('old');
    activity.record('0009', 'abGone', { kind: 'search', text: 'deleted' });
    shop.later(31);
    shop.open.world.failures = 2;
    assert.equal(job.execute().status, Status.ERROR);
    assert.deepEqual(stored(), ['0001']);
    assert.deepEqual(shop.open.world.log, ['error Activity of 1 shoppers could not be trimmed.']);
});

for (const [kept, days] of [[7, 7], [0, 30], [91, 30], [null, 30], ['x', 30]]) {
    test(`a preference of ${kept} days is ${days} days`, () => {
        shop.open({ preferences: { serviceNowActivityRetentionDays: kept } });
        assert.equal(require('*/cartridge/scripts/servicenow/preferences').retentionDays(), days);
    });
}
