'use strict';

/**
 * Free text without what a person may have typed into the wrong box: control and direction characters, e-mail
 * addresses, payment card numbers. Numbers that are no card (orders, parcels) stay.
 */

var LONGEST = 256;
var UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
var SPACES = /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g;
var ADDRESS = /[^ @\uff20]{1,64}(?:@|\uff20|%40)[^ @\uff20]{1,190}/gi;
var DIGITS = /[0-9]+(?:[ .\-][0-9]+)*/g;

exports.text = function (written) {
    return cut(
        String(written)
            .replace(UNPRINTABLE, ' ')
            .replace(SPACES, ' ')
            .replace(/^ | $/g, '')
            .replace(ADDRESS, '[e-mail]')
            .replace(DIGITS, withoutCards)
    );
};

/** A run of digit groups, each stretch of whole groups that is a card number replaced. */
function withoutCards(run) {
    var parts = run.split(/([ .\-])/);
    var kept = '';
    var at = 0;
    while (at < parts.length) {
        var end = endOfCard(parts, at);
        kept += end < 0 ? parts[at] : '[card number]';
        at = end < 0 ? at + 1 : end;
        if (at < parts.length && at % 2 === 1) {
            kept += parts[at];
            at += 1;
        }
    }
    return kept;
}

/** Where the longest card number that starts with this group ends; -1 when none does. Odd parts are separators. */
function endOfCard(parts, start) {
    var found = -1;
    var digits = '';
    for (var at = start; at < parts.length && digits.length + parts[at].length <= 19; at += 2) {
        digits += parts[at];
        if (digits.length >= 13 && hasCheckDigit(digits)) {
            found = at + 1;
        }
    }
    return found;
}

/** The Luhn check (ISO/IEC 7812-1, annex B). */
function hasCheckDigit(digits) {
    var sum = 0;
    for (var i = 0; i < digits.length; i += 1) {
        var digit = Number(digits.charAt(digits.length - 1 - i));
        sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
    }
    return sum % 10 === 0;
}

/** At most 256 characters, without half of a surrogate pair at the end. */
function cut(text) {
    return text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, '');
}
