// What flows may ask, as whoever the flow runs as. Ids and words of ours only: a flow keeps what its steps answered.
var ContextFlow = Class.create();
ContextFlow.prototype = {
  // Who the shopper of a case is: {match, customer_no, site_id, error}. With an error, its code, the rest is empty.
  lookUp: function (table, sysId) {
    var found = { match: '', customer_no: '', site_id: '', error: '' };
    var client = new SidecarClient();
    var log = new ContextLog();
    try {
      var shown = new ContextCase(String(table || ''), String(sysId || ''));
      shown.mustRead();
      var identity = shown.identity();
      var row = log.mustWrite(shown, identity, { action: 'lookup', reference: client.ref, result: 'asked' });
      var answer = client.call('context', {
        mode: 'live',
        sections: ['profile'],
        identity: identity,
        'case': shown.reference(),
        viewer: shown.viewer()
      });
      this._read(found, answer);
      log.conclude(row, found.match, found);
    } catch (thrown) {
      found.error = client.described(thrown, 'lookup').code;
    }
    return found;
  },

  _read: function (found, answer) {
    var profile = answer.sections && answer.sections.profile && answer.sections.profile.data;
    found.match = String((answer.customer && answer.customer.match) || 'unknown');
    if (!profile) return;
    found.customer_no = String(profile.customer_no || '');
    found.site_id = String((profile.site && profile.site.id) || '');
  },

  type: 'ContextFlow'
};
