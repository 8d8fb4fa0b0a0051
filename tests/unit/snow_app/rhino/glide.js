// The part of the scoped Glide API that our server scripts use, over plain objects. `world` is the scenario.
var world = JSON.parse(readFile(arguments[1]));
var happened = { http: [], inserted: [], updated: [], log: [] };

function filled(value) { return value !== undefined && value !== null && value !== ''; }
function log(level) { return function (message) { happened.log.push(level + ' ' + message); }; }

var gs = {
  info: log('info'), warn: log('warn'), error: log('error'), debug: log('debug'),
  getProperty: function (name, fallback) { return filled(world.properties[name]) ? world.properties[name] : fallback === undefined ? null : fallback; },
  getUserID: function () { return world.user.sys_id; },
  hasRole: function (role) { return world.user.roles.indexOf(role) >= 0; },
  getMessage: function (text) { return text; },
  generateGUID: function () { return '0123456789abcdef0123456789abcdef'; },
  getSession: function () {
    return { getLanguage: function () { return world.user.language; }, getTimeZoneName: function () { return 'Europe/Berlin'; } };
  }
};

var Class = { create: function () { return function () { if (this.initialize) this.initialize.apply(this, arguments); }; } };
Object.extendsObject = function (parent, members) {
  var prototype = Object.create(parent.prototype);
  for (var name in members) prototype[name] = members[name];
  return prototype;
};
function AbstractAjaxProcessor() {}
AbstractAjaxProcessor.prototype = {
  initialize: function (parameters) { this.parameters = parameters || {}; },
  getParameter: function (name) { return filled(this.parameters[name]) ? this.parameters[name] : null; }
};
var global = { AbstractAjaxProcessor: AbstractAjaxProcessor };

function GlideDateTime() {}
GlideDateTime.prototype = { getValue: function () { return '2026-11-22 10:15:02'; } };

function GlideRecord(table) {
  this.$table = table;
  this.$meta = world.tables[table];
  this.$conditions = [];
  this.$row = null;
  this.$found = [];
  this.$limit = Infinity;
}
GlideRecord.prototype = {
  isValid: function () { return !!this.$meta; },
  isValidField: function (name) { return this.$meta.columns.indexOf(name) >= 0; },
  isValidRecord: function () { return !!this.$row; },
  isNewRecord: function () { return !this.$row || !this.$row.sys_id; },
  getTableName: function () { return this.$table; },
  getUniqueValue: function () { return this.$row.sys_id; },
  canRead: function () { return !this.$row.$hidden; },
  canWrite: function () { return !this.$row.$read_only; },
  get: function (id) {
    this.$row = this.$meta.rows.filter(function (row) { return row.sys_id === id; })[0] || null;
    return !!this.$row;
  },
  getValue: function (name) { return this.$row && filled(this.$row[name]) ? this.$row[name] : null; },
  setValue: function (name, value) {
    if (this.isValidField(name)) this.$row[name] = String(value);
  },
  getElement: function (name) {
    var row = this.$row;
    return {
      getRefRecord: function () {
        var contact = new GlideRecord('sys_user');
        contact.get(row[name]);
        return contact;
      }
    };
  },
  initialize: function () { this.$row = {}; },
  insert: function () {
    if (this.$meta.refuses) return null;
    this.$row.sys_id = 'row' + this.$meta.rows.length;
    this.$meta.rows.push(this.$row);
    happened.inserted.push([this.$table, this.$row]);
    return this.$row.sys_id;
  },
  update: function () {
    if (this.$meta.refuses) return null;
    var changed = {};
    for (var name in this) {
      if (this.hasOwnProperty(name) && name.charAt(0) !== '$') changed[name] = this[name];
    }
    happened.updated.push([this.$table, this.$row, changed]);
    return this.$row.sys_id;
  },
  addQuery: function (name, value) { this.$conditions.push([name, value]); },
  setLimit: function (limit) { this.$limit = limit; },
  query: function () {
    var conditions = this.$conditions;
    this.$found = this.$meta.rows.filter(function (row) {
      return conditions.every(function (one) { return row[one[0]] === one[1]; });
    }).slice(0, this.$limit);
  },
  next: function () {
    this.$row = this.$found.shift() || null;
    return !!this.$row;
  }
};

var sn_ws = {
  RESTMessageV2: function (message, name) { this.sent = { message: message, fn: name, headers: {} }; }
};
sn_ws.RESTMessageV2.prototype = {
  setEndpoint: function (url) { this.sent.url = url; },
  setHttpTimeout: function (ms) { this.sent.timeout = ms; },
  setRequestHeader: function (name, value) { this.sent.headers[name] = value; },
  setRequestBody: function (body) { this.sent.body = JSON.parse(body); },
  execute: function () {
    happened.http.push(this.sent);
    var answer = world.answers.shift();
    if (!answer) throw new Error('UnknownHostException');
    return {
      getStatusCode: function () { return answer.status; },
      getBody: function () { return answer.text !== undefined ? answer.text : JSON.stringify(answer.body); },
      getHeader: function (name) { return (answer.headers || {})[name] || null; }
    };
  }
};
