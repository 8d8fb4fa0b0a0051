/** A small shop for the tests that run in Node: its objects are typed as the shipped metadata says. */
const fs = require('node:fs');
const path = require('node:path');

const world = require('dw/world');

const META = path.join(process.env.CARTRIDGES, 'metadata', 'int_servicenow', 'meta', 'custom-objecttype-definitions.xml');
const NOW = '2026-11-22T10:15:00.000Z';

function typesIn(xml) {
    const types = {};
    for (const [, id, body] of xml.matchAll(/<custom-type type-id="([^"]+)">([\s\S]*?)<\/custom-type>/g)) {
        types[id] = {
            key: /<key-definition attribute-id="([^"]+)"/.exec(body)[1],
            attributes: [...body.matchAll(/<attribute-definition attribute-id="([^"]+)"/g)].map((found) => found[1])
        };
    }
    return types;
}

exports.NOW = NOW;

exports.open = (more) => world.open({
    now: NOW,
    types: typesIn(fs.readFileSync(META, 'utf8')),
    preferences: { serviceNowActivityCapture: true, serviceNowActivityRetentionDays: 30 },
    customers: [
        { customerNo: '0001', customerId: 'abOne', creationDate: '2025-10-18T09:00:00.000Z' },
        {
            customerNo: '0002',
            customerId: 'abTwo',
            creationDate: '2025-10-18T09:00:00.000Z',
            custom: { trackingOptOut: '2026-11-19' }
        }
    ],
    products: { mug: { ID: 'mug', name: 'Mug', online: true }, gone: { ID: 'gone', name: 'Gone', online: false } },
    contents: { returns: { name: 'Returns', online: true } },
    ...more
});

exports.later = (days) => {
    const current = world.current();
    current.now = new Date(new Date(current.now).getTime() + days * 86400000).toISOString();
};
