'use strict';

/* global request */

var RESTResponseMgr = require('dw/system/RESTResponseMgr');
var Site = require('dw/system/Site');
var loyalty = require('*/cartridge/scripts/servicenow/loyalty');
var shoppers = require('*/cartridge/scripts/servicenow/shoppers');

/** GET customers: who is no member, or unknown, has an answer without tier and points. */
exports.getLoyaltyInfo = function () {
    var parameters = request.getHttpParameterMap();
    var customerId = parameters.get('c_customer_id').stringValue;
    var answer = loyalty.of(shoppers.profileOf(parameters.get('c_customer_no').stringValue, customerId));
    answer.customerId = customerId;
    answer.currency = Site.getCurrent().getDefaultCurrency();
    RESTResponseMgr.createSuccess(answer).render();
};
exports.getLoyaltyInfo.public = true;
