// The case an agent has open: who may see it, whom it is about, and what the panel writes on it.
var ContextCase = Class.create();
ContextCase.TABLES = { incident: true, sn_customerservice_case: true };
ContextCase.ROLES = ['agent', 'lead', 'fraud', 'auditor'];
// Where the e-mail address of the person who wrote stands, first one that is filled wins.
ContextCase.CONTACTS = { incident: ['caller_id'], sn_customerservice_case: ['contact', 'consumer'] };

ContextCase.roles = function () {
  return ContextCase.ROLES.filter(function (role) { return gs.hasRole('x_acme_sfcc.' + role); });
};

// As the sidecar takes them; anything else would cost the whole panel.
ContextCase.locale = function () {
  var language = String(gs.getSession().getLanguage() || '').replace('_', '-');
  return /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language) ? language : 'en';
};

ContextCase.timeZone = function () {
  var zone = String(gs.getSession().getTimeZoneName() || '');
  return /^[A-Za-z0-9_+\-/]{1,64}$/.test(zone) ? zone : 'UTC';
};

ContextCase.prototype = {
  initialize: function (table, sysId) {
    this.table = table;
    this.sysId = sysId;
    this.record = null;
  },

  // A record that is missing and one that is hidden answer alike.
  mustRead: function () {
    if (!ContextCase.roles().length) {
      throw { code: 'forbidden', message: gs.getMessage('You do not have access to commerce data.') };
    }
    if (gs.getProperty('x_acme_sfcc.panel.enabled') != 'true') {
      throw { code: 'disabled', message: gs.getMessage('The commerce panel is switched off.') };
    }
    if (ContextCase.TABLES[this.table] === true && this.sysId) {
      var record = new GlideRecord(this.table);
      if (record.isValid() && record.get(this.sysId) && record.canRead()) this.record = record;
    }
    if (!this.record) {
      throw { code: 'no_case', message: gs.getMessage('This case does not exist or you may not see it.') };
    }
  },

  mustWrite: function () {
    if (!this.record.canWrite()) {
      throw { code: 'read_only', message: gs.getMessage('You may see this case but not change it.') };
    }
  },

  reference: function () {
    return { table: this.table, sys_id: this.record.getUniqueValue() };
  },

  // What the case remembers comes first; without a customer number the contact's e-mail address says who it is.
  identity: function () {
    var customerNo = this._remembered('customer_no');
    if (!customerNo) return this.identityOfContact();
    var identity = { customer_no: customerNo };
    this._copy(identity, ['site_id', 'order_no']);
    return identity;
  },

  // The identity as if nobody had chosen a customer yet.
  identityOfContact: function () {
    var identity = {};
    var email = this._email();
    if (email) identity.email = email;
    this._copy(identity, this._remembered('customer_no') ? ['order_no'] : ['site_id', 'order_no']);
    return identity;
  },

  viewer: function () {
    return {
      user: String(gs.getUserID()),
      roles: ContextCase.roles(),
      locale: ContextCase.locale(),
      tz: ContextCase.timeZone()
    };
  },

  remember: function (values) {
    this.mustWrite();
    Object.keys(values).forEach(function (name) {
      this.record.setValue('x_acme_sfcc_' + name, values[name]);
    }, this);
    if (!this.record.update()) {
      throw { code: 'not_saved', message: gs.getMessage('The case could not be saved. Save the form and try again.') };
    }
  },

  rememberIfAllowed: function (values) {
    if (this.record.canWrite()) this.remember(values);
  },

  addNote: function (note) {
    this.mustWrite();
    this.record.work_notes = note;
    if (!this.record.update()) {
      throw { code: 'not_saved', message: gs.getMessage('The note could not be saved. Save the form and try again.') };
    }
  },

  _email: function () {
    var record = this.record;
    return ContextCase.CONTACTS[this.table].reduce(function (found, column) {
      if (found || !record.isValidField(column) || !record.getValue(column)) return found;
      var contact = record.getElement(column).getRefRecord();
      var email = contact.isValidRecord() ? String(contact.getValue('email') || '').trim() : '';
      return /^[^@\s]{1,64}@[^@\s]{1,190}$/.test(email) ? email : '';
    }, '');
  },

  _remembered: function (name) {
    var column = 'x_acme_sfcc_' + name;
    return this.record.isValidField(column) ? String(this.record.getValue(column) || '').trim() : '';
  },

  _copy: function (identity, names) {
    for (var i = 0; i < names.length; i++) {
      var value = this._remembered(names[i]);
      if (value) identity[names[i]] = value;
    }
  },

  type: 'ContextCase'
};
