'use strict';

/** One thing a shopper did: {kind, text, productId?, results?}, read from what somebody sent. */

var scrub = require('./scrub');

var KINDS = { search: true, view: true, page: true };
var LONGEST = 256;
var MOST_RESULTS = 1000000;
var PRODUCT_ID = /^[^@\u0000-\u001f\u007f]{1,100}$/;

var MEMBERS = {
    kind: function (value) {
        return typeof value === 'string' && KINDS.hasOwnProperty(value);
    },
    text: function (value) {
        return typeof value === 'string' && value.length >= 1 && value.length <= LONGEST;
    },
    productId: function (value) {
        return typeof value === 'string' && PRODUCT_ID.test(value);
    },
    results: function (value) {
        return typeof value === 'number' && value >= 0 && value <= MOST_RESULTS && Math.floor(value) === value;
    }
};

/** The deed with its text scrubbed, null for anything that is none. */
exports.read = function (sent) {
    if (!sent || typeof sent !== 'object' || !sent.kind || !sent.text) {
        return null;
    }
    var deed = {};
    var sound = Object.keys(sent).every(function (name) {
        deed[name] = sent[name];
        return MEMBERS.hasOwnProperty(name) && MEMBERS[name](sent[name]);
    });
    if (!sound) {
        return null;
    }
    deed.text = scrub.text(deed.text);
    return deed.text ? deed : null;
};
