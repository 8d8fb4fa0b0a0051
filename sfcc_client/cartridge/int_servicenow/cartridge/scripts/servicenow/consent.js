'use strict';

/**
 * Whether a shopper may be tracked, and since when that is so: {tracking, changedAt}.
 *
 * A customer consents until the attribute trackingOptOut is set; whatever is set and is no plain "no" is a refusal.
 * Nobody is known to consent for a stranger.
 */
exports.of = function (profile) {
    if (!profile) {
        return { tracking: false, changedAt: null };
    }
    var refused = profile.custom.trackingOptOut;
    if (refused) {
        return { tracking: false, changedAt: iso(refused) };
    }
    return { tracking: true, changedAt: iso(profile.creationDate) };
};

function iso(value) {
    return value && typeof value.toISOString === 'function' ? value.toISOString() : null;
}
