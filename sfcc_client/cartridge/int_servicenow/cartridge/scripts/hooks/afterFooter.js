'use strict';

/**
 * Called by the storefront's page template. The tag is the same for everybody, so the page may be cached; who is
 * looking is decided when the script calls back.
 */
exports.afterFooter = function () {
    if (require('*/cartridge/scripts/servicenow/preferences').captures()) {
        require('dw/template/ISML').renderTemplate('servicenow/activity');
    }
};
