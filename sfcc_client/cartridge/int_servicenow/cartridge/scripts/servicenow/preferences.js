'use strict';

/** The site preferences of the group ServiceNow. */

var Site = require('dw/system/Site');

var DEFAULT_DAYS = 30;
var MOST_DAYS = 90;

/** Whether the storefront records activity at all; off until somebody switches it on. */
exports.captures = function () {
    return Site.getCurrent().getCustomPreferenceValue('serviceNowActivityCapture') === true;
};

/** Days that recorded activity is kept, 1 to 90. */
exports.retentionDays = function () {
    var days = Site.getCurrent().getCustomPreferenceValue('serviceNowActivityRetentionDays');
    return days >= 1 && days <= MOST_DAYS ? Math.floor(days) : DEFAULT_DAYS;
};
