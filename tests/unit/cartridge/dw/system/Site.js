var world = require('dw/world');

exports.getCurrent = function () {
    var current = world.current();
    return {
        ID: current.site.id,
        getDefaultCurrency: function () {
            return current.site.currency;
        },
        getCustomPreferenceValue: function (name) {
            return current.preferences.hasOwnProperty(name) ? current.preferences[name] : null;
        }
    };
};
