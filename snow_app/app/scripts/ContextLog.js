// Who looked at which shopper. Rows hold ids and words of ours, never personal data.
var ContextLog = Class.create();
ContextLog.prototype = {
  // `who` is an identity (customer_no, site_id). Answers the sys_id of the row, null when it could not be written.
  write: function (shown, who, entry) {
    var written = null;
    try {
      var row = new GlideRecord('x_acme_sfcc_context_access');
      row.initialize();
      row.setValue('at', new GlideDateTime().getValue());
      row.setValue('user', gs.getUserID());
      row.setValue('case_table', shown.reference().table);
      row.setValue('case_id', shown.reference().sys_id);
      row.setValue('customer_no', who.customer_no || '');
      row.setValue('site_id', who.site_id || '');
      Object.keys(entry).forEach(function (name) { row.setValue(name, entry[name] || ''); });
      written = row.insert() || null;
    } catch (thrown) {
      written = null;
    }
    if (!written) gs.error('[commerce panel] access was not logged: ' + entry.action);
    return written;
  },

  mustWrite: function (shown, who, entry) {
    var written = this.write(shown, who, entry);
    if (written) return written;
    throw { code: 'not_recorded', message: gs.getMessage('This could not be recorded, so it was not done.'), retryable: true };
  },

  // How it ended and whose data it was; the row of `mustWrite` says "asked" until then.
  conclude: function (written, result, who) {
    var row = new GlideRecord('x_acme_sfcc_context_access');
    if (!row.get(written)) return;
    row.setValue('result', result);
    if (who.customer_no) row.setValue('customer_no', who.customer_no);
    if (who.site_id) row.setValue('site_id', who.site_id);
    row.update();
  },

  // The ids of the insights that were dismissed on this case, as the keys of an object.
  dismissed: function (shown) {
    var ids = {};
    var row = new GlideRecord('x_acme_sfcc_context_access');
    row.addQuery('case_id', shown.reference().sys_id);
    row.addQuery('action', 'dismiss');
    row.setLimit(200);
    row.query();
    while (row.next()) ids[String(row.getValue('insight'))] = true;
    return ids;
  },

  type: 'ContextLog'
};
