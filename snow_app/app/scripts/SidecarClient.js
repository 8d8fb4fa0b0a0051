// The one caller of the sidecar. The address comes from a property, the sign-in from the REST message.
//
// Fails with {code, message, retryable, retry_after_s}. Nothing of a request or an answer is ever logged: both hold
// personal data.
var SidecarClient = Class.create();
SidecarClient.PATHS = {
  context: '/v1/context',
  reveal: '/v1/reveal',
  panel_link: '/v1/panel-links',
  change: '/v1/changes'
};
SidecarClient.SHORTEST_MS = 500;
SidecarClient.LONGEST_MS = 20000;
SidecarClient.FAILURES = {
  401: { code: 'sign_in_refused', message: 'The sidecar does not know this instance. Tell your administrator.' },
  403: { code: 'forbidden', message: 'You do not have access to this information.' },
  404: { code: 'not_found', message: 'There is nothing to show.' },
  429: { code: 'rate_limited', message: 'Busy. Try again shortly.', retryable: true }
};

SidecarClient.prototype = {
  initialize: function () {
    this.ref = 'c360-' + gs.generateGUID().substring(0, 12);
  },

  call: function (name, body) {
    var response = this._sent(name, JSON.stringify(body));
    var status = Number(response.getStatusCode());
    var answer = this._parsed(response);
    if (status == 202 || status == 204) return answer || {};
    if (status == 200 || status == 201) {
      if (!answer) throw { code: 'bad_answer', retryable: true };
      return answer;
    }
    throw this._failure(status, answer || {}, Number(response.getHeader('Retry-After')));
  },

  // What the panel shows for anything thrown by our scripts. What is not ours is logged by its kind only.
  described: function (thrown, operation) {
    var known = thrown && typeof thrown.code === 'string';
    var code = known ? thrown.code : 'failed';
    gs[this._expected(code) ? 'info' : 'error']('[commerce panel] ' + operation + ': ' + code + ' ' + this.ref);
    var error = {
      code: code,
      message: (known && thrown.message) || gs.getMessage('Commerce data is not available right now.'),
      ref: (known && thrown.ref) || this.ref,
      retryable: !!(known && thrown.retryable)
    };
    if (known && thrown.retry_after_s > 0) error.retry_after_s = thrown.retry_after_s;
    return error;
  },

  _sent: function (name, text) {
    var base = String(gs.getProperty('x_acme_sfcc.sidecar.url', '')).replace(/\/+$/, '');
    if (!base) throw { code: 'not_configured', message: gs.getMessage('The address of the sidecar is not set.') };
    var response;
    try {
      var request = new sn_ws.RESTMessageV2('x_acme_sfcc.sidecar', name);
      request.setEndpoint(base + SidecarClient.PATHS[name]);
      request.setHttpTimeout(this._timeout());
      request.setRequestHeader('Content-Type', 'application/json');
      request.setRequestHeader('Accept', 'application/json');
      request.setRequestHeader('X-Correlation-Id', this.ref);
      request.setRequestBody(text);
      response = request.execute();
    } catch (thrown) {
      response = null;
    }
    // A call that never got through answers status 0 on some releases and throws on others.
    if (!response || !Number(response.getStatusCode())) throw { code: 'unreachable', retryable: true };
    return response;
  },

  _timeout: function () {
    var wanted = parseInt(gs.getProperty('x_acme_sfcc.panel.timeout_ms', '4000'), 10) || 4000;
    return Math.max(SidecarClient.SHORTEST_MS, Math.min(SidecarClient.LONGEST_MS, wanted));
  },

  _parsed: function (response) {
    try {
      var parsed = JSON.parse(response.getBody());
      return parsed && typeof parsed === 'object' ? parsed : null;
    } catch (broken) {
      return null;
    }
  },

  _failure: function (status, problem, wait) {
    var known = SidecarClient.FAILURES[status] || (status >= 500 ? { code: 'unavailable', retryable: true } : { code: 'rejected' });
    var failure = { code: known.code, retryable: !!known.retryable };
    if (known.message) failure.message = gs.getMessage(known.message);
    if (wait > 0) failure.retry_after_s = wait;
    if (typeof problem.ref === 'string' && /^[\w-]{1,64}$/.test(problem.ref)) failure.ref = problem.ref;
    return failure;
  },

  _expected: function (code) {
    return /^(forbidden|no_case|read_only|reason_required|not_a_candidate|rate_limited|disabled|not_found)$/.test(code);
  },

  type: 'SidecarClient'
};
