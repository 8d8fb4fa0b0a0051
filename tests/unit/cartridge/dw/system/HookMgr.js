var world = require('dw/world');

exports.hasHook = function (point) {
    return world.current().hooks.hasOwnProperty(point);
};

exports.callHook = function (point, name) {
    return world.current().hooks[point][name].apply(null, Array.prototype.slice.call(arguments, 2));
};
