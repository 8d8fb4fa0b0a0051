var world = require('dw/world');

exports.getContent = function (id) {
    return world.current().contents[id] || null;
};
