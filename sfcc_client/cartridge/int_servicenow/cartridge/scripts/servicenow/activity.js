'use strict';

/**
 * What shoppers did on this site: one custom object per customer, whose list of at most 50 entries is JSON. One object
 * each, because the number of objects an instance may hold is limited, and so that forgetting somebody is one removal.
 *
 * An entry is {at, kind, text, productId?, results?, count}; the same deed again raises its count and its time.
 */

var CustomObjectMgr = require('dw/object/CustomObjectMgr');
var Transaction = require('dw/system/Transaction');
var clock = require('./clock');
var preferences = require('./preferences');

var TYPE = 'ServiceNowActivity';
var MOST = 50;
var DAY_MS = 24 * 60 * 60 * 1000;

/** The entries younger than the retention, newest first. */
exports.remembered = function (customerNo, customerId) {
    var kept = CustomObjectMgr.getCustomObject(TYPE, customerNo);
    return kept && kept.custom.customerId === customerId ? fresh(entriesOf(kept)) : [];
};

/** Records a deed; the entry it became. */
exports.record = function (customerNo, customerId, deed) {
    return committed(function () {
        var kept = CustomObjectMgr.getCustomObject(TYPE, customerNo);
        var theirs = kept && kept.custom.customerId === customerId;
        var entries = theirs ? fresh(entriesOf(kept)) : [];
        var before = entries.filter(function (entry) {
            return isSame(entry, deed);
        })[0];
        var entry = { at: clock.now().toISOString(), kind: deed.kind, text: deed.text };
        if (deed.productId !== undefined) {
            entry.productId = deed.productId;
        }
        if (deed.results !== undefined) {
            entry.results = deed.results;
        }
        entry.count = before ? before.count + 1 : 1;
        var others = entries.filter(function (other) {
            return other !== before;
        });
        kept = kept || CustomObjectMgr.createCustomObject(TYPE, customerNo);
        kept.custom.customerId = customerId;
        kept.custom.entries = JSON.stringify([entry].concat(others).slice(0, MOST));
        return entry;
    });
};

/** Removes everything recorded of the customer on this site; it is no error when there is nothing. */
exports.erase = function (customerNo) {
    committed(function () {
        var kept = CustomObjectMgr.getCustomObject(TYPE, customerNo);
        if (kept) {
            CustomObjectMgr.remove(kept);
        }
    });
};

/** Removes entries older than the retention. */
exports.trim = function (customerNo) {
    committed(function () {
        var kept = CustomObjectMgr.getCustomObject(TYPE, customerNo);
        var entries = kept ? entriesOf(kept) : [];
        var young = fresh(entries);
        if (kept && !young.length) {
            CustomObjectMgr.remove(kept);
        } else if (young.length < entries.length) {
            kept.custom.entries = JSON.stringify(young);
        }
    });
};

/** Whom something is recorded of on this site: [{customerNo, customerId}]. */
exports.shoppers = function () {
    var found = [];
    var all = CustomObjectMgr.getAllCustomObjects(TYPE);
    try {
        while (all.hasNext()) {
            var kept = all.next();
            found.push({ customerNo: kept.custom.customerNo, customerId: kept.custom.customerId });
        }
    } finally {
        all.close();
    }
    return found;
};

function entriesOf(kept) {
    try {
        var entries = JSON.parse(kept.custom.entries);
        return Array.isArray(entries) ? entries : [];
    } catch (error) {
        return [];
    }
}

function fresh(entries) {
    var oldest = new Date(clock.now().getTime() - preferences.retentionDays() * DAY_MS).toISOString();
    return entries
        .filter(function (entry) {
            return entry.at >= oldest;
        })
        .sort(function (one, other) {
            return one.at < other.at ? 1 : -(one.at > other.at);
        });
}

function isSame(entry, deed) {
    return entry.kind === deed.kind && entry.text === deed.text && entry.productId === deed.productId;
}

/** Two tabs of one shopper may write at once: the platform lets one win, and the other tries again. */
function committed(work) {
    try {
        return Transaction.wrap(work);
    } catch (error) {
        return Transaction.wrap(work);
    }
}
