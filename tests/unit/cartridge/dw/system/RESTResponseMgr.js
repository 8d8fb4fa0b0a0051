var world = require('dw/world');

var CUSTOM = 'https://api.commercecloud.salesforce.com/documentation/error/v1/custom-errors/';

function answer(status, least, most, body) {
    if (!(status >= least && status <= most)) {
        throw new Error('status out of range: ' + status);
    }
    return {
        render: function () {
            if (world.current().rendered) {
                throw new Error('rendered twice');
            }
            world.current().rendered = { status: status, body: body === null ? null : JSON.parse(JSON.stringify(body)) };
        }
    };
}

exports.createSuccess = function (body, status) {
    return answer(status || 200, 100, 299, body);
};

exports.createEmptySuccess = function (status) {
    return answer(status, 100, 299, null);
};

exports.createError = function (status, type, title, detail) {
    return answer(status, 400, 599, { title: title, type: CUSTOM + type, detail: detail });
};
