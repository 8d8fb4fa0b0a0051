var world = require('dw/world');

function mustWrite() {
    if (!world.current().depth) {
        throw new Error('written outside a transaction');
    }
}

function typeOf(type) {
    var definition = world.current().types[type];
    if (!definition) {
        throw new Error('no such type: ' + type);
    }
    return definition;
}

function rowsOf(type) {
    typeOf(type);
    var objects = world.current().objects;
    objects[type] = objects[type] || {};
    return objects[type];
}

function objectOf(type, key, values) {
    var definition = typeOf(type);
    var object = { type: type, values: values, custom: {} };
    [definition.key].concat(definition.attributes).forEach(function (name) {
        Object.defineProperty(object.custom, name, {
            enumerable: true,
            get: function () {
                return object.values.hasOwnProperty(name) ? object.values[name] : null;
            },
            set: function (value) {
                mustWrite();
                if (name === definition.key) {
                    throw new Error('the key is read only');
                }
                object.values[name] = value;
            }
        });
    });
    object.values[definition.key] = key;
    Object.preventExtensions(object.custom);
    return object;
}

exports.getCustomObject = function (type, key) {
    var rows = rowsOf(type);
    return rows.hasOwnProperty(key) ? rows[key] : null;
};

exports.createCustomObject = function (type, key) {
    mustWrite();
    var rows = rowsOf(type);
    if (!key || rows.hasOwnProperty(key)) {
        throw new Error('the key is empty or taken');
    }
    rows[key] = objectOf(type, key, {});
    return rows[key];
};

exports.remove = function (object) {
    mustWrite();
    delete rowsOf(object.type)[object.values[typeOf(object.type).key]];
};

exports.getAllCustomObjects = function (type) {
    var rows = rowsOf(type);
    var keys = Object.keys(rows);
    return {
        hasNext: function () {
            return keys.length > 0;
        },
        next: function () {
            return rows[keys.shift()];
        },
        close: function () {
            keys = [];
        }
    };
};

/** Puts back what stood there before a failed transaction. */
exports.restore = function (before) {
    var objects = {};
    Object.keys(before).forEach(function (type) {
        objects[type] = {};
        Object.keys(before[type]).forEach(function (key) {
            objects[type][key] = objectOf(type, key, JSON.parse(before[type][key]));
        });
    });
    world.current().objects = objects;
};
