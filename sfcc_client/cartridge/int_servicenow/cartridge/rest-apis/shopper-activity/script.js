'use strict';

/* global request */

var RESTResponseMgr = require('dw/system/RESTResponseMgr');
var activity = require('*/cartridge/scripts/servicenow/activity');
var consents = require('*/cartridge/scripts/servicenow/consent');
var deeds = require('*/cartridge/scripts/servicenow/deed');
var preferences = require('*/cartridge/scripts/servicenow/preferences');
var shoppers = require('*/cartridge/scripts/servicenow/shoppers');

/** GET activities: newest first, nothing older than the retention, nothing at all without consent. */
exports.getActivities = function () {
    var asked = shopperAsked();
    var consent = consentOf(asked);
    RESTResponseMgr.createSuccess({
        customerId: asked.customerId,
        consent: consent,
        retentionDays: preferences.retentionDays(),
        data: consent.tracking ? activity.remembered(asked.customerNo, asked.customerId) : []
    }).render();
};
exports.getActivities.public = true;

/** POST activities: records one deed, with consent only. */
exports.recordActivity = function () {
    var asked = shopperAsked();
    if (!consentOf(asked).tracking) {
        refuse(409, 'tracking-refused', 'Tracking Refused', 'The shopper has refused tracking; nothing was recorded.');
        return;
    }
    var deed = deeds.read(body());
    if (!deed) {
        refuse(400, 'bad-request', 'Bad Request', 'The body is no activity as the description defines it.');
        return;
    }
    RESTResponseMgr.createSuccess(activity.record(asked.customerNo, asked.customerId, deed), 201).render();
};
exports.recordActivity.public = true;

/** DELETE activities: by number alone, so that a customer the platform has forgotten already can be erased here too. */
exports.eraseActivities = function () {
    activity.erase(shopperAsked().customerNo);
    RESTResponseMgr.createEmptySuccess(204).render();
};
exports.eraseActivities.public = true;

function shopperAsked() {
    var parameters = request.getHttpParameterMap();
    return {
        customerNo: parameters.get('c_customer_no').stringValue,
        customerId: parameters.get('c_customer_id').stringValue
    };
}

function consentOf(asked) {
    return consents.of(shoppers.profileOf(asked.customerNo, asked.customerId));
}

function body() {
    try {
        return JSON.parse(request.getHttpParameterMap().requestBodyAsString);
    } catch (error) {
        return null;
    }
}

function refuse(status, type, title, detail) {
    RESTResponseMgr.createError(status, type, title, detail).render();
}
