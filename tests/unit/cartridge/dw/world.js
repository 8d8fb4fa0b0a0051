/**
 * What the stubs of the platform share: one site, its customers and objects, and the request that is being answered.
 * Runs in Node and in Rhino. Strict where the platform is: writing takes a transaction, types and attributes must be
 * defined, and what a failed transaction wrote is gone.
 */

var top = Function('return this')();
// Rhino gives every module a scope of its own before the one that all of them share, where `Object` lives.
while (!Object.prototype.hasOwnProperty.call(top, 'Object')) {
    top = Object.getPrototypeOf(top);
}
var world = {};

exports.open = function (given) {
    world = {
        site: given.site || { id: 'North', currency: 'GBP' },
        preferences: given.preferences || {},
        types: given.types,
        customers: {},
        products: given.products || {},
        contents: given.contents || {},
        hooks: given.hooks || {},
        objects: {},
        depth: 0,
        failures: 0,
        log: [],
        rendered: null,
        templates: []
    };
    (given.customers || []).forEach(function (customer) {
        world.customers[customer.customerNo] = customerOf(customer);
    });
    require('*/cartridge/scripts/servicenow/clock').now = function () {
        return new Date(world.now);
    };
    world.now = given.now;
    return world;
};

exports.current = function () {
    return world;
};

/** A value as the platform gives it: attributes of type date are dates. */
function attribute(value) {
    return typeof value === 'string' && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) ? new Date(value) : value;
}

function customerOf(given) {
    var custom = {};
    Object.keys(given.custom || {}).forEach(function (name) {
        custom[name] = attribute(given.custom[name]);
    });
    var customer = { ID: given.customerId, registered: true, authenticated: true };
    customer.profile = {
        customer: customer,
        customerNo: given.customerNo,
        creationDate: new Date(given.creationDate),
        custom: custom
    };
    return customer;
}

/** Runs `work` as the answer to one request; what was rendered: {status, body}. */
exports.answered = function (asked, work) {
    var query = asked.query || {};
    var parameters = {
        get: function (name) {
            var value = query.hasOwnProperty(name) ? query[name] : null;
            return { stringValue: value, value: value, submitted: value !== null };
        },
        requestBodyAsString: asked.body === undefined ? null : asked.body
    };
    world.rendered = null;
    top.request = {
        httpMethod: asked.method || 'GET',
        httpHeaders: {
            get: function (name) {
                return (asked.headers || {})[name] || null;
            }
        },
        httpParameterMap: parameters,
        getHttpParameterMap: function () {
            return parameters;
        }
    };
    top.response = {
        setStatus: function (status) {
            world.rendered = { status: status, body: null };
        }
    };
    top.customer = asked.customer;
    top.session = asked.session;
    work();
    return world.rendered;
};
