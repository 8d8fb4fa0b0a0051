'use strict';

/**
 * What the browser reports, as a deed. Names of products and pages are looked up here: the browser says only which.
 */

var ContentMgr = require('dw/content/ContentMgr');
var ProductMgr = require('dw/catalog/ProductMgr');

var READERS = {
    search: function (parameters) {
        var deed = { kind: 'search', text: parameters.get('what').stringValue };
        var results = parameters.get('results').stringValue;
        if (/^[0-9]{1,6}$/.test(results || '')) {
            deed.results = Number(results);
        }
        return deed;
    },
    view: function (parameters) {
        var product = ProductMgr.getProduct(parameters.get('what').stringValue);
        return product && product.online ? { kind: 'view', text: product.name, productId: product.ID } : null;
    },
    page: function (parameters) {
        var content = ContentMgr.getContent(parameters.get('what').stringValue);
        return content && content.online ? { kind: 'page', text: content.name } : null;
    }
};

/** The deed in a request's parameters `kind`, `what` and `results`; null when there is none. */
exports.deedIn = function (parameters) {
    var kind = parameters.get('kind').stringValue;
    if (!READERS.hasOwnProperty(kind) || !parameters.get('what').stringValue) {
        return null;
    }
    return READERS[kind](parameters);
};
