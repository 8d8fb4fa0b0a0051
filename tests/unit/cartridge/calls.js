/**
 * Calls custom APIs one after another under the stubs, in Node or in Rhino: the input is {world, calls}, a call
 * {at, api, operation, query, body}, the output a list of {status, body}.
 */
var world = require('dw/world');

exports.answers = function (input) {
    var current = world.open(input.world);
    return input.calls.map(function (call) {
        current.now = call.at;
        var implementation = require('*/cartridge/rest-apis/' + call.api + '/script')[call.operation];
        if (!implementation || implementation.public !== true) {
            throw new Error('not public: ' + call.operation);
        }
        return world.answered(call, implementation);
    });
};
