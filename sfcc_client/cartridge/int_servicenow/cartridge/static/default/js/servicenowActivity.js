/**
 * Reports a search, a product or a page to ServiceNowActivity-Record once the page is there. Reads what the page
 * template of the reference storefront writes: <div class="page" data-action data-querystring>.
 */
(function (window, document) {
    'use strict';

    var REPORTED = {
        'Search-Show': { kind: 'search', parameter: 'q' },
        'Product-Show': { kind: 'view', parameter: 'pid' },
        'Page-Show': { kind: 'page', parameter: 'cid' }
    };
    var script = document.currentScript;
    var page = document.querySelector('.page[data-action]');
    var reported = page && REPORTED[page.getAttribute('data-action')];
    var refused = window.navigator.doNotTrack === '1' || window.navigator.globalPrivacyControl === true;
    if (!script || !reported || refused || !window.fetch || !window.URLSearchParams) {
        return;
    }
    var what = new window.URLSearchParams(page.getAttribute('data-querystring') || '').get(reported.parameter);
    if (!what) {
        return;
    }
    var body = new window.URLSearchParams({ kind: reported.kind, what: what.slice(0, 256) });
    var counted = reported.kind === 'search' && document.querySelector('.result-count');
    var number = counted && /[0-9][0-9.,\u00a0\u202f]*/.exec(counted.textContent);
    if (number) {
        body.append('results', number[0].replace(/[^0-9]/g, ''));
    }
    window.fetch(script.getAttribute('data-url'), {
        method: 'POST',
        credentials: 'same-origin',
        keepalive: true,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Requested-With': 'XMLHttpRequest' },
        body: body.toString()
    }).catch(function () {
        // The shop works without it.
    });
}(window, document));
