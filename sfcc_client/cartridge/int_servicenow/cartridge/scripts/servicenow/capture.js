'use strict';

/** Recording on behalf of the storefront: only of a signed-in customer, and only with consent. */

var activity = require('./activity');
var consent = require('./consent');
var deeds = require('./deed');
var preferences = require('./preferences');

var MOST_IN_A_SESSION = 200;

/** Records what the shopper of this session did; whether it was recorded. */
exports.record = function (customer, session, sent) {
    if (!preferences.captures() || !customer.authenticated || !customer.registered || !customer.profile) {
        return false;
    }
    var customerNo = customer.profile.customerNo;
    if (!consent.of(customer.profile).tracking) {
        // Who refuses is forgotten too, not only recorded no further.
        activity.erase(customerNo);
        return false;
    }
    var deed = session.isTrackingAllowed() ? deeds.read(sent) : null;
    if (!deed || !hasRoom(session)) {
        return false;
    }
    activity.record(customerNo, customer.ID, deed);
    return true;
};

/** A script gone wild must not keep the database busy. */
function hasRoom(session) {
    var recorded = Number(session.privacy.serviceNowActivities || 0);
    session.privacy.serviceNowActivities = recorded + 1;
    return recorded < MOST_IN_A_SESSION;
}
