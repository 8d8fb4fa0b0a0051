var world = require('dw/world');

function written(level) {
    return function (message) {
        var values = Array.prototype.slice.call(arguments, 1);
        var text = message.replace(/\{([0-9])\}/g, function (_, place) {
            return String(values[place]);
        });
        world.current().log.push(level + ' ' + text);
    };
}

exports.getLogger = function () {
    return { warn: written('warn'), error: written('error') };
};
