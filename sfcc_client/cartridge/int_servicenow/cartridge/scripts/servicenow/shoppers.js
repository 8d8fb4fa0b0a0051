'use strict';

var CustomerMgr = require('dw/customer/CustomerMgr');

/**
 * The profile of a registered customer, null for everybody else. The platform finds customers by number only; the id
 * has to fit, so that a number given to somebody new does not open what belonged to its former owner.
 */
exports.profileOf = function (customerNo, customerId) {
    var customer = customerNo ? CustomerMgr.getCustomerByCustomerNumber(customerNo) : null;
    return customer && customer.profile && customer.ID === customerId ? customer.profile : null;
};
