// @salesforce/storefront-next-runtime, entry /scapi: a serializer of its own on the same APIs.
import assert from 'node:assert/strict';
import {ApiError, AuthTokenInvalidError, createCommerceApiClients} from '@salesforce/storefront-next-runtime/scapi';
import {run, shop} from './cases.mjs';

const {shopper} = shop;
const configuration = {
  baseUrl: shop.url, organizationId: shop.organizationId, siteId: shop.siteId, locale: shop.locale,
  redirectUri: 'http://localhost:3000/callback',
};
const secret = {clientId: shop.slas.id, clientSecret: shop.slas.secret};

function clients(token) {
  const made = createCommerceApiClients({...configuration, ...secret});
  made.use({onRequest({request}) {
    request.headers.set('authorization', `Bearer ${token}`);
    return request;
  }});
  return made;
}

const anonymous = createCommerceApiClients({...configuration, ...secret});
let guest, own, product;

await run({
  'guest login of a private client': async () => {
    const token = await anonymous.auth.loginAsGuest();
    assert.ok(token.access_token);
    guest = clients(token.access_token);
  },
  'guest login of a public client': async () => {
    const open = createCommerceApiClients({...configuration, clientId: shop.storefront.id});
    assert.ok((await open.auth.loginAsGuest()).access_token);
  },
  'registered login': async () => {
    const token = await anonymous.auth.loginWithCredentials({username: shopper.login, password: shopper.password});
    assert.equal(token.customer_id, shopper.customerId);
    own = clients(token.access_token);
    own.refresh = token.refresh_token;
  },
  'refreshed login': async () => {
    const token = await anonymous.auth.refreshToken({refreshToken: own.refresh});
    assert.equal(token.customer_id, shopper.customerId);
  },
  'a wrong token is told apart': async () => {
    const call = clients('wrong').shopperCustomers.getCustomer({params: {path: {customerId: shopper.customerId}}});
    await assert.rejects(call, AuthTokenInvalidError);
  },
  'customer': async () => {
    const {data} = await own.shopperCustomers.getCustomer({params: {
      path: {customerId: shopper.customerId}, query: {expand: ['addresses', 'paymentinstruments']},
    }});
    assert.equal(data.customerNo, shopper.customerNo);
    assert.ok(data.addresses.length);
  },
  'orders of a customer': async () => {
    const {data} = await own.shopperCustomers.getCustomerOrders(
      {params: {path: {customerId: shopper.customerId}, query: {limit: 3, status: ['new', 'completed']}}});
    assert.ok(data.total && data.data.length <= 3);
  },
  'order': async () => {
    const {data} = await own.shopperOrders.getOrder({params: {path: {orderNo: shopper.orderNo}}});
    assert.equal(data.orderNo, shopper.orderNo);
  },
  'an unknown order is a problem with its name': async () => {
    const call = own.shopperOrders.getOrder({params: {path: {orderNo: '0'}}});
    await assert.rejects(call, error =>
      error instanceof ApiError && error.status === 404 && error.body.type.endsWith('/order-not-found'));
  },
  'basket': async () => {
    const {data} = await own.shopperCustomers.getCustomerBaskets({params: {path: {customerId: shopper.customerId}}});
    const [{basketId}] = data.baskets;
    const basket = await own.shopperBasketsV2.getBasket({params: {path: {basketId}}});
    assert.equal(basket.data.basketId, basketId);
  },
  'products': async () => {
    const {data} = await guest.shopperProducts.getProducts({params: {query: {ids: shop.productIds}}});
    assert.equal(data.data.length, shop.productIds.length);
  },
  'product': async () => {
    ({data: product} = await guest.shopperProducts.getProduct({params: {path: {id: shop.productIds[0]}}}));
    assert.equal(product.id, shop.productIds[0]);
  },
  'search': async () => {
    const {data} = await guest.shopperSearch.productSearch({params: {query: {q: product.name, limit: 3}}});
    assert.ok(data.hits.some(hit => hit.productId === product.id), 'the product is not among the hits');
  },
  'content': async () => {
    const {data} = await guest.shopperExperience.searchContent({params: {query: {q: shop.contentWord, limit: 5}}});
    assert.ok(data.total, 'no content is found');
    const {id} = data.hits[0];
    assert.equal((await guest.shopperExperience.getContent({params: {path: {id}}})).data.id, id);
  },
});
