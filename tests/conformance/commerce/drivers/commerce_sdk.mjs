// commerce-sdk: what a back office asks.
import assert from 'node:assert/strict';
import sdk from 'commerce-sdk';
import {adminToken, run, shop} from './cases.mjs';

const {shopper} = shop;
const authorization = `Bearer ${await adminToken('sfcc.orders.rw', 'sfcc.customerlists.rw', 'sfcc.products')}`;
const client = (Api, path, siteId = shop.siteId) => new Api({
  baseUri: shop.url + path,
  parameters: {clientId: shop.admin.id, organizationId: shop.organizationId, shortCode: 'kv7kzm78', siteId},
  headers: {authorization},
});
const orders = client(sdk.Orders, '/checkout/orders/v1');
const customers = client(sdk.Customers, '/customer/customers/v1');
const list = {customerListId: shop.listId};
const since = new Date(Date.now() - 400 * 86_400_000).toISOString();
let open;

await run({
  'orders': async () => {
    const found = await orders.getOrders({parameters: {
      limit: 20, offset: 0, status: 'new', exportStatus: ['not_exported', 'ready', 'exported'], creationDateFrom: since,
      sortBy: 'last_modified_date',
    }});
    assert.ok(found.data.length && found.data.every(order => order.status === 'new'));
    [open] = found.data;
  },
  'order': async () => {
    assert.equal((await orders.getOrder({parameters: {orderNo: shopper.orderNo}})).orderNo, shopper.orderNo);
  },
  'an unknown order is not found': async () => {
    await assert.rejects(orders.getOrder({parameters: {orderNo: '0'}}), error => error.response.status === 404);
  },
  'custom attribute of an order': async () => {
    const {orderNo} = open;
    await orders.updateOrder({parameters: {orderNo}, body: {c_carrier: 'Courier'}});
    assert.equal((await orders.getOrder({parameters: {orderNo}})).c_carrier, 'Courier');
  },
  'external status of an order': async () => {
    const {orderNo} = open;
    await orders.updateOrderExternalStatus({parameters: {orderNo}, body: {status: 'on hold'}});
    assert.equal((await orders.getOrder({parameters: {orderNo}})).externalOrderStatus, 'on hold');
  },
  'export status of an order': async () => {
    const {orderNo} = open;
    await orders.updateOrderExportStatus({parameters: {orderNo}, body: {status: 'ready'}});
    assert.equal((await orders.getOrder({parameters: {orderNo}})).exportStatus, 'ready');
  },
  'status of an order': async () => {
    const {orderNo} = open;
    await orders.updateOrderStatus({parameters: {orderNo}, body: {status: 'cancelled'}});
    assert.equal((await orders.getOrder({parameters: {orderNo}})).status, 'cancelled');
  },
  'customers found by address of mail': async () => {
    const found = await customers.searchCustomerInCustomerList({parameters: list, body: {
      query: {textQuery: {fields: ['email'], searchPhrase: shopper.email}}, limit: 5,
    }});
    assert.deepEqual(found.hits.map(hit => hit.data.customerNo), [shopper.customerNo]);
  },
  'customer': async () => {
    const found = await customers.getCustomerFromCustomerList(
      {parameters: {...list, customerNo: shopper.customerNo}});
    assert.equal(found.customerId, shopper.customerId);
  },
  'addresses of a customer': async () => {
    const found = await customers.getAddressesForCustomerFromCustomerList(
      {parameters: {...list, customerNo: shopper.customerNo}});
    assert.ok(found.data.length);
  },
  'customer changed': async () => {
    const parameters = {...list, customerNo: shopper.customerNo};
    await customers.updateCustomerInCustomerList({parameters, body: {jobTitle: 'Gardener'}});
    assert.equal((await customers.getCustomerFromCustomerList({parameters})).jobTitle, 'Gardener');
  },
  'product': async () => {
    const [id] = shop.productIds;
    const found = await client(sdk.Products, '/product/products/v1').getProduct({parameters: {productId: id}});
    assert.equal(found.id, id);
  },
});
