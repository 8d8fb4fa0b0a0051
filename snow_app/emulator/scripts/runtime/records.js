// GlideRecord, GlideRecordSecure and GlideElement of the scoped API.
// Rows cross the bridge once per query; values are strings, as the Table API stores them.

var tables = {};

function tableOf(name) {
  if (!Object.prototype.hasOwnProperty.call(tables, name)) tables[name] = call('records.table', name);
  return tables[name];
}

var TRUE = { 'true': true, '1': true };

function storedValue(column, value) {
  if (value === null || value === undefined) return '';
  if (value instanceof GlideElement && value.column && value.column.type === 'boolean') return value.toString();
  if (column && column.type === 'boolean') return TRUE[String(value)] ? 'true' : 'false';
  if (typeof value === 'object' && typeof value.getValue === 'function') return text(value.getValue());
  return String(value);
}

function GlideElement(record, name, column) {
  this.record = record;
  this.name = name;
  this.column = column;
}

GlideElement.prototype = {
  constructor: GlideElement,
  toString: function () { return text(this.record.values[this.name]); },
  getValue: function () { return recordValue(this.record, this.name); },
  getDisplayValue: function () { return this.record.display(this.name); },
  getHTMLValue: function () { return GlideStringUtil.escapeHTML(this.toString()); },
  getName: function () { return this.name; },
  getLabel: function () { return this.column.label; },
  getTableName: function () { return this.record.table; },
  getReferenceTable: function () { return this.column.reference || null; },
  getRefRecord: function () {
    return this.record.referred(this.name) || wrapped(emptyState(this.column.reference, this.record), GlideRecord.prototype);
  },
  getED: function () { return new GlideElementDescriptor(this); },
  getChoiceValue: function () { return this.record.display(this.name); },
  getChoices: function () { return call('records.choices', this.record.table, this.name); },
  setValue: function (value) { this.record.assign(this.name, value); },
  setDisplayValue: function (value) {
    this.record.assign(this.name, call('records.fromDisplay', this.record.table, this.name, text(value)));
  },
  setError: function (message) { call('messages.add', 'error', text(message)); },
  nil: function () { return isNil(this.toString()); },
  canRead: function () { return this.record.may('read', this.name); },
  canWrite: function () { return this.record.may('write', this.name); },
  canCreate: function () { return this.record.may('create', this.name); },
  changes: function () { return this.toString() !== this.record.before(this.name); },
  changesFrom: function (value) { return this.changes() && this.record.before(this.name) === text(value); },
  changesTo: function (value) { return this.changes() && this.toString() === text(value); },
  dateNumericValue: function () { return call('time.parse', this.toString()); },
  getGlideObject: function () { return new GlideDateTime(this.toString()); },
  getJournalEntry: function (limit) { return call('records.journal', this.record.table, this.record.id(), this.name, Number(limit)); },
  getBooleanAttribute: function () { return false; },
  toJSON: function () { return this.toString(); }
};

// An element answers what a string answers, as the documentation's own scripts use it.
['charAt', 'charCodeAt', 'concat', 'indexOf', 'lastIndexOf', 'localeCompare', 'match', 'replace', 'search', 'slice', 'split',
  'substr', 'substring', 'toLowerCase', 'toUpperCase', 'trim'].forEach(function (name) {
  GlideElement.prototype[name] = function () { return String.prototype[name].apply(this.toString(), arguments); };
});

// Rhino compares elements by value; a boolean element stands for its boolean, any other for its string.
GlideElement.prototype[Symbol.toPrimitive] = function (hint) {
  var value = this.toString();
  if (hint === 'number') return Number(value);
  return hint === 'default' && this.column && this.column.type === 'boolean' ? value === 'true' : value;
};

function GlideElementDescriptor(element) { this.element = element; }

GlideElementDescriptor.prototype = {
  getName: function () { return this.element.name; },
  getLabel: function () { return this.element.column.label; },
  getLength: function () { return this.element.column.max_length; },
  getInternalType: function () { return this.element.column.type; },
  isMandatory: function () { return this.element.column.mandatory; }
};

function recordValue(record, name) {
  var column = record.meta.columns[name];
  if (!column) return null;
  var value = text(record.values[name]);
  if (column.type === 'boolean' && value !== '') return value === 'true' ? '1' : '0';
  return value === '' ? null : value;
}

// The state behind one GlideRecord; the public methods live in RECORD_METHODS.
function RecordState(table, scope, secure) {
  this.table = table;
  this.scope = scope;
  this.secure = secure;
  this.meta = tableOf(table);
  this.conditions = [];
  this.order = [];
  this.limit = null;
  this.window = null;
  this.workflow = true;
  this.system = true;
  this.reset();
}

RecordState.prototype = {
  reset: function () {
    this.rows = null;
    this.index = -1;
    this.load({});
    this.loaded = false;
  },
  load: function (row, previous) {
    this.values = Object.assign({}, row);
    this.original = previous || Object.assign({}, row);
    this.isNew = false;
    this.loaded = true;
    this.aborted = false;
  },
  id: function () { return text(this.values.sys_id); },
  before: function (name) { return text(this.original[name]); },
  encoded: function () {
    return this.conditions.map(function (group) { return group.clauses.join('^OR'); }).concat(this.order).join('^');
  },
  options: function () {
    return { scope: this.scope, secure: this.secure, limit: this.limit, window: this.window, workflow: this.workflow };
  },
  display: function (name) {
    if (name.indexOf('.') > 0) {
      var path = name.split('.');
      var other = this.referred(path.shift());
      return other ? other.getDisplayValue(path.join('.')) : null;
    }
    if (!this.meta.columns[name]) return null;
    return call('records.display', this.table, this.values, name, this.original);
  },
  referred: function (name) {
    var column = this.meta.columns[name];
    if (!column || !column.reference || isNil(this.values[name])) return null;
    var other = this.secure ? new GlideRecordSecure(column.reference) : newRecord(column.reference, this.scope);
    return other.get(text(this.values[name])) ? other : null;
  },
  assign: function (name, value) {
    var column = this.meta.columns[name];
    if (!column) return;
    this.values[name] = storedValue(column, value);
  },
  changed: function () {
    var out = {};
    for (var name in this.values) {
      if (text(this.values[name]) !== this.before(name)) out[name] = text(this.values[name]);
    }
    return out;
  },
  may: function (operation, field) {
    return call('records.can', operation, this.table, this.isNew || !this.loaded ? null : this.original, field || null);
  }
};

function element(state, name) {
  var column = state.meta.columns[name];
  return column ? new GlideElement(state, name, column) : undefined;
}

// Dot-walking: a reference element answers the fields of the record it points to.
function referenceElement(state, name) {
  var own = element(state, name);
  if (!own || !own.column.reference) return own;
  return new Proxy(own, {
    get: function (target, property) {
      if (typeof property === 'symbol' || property in target) return target[property];
      var other = state.referred(name);
      if (other) return other[property];
      var meta = tableOf(target.column.reference);
      return meta.columns[property] ? new GlideElement(emptyState(target.column.reference, state), property, meta.columns[property]) : undefined;
    },
    set: function () { return true; }
  });
}

function emptyState(table, state) {
  return new RecordState(table, state.scope, state.secure);
}

function wrapped(state, prototype) {
  var target = Object.create(prototype);
  Object.defineProperty(target, '$record', { value: state, configurable: true });
  return new Proxy(target, {
    get: function (object, property) {
      if (typeof property === 'symbol' || property in object) return object[property];
      return referenceElement(state, property);
    },
    set: function (object, property, value) {
      state.assign(property, value);
      return true;
    },
    has: function (object, property) { return property in object || property in state.meta.columns; },
    ownKeys: function () { return Object.keys(state.meta.columns); },
    getOwnPropertyDescriptor: function (object, property) {
      if (!state.meta.columns[property]) return undefined;
      return { enumerable: true, configurable: true, value: element(state, property), writable: true };
    }
  });
}

function newRecord(table, scope) {
  return wrapped(new RecordState(text(table), scope, false), GlideRecord.prototype);
}

function recordOver(table, scope, row, previous, isNew) {
  var state = new RecordState(table, scope, false);
  state.load(row, previous);
  state.isNew = isNew;
  return wrapped(state, GlideRecord.prototype);
}

function GlideRecord(table) { return newRecord(table, currentScope()); }

function GlideRecordSecure(table) {
  return wrapped(new RecordState(text(table), currentScope(), true), GlideRecordSecure.prototype);
}
