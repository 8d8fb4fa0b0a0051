'use strict';

/** The present; tests put another in its place. */
exports.now = function () {
    return new Date();
};
