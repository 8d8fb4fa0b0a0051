// What the panel may ask (GlideAjax). Every operation answers one JSON text: what was asked for, or
// {"error": {"code", "message", "ref", "retryable", "retry_after_s"}}.
//
// That the panel is visible is not a permission: role and record are checked here, each time.
var ContextAjax = Class.create();
ContextAjax.prototype = Object.extendsObject(global.AbstractAjaxProcessor, {
  client: null,
  log: null,
  ref: '',

  summary: function () {
    return this._answer('view', function (shown) { return this._context(shown, 'view', { mode: 'cached' }); });
  },

  live: function () {
    return this._answer('live', function (shown) {
      var question = { mode: 'live' };
      var sections = this._text('sysparm_sections', 200, /^[a-z]+(,[a-z]+)*$/);
      var cursor = this._text('sysparm_cursor', 500, /^[\x21-\x7e]+$/);
      if (sections) question.sections = sections.split(',');
      if (cursor) question.cursor = cursor;
      return this._context(shown, 'live', question);
    });
  },

  // No row in the log, no personal data: the row is written first.
  reveal: function () {
    return this._answer('reveal', function (shown) {
      var field = this._needed('sysparm_field', 10, /^(email|phone)$/);
      var reason = this._text('sysparm_reason', 255);
      if (!reason && gs.getProperty('x_acme_sfcc.panel.reveal_reason_required') == 'true') {
        throw { code: 'reason_required', message: gs.getMessage('Give a reason first.') };
      }
      var identity = shown.identity();
      var entry = { action: 'reveal', field: field, reason: reason, result: 'asked', reference: this.ref };
      var row = this.log.mustWrite(shown, identity, entry);
      var body = { identity: identity, field: field, 'case': shown.reference(), viewer: shown.viewer() };
      if (reason) body.reason = reason;
      var answer = this._sidecar().call('reveal', body);
      this.log.conclude(row, 'shown', answer);
      return { field: answer.field, value: answer.value, expires_in_s: answer.expires_in_s };
    });
  },

  // Only a candidate of this case can be chosen, or the panel would open any shopper from any case.
  choose: function () {
    return this._answer('choose', function (shown) {
      var wanted = this._needed('sysparm_customer_no', 100, /^[\x21-\x7e]+$/);
      var site = this._needed('sysparm_site_id', 32, /^[\w.-]+$/);
      shown.mustWrite();
      var offered = this._ask(shown, { mode: 'live', sections: ['profile'] }, shown.identityOfContact());
      if (!this._offers(offered, wanted, site)) {
        throw { code: 'not_a_candidate', message: gs.getMessage('This customer is no longer among the matches.') };
      }
      shown.remember({ customer_no: wanted, site_id: site });
      return this._context(shown, 'choose', { mode: 'live' });
    });
  },

  search: function () {
    return this._answer('search', function (shown) {
      var order = this._needed('sysparm_order_no', 50, /^[\w.-]+$/);
      var identity = { order_no: order };
      var answer = this._ask(shown, { mode: 'live' }, identity);
      var match = answer.customer && answer.customer.match;
      if (match == 'one' || match == 'guest') shown.rememberIfAllowed({ order_no: order });
      return this._logged(shown, { action: 'search', reference: this.ref }, identity, answer);
    });
  },

  note: function () {
    return this._answer('note', function (shown) {
      var order = this._text('sysparm_order_no', 50, /^[\w.-]+$/);
      shown.addNote(this._needed('sysparm_text', 4000));
      this.log.write(shown, shown.identity(), { action: 'note', reference: order, result: 'ok' });
      return { ok: true };
    });
  },

  dismiss: function () {
    return this._answer('dismiss', function (shown) {
      var insight = this._needed('sysparm_insight', 100, /^[\w.:@-]+$/);
      this.log.mustWrite(shown, shown.identity(), { action: 'dismiss', insight: insight, result: 'ok' });
      return { ok: true };
    });
  },

  _answer: function (operation, work) {
    var client = this._sidecar();
    this.ref = client.ref;
    this.log = new ContextLog();
    try {
      var shown = new ContextCase(this._text('sysparm_table', 80, /^\w+$/), this._text('sysparm_sys_id', 32, /^\w+$/));
      shown.mustRead();
      return JSON.stringify(work.call(this, shown));
    } catch (thrown) {
      return JSON.stringify({ error: client.described(thrown, operation) });
    }
  },

  _sidecar: function () {
    if (!this.client) this.client = new SidecarClient();
    return this.client;
  },

  _context: function (shown, action, question) {
    var identity = shown.identity();
    return this._logged(shown, { action: action, reference: this.ref }, identity, this._ask(shown, question, identity));
  },

  _ask: function (shown, question, identity) {
    question.identity = identity;
    question['case'] = shown.reference();
    question.viewer = shown.viewer();
    return this._sidecar().call('context', question);
  },

  _logged: function (shown, entry, identity, answer) {
    var profile = answer.sections && answer.sections.profile && answer.sections.profile.data;
    entry.result = (answer.customer && answer.customer.match) || 'unknown';
    var seen = { customer_no: (profile && profile.customer_no) || identity.customer_no, site_id: identity.site_id };
    if (profile && profile.site) seen.site_id = profile.site.id;
    this.log.write(shown, seen, entry);
    return this._withoutDismissed(shown, answer);
  },

  _withoutDismissed: function (shown, answer) {
    var insights = answer.sections && answer.sections.insights;
    if (insights && insights.data && insights.data.length) {
      var dismissed = this.log.dismissed(shown);
      insights.data = insights.data.filter(function (insight) { return !dismissed[insight.id]; });
    }
    return answer;
  },

  _offers: function (answer, customerNo, siteId) {
    var candidates = (answer.customer && answer.customer.candidates) || [];
    return candidates.some(function (one) {
      return one.customer_no === customerNo && one.site && one.site.id === siteId;
    });
  },

  _text: function (name, longest, shape) {
    var value = this.getParameter(name);
    value = value === null || value === undefined ? '' : String(value).trim();
    if (value.length > longest || (value && shape && !shape.test(value))) {
      throw { code: 'bad_request', message: gs.getMessage('The panel sent something the form does not understand.') };
    }
    return value;
  },

  _needed: function (name, longest, shape) {
    var value = this._text(name, longest, shape);
    if (!value) throw { code: 'bad_request', message: gs.getMessage('Something is missing. Fill it in and try again.') };
    return value;
  },

  type: 'ContextAjax'
});
