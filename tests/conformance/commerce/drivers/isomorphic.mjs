// commerce-sdk-isomorphic: what a storefront asks.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {adminToken, basic, run, shop} from './cases.mjs';

// Its ES module is a .js file without "type": "module", which Node reads as CommonJS.
const sdk = createRequire(import.meta.url)('commerce-sdk-isomorphic');
const {helpers} = sdk;
const {shopper, other} = shop;
const redirectURI = 'http://localhost:3000/callback';
const config = (clientId, headers = {}) => ({
  proxy: shop.url,
  throwOnBadResponse: true,
  headers,
  parameters: {clientId, organizationId: shop.organizationId, shortCode: 'kv7kzm78', siteId: shop.siteId},
});
const as = (Api, token) => new Api(config(shop.slas.id, {authorization: `Bearer ${token}`}));
const login = new sdk.ShopperLogin(config(shop.slas.id));
const publicLogin = new sdk.ShopperLogin(config(shop.storefront.id));
const credentials = {clientSecret: shop.slas.secret};
let guest, registered, product;

await run({
  'guest login of a private client': async () => {
    guest = await helpers.loginGuestUserPrivate({slasClient: login, parameters: {}, credentials});
    assert.ok(guest.access_token && guest.customer_id);
  },
  'guest login of a public client': async () => {
    const token = await helpers.loginGuestUser({slasClient: publicLogin, parameters: {redirectURI}});
    assert.ok(token.access_token && token.usid);
  },
  'registered login': async () => {
    registered = await helpers.loginRegisteredUserB2C({
      slasClient: login,
      credentials: {username: shopper.login, password: shopper.password, ...credentials},
      parameters: {redirectURI},
    });
    assert.equal(registered.customer_id, shopper.customerId);
  },
  'a wrong password is refused': async () => {
    const wrong = {username: other.login, password: 'wrong', ...credentials};
    await assert.rejects(
      helpers.loginRegisteredUserB2C({slasClient: login, credentials: wrong, parameters: {redirectURI}}));
  },
  'refreshed login': async () => {
    const {refresh_token: refreshToken} = registered;
    const again = await helpers.refreshAccessToken({slasClient: login, parameters: {refreshToken}, credentials});
    assert.equal(again.customer_id, shopper.customerId);
    registered = again;
  },
  'trusted-system login': async () => {
    const token = await login.getTrustedSystemAccessToken({
      headers: {Authorization: basic(shop.slas.id, shop.slas.secret)},
      body: {
        grant_type: 'client_credentials', hint: 'ts_ext_on_behalf_of', login_id: other.login, idp_origin: 'ecom',
        client_id: shop.slas.id, channel_id: shop.siteId,
      },
    });
    assert.equal(token.customer_id, other.customerId);
  },
  'keys of the login service': async () => {
    const {keys} = await login.getJwksUri({parameters: {}});
    assert.ok(keys.length);
  },
  'customer': async () => {
    const customer = await as(sdk.ShopperCustomers, registered.access_token).getCustomer(
      {parameters: {customerId: shopper.customerId, expand: ['addresses', 'paymentinstruments']}});
    assert.equal(customer.customerNo, shopper.customerNo);
    assert.ok(customer.addresses.length);
  },
  'orders of a customer': async () => {
    const orders = await as(sdk.ShopperCustomers, registered.access_token).getCustomerOrders(
      {parameters: {customerId: shopper.customerId, limit: 5, offset: 0}});
    assert.equal(orders.data.length, Math.min(5, orders.total));
  },
  'order': async () => {
    const order = await as(sdk.ShopperOrders, registered.access_token).getOrder(
      {parameters: {orderNo: shopper.orderNo, expand: ['oms']}});
    assert.equal(order.orderNo, shopper.orderNo);
  },
  'an unknown order is not found': async () => {
    const orders = as(sdk.ShopperOrders, registered.access_token);
    await assert.rejects(orders.getOrder({parameters: {orderNo: '0'}}), error => error.response.status === 404);
  },
  'order of a guest, looked up': async () => {
    const {orderNo, email, postalCode} = shop.guestOrder;
    const order = await as(sdk.ShopperOrders, guest.access_token).guestOrderLookup(
      {parameters: {orderNo}, body: {email, postalCode}});
    assert.equal(order.orderNo, orderNo);
  },
  'basket': async () => {
    const {baskets} = await as(sdk.ShopperCustomers, registered.access_token).getCustomerBaskets(
      {parameters: {customerId: shopper.customerId}});
    const [{basketId}] = baskets;
    const basket = await as(sdk.ShopperBasketsV2, registered.access_token).getBasket({parameters: {basketId}});
    assert.equal(basket.basketId, basketId);
    assert.ok(basket.productItems.length);
  },
  'basket, version 1': async () => {
    const {baskets: [{basketId}]} = await as(sdk.ShopperCustomers, registered.access_token).getCustomerBaskets(
      {parameters: {customerId: shopper.customerId}});
    const basket = await as(sdk.ShopperBaskets, registered.access_token).getBasket({parameters: {basketId}});
    assert.equal(basket.basketId, basketId);
  },
  'products': async () => {
    const found = await as(sdk.ShopperProducts, guest.access_token).getProducts(
      {parameters: {ids: shop.productIds, allImages: true}});
    assert.deepEqual(found.data.map(one => one.id).sort(), [...shop.productIds].sort());
  },
  'product': async () => {
    product = await as(sdk.ShopperProducts, guest.access_token).getProduct({parameters: {id: shop.productIds[0]}});
    assert.ok(product.name && product.price);
  },
  'search': async () => {
    const found = await as(sdk.ShopperSearch, guest.access_token).productSearch(
      {parameters: {q: product.name, limit: 3, refine: ['price=(0..100000)']}});
    assert.ok(found.hits.some(hit => hit.productId === product.id), 'the product is not among the hits');
  },
  'suggestions': async () => {
    const found = await as(sdk.ShopperSearch, guest.access_token).getSearchSuggestions(
      {parameters: {q: product.name.slice(0, 4)}});
    assert.ok(found.productSuggestions);
  },
  'content': async () => {
    const experience = as(sdk.ShopperExperience, guest.access_token);
    const found = await experience.searchContent({parameters: {q: shop.contentWord, limit: 5}});
    assert.ok(found.total, 'no content is found');
    const [{id}] = found.hits;
    assert.equal((await experience.getContent({parameters: {id}})).id, id);
  },
  'custom endpoint': async () => {
    const {response, ...answer} = await helpers.callCustomEndpoint({
      options: {
        method: 'GET',
        parameters: {siteId: shop.siteId, c_customer_id: shopper.customerId, c_customer_no: shopper.customerNo},
        customApiPathParameters: {apiName: 'loyalty-info', apiVersion: 'v1', endpointPath: 'customers'},
      },
      clientConfig: config(shop.slas.id, {authorization: `Bearer ${await adminToken('c_loyalty_info')}`}),
    });
    assert.equal(answer.customerId, shopper.customerId);
  },
  'what a token says': async () => {
    const {token_type: kind, active} = await login.introspectToken({
      headers: {Authorization: basic(shop.slas.id, shop.slas.secret)},
      parameters: {},
      body: {token: registered.access_token, token_type_hint: 'access_token'},
    });
    assert.ok(active && kind === 'access_token');
  },
  'who is signed in': async () => {
    const found = await login.getUserInfo({
      headers: {Authorization: `Bearer ${registered.access_token}`}, parameters: {channel_id: shop.siteId},
    });
    assert.equal(found.customer_id, shopper.customerId);
  },
  'revoked': async () => {
    const parameters = {refreshToken: guest.refresh_token};
    await login.revokeToken({
      headers: {Authorization: basic(shop.slas.id, shop.slas.secret)},
      parameters: {},
      body: {token: guest.refresh_token, token_type_hint: 'refresh_token'},
    });
    await assert.rejects(helpers.refreshAccessToken({slasClient: login, parameters, credentials}));
  },
  'logged out': async () => {
    const {access_token: accessToken, refresh_token: refreshToken} = registered;
    await helpers.logout({slasClient: login, parameters: {accessToken, refreshToken}});
    await assert.rejects(helpers.refreshAccessToken({slasClient: login, parameters: {refreshToken}, credentials}));
  },
});
