'use strict';

/**
 * Job step custom.ServiceNow.ForgetActivity: forgets, on the site it runs for, what is older than the retention, whose
 * shopper refused tracking since, and whose customer was deleted. A failure for one shopper does not spare the others.
 */

var Logger = require('dw/system/Logger');
var Status = require('dw/system/Status');
var activity = require('*/cartridge/scripts/servicenow/activity');
var consent = require('*/cartridge/scripts/servicenow/consent');
var shoppers = require('*/cartridge/scripts/servicenow/shoppers');

exports.execute = function () {
    var failed = 0;
    activity.shoppers().forEach(function (shopper) {
        try {
            forget(shopper);
        } catch (error) {
            failed += 1;
        }
    });
    if (failed) {
        Logger.getLogger('servicenow', 'activity').error('Activity of {0} shoppers could not be trimmed.', failed);
        return new Status(Status.ERROR, 'ERROR');
    }
    return new Status(Status.OK, 'OK');
};

function forget(shopper) {
    var profile = shoppers.profileOf(shopper.customerNo, shopper.customerId);
    if (consent.of(profile).tracking) {
        activity.trim(shopper.customerNo);
    } else {
        activity.erase(shopper.customerNo);
    }
}
