// sn_ws.RESTMessageV2: installed messages (sys_rest_message) and ad-hoc requests. Real HTTP, loopback only.

function RESTMessageV2(name, fn) {
  this.scope = currentScope();
  this.request = { name: null, fn: null, endpoint: null, method: null, body: null, headers: {}, query: {}, variables: {}, timeout: null, basic: null, profile: null };
  if (arguments.length) {
    var message = call('rest.message', this.scope, text(name), text(fn));
    this.request.name = text(name);
    this.request.fn = text(fn);
    this.request.endpoint = message.endpoint;
    this.request.method = message.method;
  }
}

RESTMessageV2.prototype = {
  constructor: RESTMessageV2,
  setEndpoint: function (url) { this.request.endpoint = text(url); },
  getEndpoint: function () { return this.request.endpoint; },
  setHttpMethod: function (method) { this.request.method = text(method).toLowerCase(); },
  setRequestHeader: function (name, value) { this.request.headers[text(name)] = text(value); },
  getRequestHeader: function (name) { return this.request.headers[text(name)]; },
  getRequestHeaders: function () { return Object.assign({}, this.request.headers); },
  setRequestBody: function (body) { this.request.body = text(body); },
  getRequestBody: function () { return this.request.body; },
  setQueryParameter: function (name, value) { this.request.query[text(name)] = text(value); },
  setStringParameter: function (name, value) { this.request.variables[text(name)] = GlideStringUtil.escapeXML(value); },
  setStringParameterNoEscape: function (name, value) { this.request.variables[text(name)] = text(value); },
  setHttpTimeout: function (ms) { this.request.timeout = Number(ms); },
  setBasicAuth: function (user, password) { this.request.basic = [text(user), text(password)]; },
  setAuthenticationProfile: function (type, id) { this.request.profile = [text(type), text(id)]; },
  setRequestorProfile: unsupported('RESTMessageV2.setRequestorProfile'),
  setMIDServer: unsupported('RESTMessageV2.setMIDServer'),
  setMutualAuth: unsupported('RESTMessageV2.setMutualAuth'),
  setLogLevel: function () {},
  setEccParameter: function () {},
  setEccCorrelator: function () {},
  saveResponseBodyAsAttachment: unsupported('RESTMessageV2.saveResponseBodyAsAttachment'),
  execute: function () { return new RESTResponseV2(call('rest.execute', this.scope, this.request)); },
  executeAsync: function () { return this.execute(); }
};

function RESTResponseV2(answer) { this.answer = answer; }

RESTResponseV2.prototype = {
  constructor: RESTResponseV2,
  getStatusCode: function () { return this.answer.status; },
  getBody: function () { return this.answer.body; },
  getHeader: function (name) {
    var value = this.answer.headers[text(name).toLowerCase()];
    return value === undefined ? null : value;
  },
  getHeaders: function () { return Object.assign({}, this.answer.headers); },
  getAllHeaders: function () {
    var headers = this.answer.headers;
    return Object.keys(headers).map(function (name) {
      return { name: name, value: headers[name], toString: function () { return name + ': ' + headers[name]; } };
    });
  },
  haveError: function () { return this.answer.error !== null || this.answer.status >= 400; },
  getErrorCode: function () { return this.answer.error === null ? 0 : 1; },
  getErrorMessage: function () { return this.answer.error || (this.answer.status >= 400 ? 'Method failed: (' + this.answer.path + ') with code: ' + this.answer.status : ''); },
  getQueryString: function () { return this.answer.query; },
  getCookies: function () { return []; },
  waitForResponse: function () {}
};
