var world = require('dw/world');

function copyOf(objects) {
    var copy = {};
    Object.keys(objects).forEach(function (type) {
        copy[type] = {};
        Object.keys(objects[type]).forEach(function (key) {
            copy[type][key] = JSON.stringify(objects[type][key].values);
        });
    });
    return copy;
}

exports.wrap = function (work) {
    var current = world.current();
    var before = copyOf(current.objects);
    current.depth += 1;
    try {
        var result = work();
        if (current.failures > 0) {
            current.failures -= 1;
            throw new Error('somebody else wrote first');
        }
        return result;
    } catch (error) {
        require('dw/object/CustomObjectMgr').restore(before);
        throw error;
    } finally {
        current.depth -= 1;
    }
};
