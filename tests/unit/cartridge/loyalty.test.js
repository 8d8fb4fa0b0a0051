'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');

const shop = require('./shop');
const loyalty = require('*/cartridge/scripts/servicenow/loyalty');

test('a membership in attributes: days as days, numbers as numbers, nothing that is not kept', () => {
    const current = shop.open();
    const profile = current.customers['0001'].profile;
    profile.custom = {
        loyaltySince: new Date('2019-03-02'), loyaltyTier: 'Gold', loyaltyPoints: 0, loyaltyVoucherTotal: 15.5,
        loyaltyNextTier: null
    };
    assert.deepEqual(loyalty.of(profile), { memberSince: '2019-03-02', tier: 'Gold', points: 0, voucherTotal: 15.5 });
});

test('a tenant that keeps it elsewhere is asked instead', () => {
    const asked = [];
    const get = (customer) => {
        asked.push(customer.ID);
        return { tier: 'Silver', points: 5, expiringOn: new Date('2026-12-31'), secret: 'x' };
    };
    const current = shop.open({ hooks: { 'app.servicenow.loyalty': { get } } });
    current.customers['0001'].profile.custom = { loyaltyTier: 'Gold' };
    assert.deepEqual(loyalty.of(current.customers['0001'].profile), { tier: 'Silver', points: 5, expiringOn: '2026-12-31' });
    assert.deepEqual(asked, ['abOne']);
});

test('no member, nobody', () => {
    const current = shop.open({ hooks: { 'app.servicenow.loyalty': { get: () => null } } });
    assert.deepEqual(loyalty.of(current.customers['0001'].profile), {});
    assert.deepEqual(loyalty.of(null), {});
});
