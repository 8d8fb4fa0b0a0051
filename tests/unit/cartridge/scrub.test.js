'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');

const scrub = require('*/cartridge/scripts/servicenow/scrub');

for (const [typed, kept] of [
    ['footprint 2p waterproof', 'footprint 2p waterproof'],
    ['  two \t spaces\n', 'two spaces'],
    ['nul\u0000l and \u202eright\u2066', 'nul l and right'],
    ['mara.k@example.com', '[e-mail]'],
    ['order of mara.k+shop@example.com please', 'order of [e-mail] please'],
    ['mara%40example.com', '[e-mail]'],
    ['mara＠example.com', '[e-mail]'],
    ['4111111111111111', '[card number]'],
    ['4111 1111 1111 1111 2 pieces', '[card number] 2 pieces'],
    ['2 4111-1111-1111-1111', '2 [card number]'],
    ['card:4111.1111.1111.1111!', 'card:[card number]!'],
    ['4111 1111 1111 1112', '4111 1111 1111 1112'],
    ['parcel 003404341612885555120', 'parcel 003404341612885555120'],
    ['order 00031204', 'order 00031204'],
    ['テント 2人用', 'テント 2人用']
]) {
    test(`${JSON.stringify(typed)} is kept as ${JSON.stringify(kept)}`, () => {
        assert.equal(scrub.text(typed), kept);
    });
}

test('what is left has at most 256 characters and no half of one', () => {
    assert.equal(scrub.text('x '.repeat(400)).length, 256);
    assert.equal(scrub.text('x'.repeat(255) + '🏕').length, 255);
});

test('long runs of digits and of almost addresses take no time', () => {
    const started = process.hrtime.bigint();
    scrub.text('1 '.repeat(5000));
    scrub.text('a'.repeat(10000));
    assert.ok(Number(process.hrtime.bigint() - started) / 1e6 < 1500);
});
