var world = require('dw/world');

exports.renderTemplate = function (name) {
    world.current().templates.push(name);
};
