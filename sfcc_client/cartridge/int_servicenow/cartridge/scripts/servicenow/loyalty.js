'use strict';

/**
 * A customer's membership, as members of the answer of loyalty-info; empty for somebody who is no member.
 *
 * A tenant whose programme lives elsewhere registers the hook app.servicenow.loyalty with a function get(customer)
 * that returns the same members; otherwise they are read from the customer's attributes.
 */

var HookMgr = require('dw/system/HookMgr');

var HOOK = 'app.servicenow.loyalty';
var ATTRIBUTES = {
    memberSince: 'loyaltySince',
    tier: 'loyaltyTier',
    points: 'loyaltyPoints',
    nextTier: 'loyaltyNextTier',
    pointsToNext: 'loyaltyPointsToNext',
    expiringPoints: 'loyaltyExpiringPoints',
    expiringOn: 'loyaltyExpiringOn',
    voucherCount: 'loyaltyVoucherCount',
    voucherTotal: 'loyaltyVoucherTotal'
};

exports.of = function (profile) {
    if (!profile) {
        return {};
    }
    var told = HookMgr.hasHook(HOOK) ? HookMgr.callHook(HOOK, 'get', profile.customer) || {} : attributesOf(profile);
    var membership = {};
    Object.keys(ATTRIBUTES).forEach(function (name) {
        if (told[name] !== null && told[name] !== undefined) {
            membership[name] = plain(told[name]);
        }
    });
    return membership;
};

function attributesOf(profile) {
    var found = {};
    Object.keys(ATTRIBUTES).forEach(function (name) {
        found[name] = profile.custom[ATTRIBUTES[name]];
    });
    return found;
}

/** A date as its day; numbers and text as they are. */
function plain(value) {
    if (typeof value.toISOString === 'function') {
        return value.toISOString().slice(0, 10);
    }
    return typeof value === 'number' ? value : String(value);
}
