var world = require('dw/world');

exports.getProduct = function (id) {
    return world.current().products[id] || null;
};
