'use strict';

/* global customer, request, response, session */

/**
 * POST ServiceNowActivity-Record: the storefront's script reports a search, a product or a page.
 *
 * Always answers 204, so that nobody learns from it who is known; a failure is logged and never reaches the shopper.
 * The header keeps other sites' forms out: they cannot send it.
 */
exports.Record = function () {
    response.setStatus(204);
    if (request.httpMethod !== 'POST' || request.httpHeaders.get('x-requested-with') !== 'XMLHttpRequest') {
        return;
    }
    try {
        var deed = require('*/cartridge/scripts/servicenow/storefront').deedIn(request.httpParameterMap);
        require('*/cartridge/scripts/servicenow/capture').record(customer, session, deed);
    } catch (error) {
        // The message may quote what the shopper typed.
        require('dw/system/Logger').getLogger('servicenow', 'activity').warn('Not recorded: {0}', error.name);
    }
};
exports.Record.public = true;
