// What GlideRecord offers to scripts (scoped API). `this.$record` is the RecordState of records.js.

var MULTI = { 'IN': true, 'NOT IN': true };

function clause(args) {
  if (args.length === 1) return text(args[0]);
  var field = text(args[0]);
  var operator = args.length > 2 ? text(args[1]).trim() : '=';
  var value = args[args.length - 1];
  if (Array.isArray(value) && MULTI[operator.toUpperCase()]) value = value.join(',');
  if (value instanceof GlideElement && value.column.type === 'boolean') value = value.toString();
  if (value && typeof value === 'object' && typeof value.getValue === 'function' && !(value instanceof GlideElement)) value = value.getValue();
  return call('records.clause', field, operator, value === null ? 'NULL' : text(value));
}

function GlideQueryCondition(group) { this.group = group; }

GlideQueryCondition.prototype = {
  addOrCondition: function () {
    this.group.clauses.push(clause(arguments));
    return this;
  },
  addCondition: function () {
    throw platformError('Error', 'GlideQueryCondition.addCondition is not part of this emulator: use addEncodedQuery');
  }
};

function condition(state, clauseText) {
  var group = { clauses: [clauseText] };
  state.conditions.push(group);
  return new GlideQueryCondition(group);
}

var QUERY_METHODS = {
  addQuery: function () { return condition(this.$record, clause(arguments)); },
  addEncodedQuery: function (query) { if (!isNil(query)) condition(this.$record, text(query)); },
  addNullQuery: function (field) { return condition(this.$record, text(field) + 'ISEMPTY'); },
  addNotNullQuery: function (field) { return condition(this.$record, text(field) + 'ISNOTEMPTY'); },
  addActiveQuery: function () { return condition(this.$record, 'active=true'); },
  orderBy: function (field) { this.$record.order.push('ORDERBY' + field); },
  orderByDesc: function (field) { this.$record.order.push('ORDERBYDESC' + field); },
  setLimit: function (limit) { this.$record.limit = Number(limit); },
  chooseWindow: function (first, last) { this.$record.window = [Number(first), Number(last)]; },
  getEncodedQuery: function () { return this.$record.encoded(); },
  query: function (field, value) {
    if (arguments.length === 2) this.addQuery(field, value);
    var state = this.$record;
    state.rows = call('records.query', state.table, state.encoded(), state.options());
    state.index = -1;
    state.loaded = false;
  },
  getRowCount: function () { return this.$record.rows ? this.$record.rows.length : 0; },
  hasNext: function () { return !!this.$record.rows && this.$record.index + 1 < this.$record.rows.length; },
  next: function () {
    if (!this.hasNext()) return false;
    step();
    this.$record.load(this.$record.rows[++this.$record.index]);
    return true;
  },
  get: function (field, value) {
    var state = this.$record;
    state.conditions = [];
    state.limit = 1;
    condition(state, arguments.length > 1 ? clause([field, value]) : clause(['sys_id', isNil(field) ? '-1' : field]));
    this.query();
    return this.next();
  }
};
QUERY_METHODS._query = QUERY_METHODS.query;
QUERY_METHODS._next = QUERY_METHODS.next;

var VALUE_METHODS = {
  getValue: function (name) {
    var path = text(name).split('.');
    if (path.length === 1) return recordValue(this.$record, path[0]);
    var other = this.$record.referred(path.shift());
    return other ? other.getValue(path.join('.')) : null;
  },
  setValue: function (name, value) { this.$record.assign(text(name), value); },
  getDisplayValue: function (name) {
    return this.$record.display(isNil(name) ? this.$record.meta.display : text(name));
  },
  setDisplayValue: function (name, value) { this.getElement(name).setDisplayValue(value); },
  getElement: function (name) {
    var path = text(name).split('.');
    var found = referenceElement(this.$record, path.shift());
    while (found && path.length) found = found[path.shift()];
    return found === undefined ? null : found;
  },
  getElements: function () {
    var state = this.$record;
    return Object.keys(state.meta.columns).map(function (name) { return element(state, name); });
  },
  isValidField: function (name) { return !!this.$record.meta.columns[name]; },
  getUniqueValue: function () { return this.$record.id() || null; },
  getTableName: function () { return this.$record.table; },
  getRecordClassName: function () { return text(this.$record.values.sys_class_name) || this.$record.table; },
  getClassDisplayValue: function () { return this.$record.meta.label; },
  getLabel: function () { return this.$record.meta.label; },
  getPlural: function () { return this.$record.meta.plural; },
  getDisplayName: function () { return this.$record.meta.display; },
  getLink: function (noStack) {
    return this.$record.table + '.do?sys_id=' + this.$record.id() + (noStack ? '&sysparm_nostack=true' : '');
  },
  isValid: function () { return this.$record.meta.valid; },
  isValidRecord: function () { return this.$record.loaded && !!this.$record.id(); },
  isNewRecord: function () { return this.$record.isNew; },
  changes: function () { return Object.keys(this.$record.changed()).length > 0; },
  operation: function () { return this.$record.operation || null; },
  canRead: function () { return this.$record.may('read'); },
  canWrite: function () { return this.$record.may('write'); },
  canCreate: function () { return this.$record.may('create'); },
  canDelete: function () { return this.$record.may('delete'); },
  setWorkflow: function (on) { this.$record.workflow = !!on; },
  autoSysFields: function (on) { this.$record.system = !!on; },
  setAbortAction: function (abort) { this.$record.aborted = !!abort; },
  isActionAborted: function () { return this.$record.aborted; },
  setNewGuidValue: function (id) { this.$record.values.sys_id = text(id); }
};

var WRITE_METHODS = {
  initialize: function () {
    var state = this.$record;
    state.reset();
    state.load(state.meta.defaults, {});
    state.isNew = true;
  },
  newRecord: function () {
    this.initialize();
    this.$record.values.sys_id = call('system.guid');
  },
  insert: function () {
    var state = this.$record;
    var row = call('records.insert', state.table, state.values, state.options());
    if (!row) return null;
    state.load(row);
    return state.id();
  },
  update: function () {
    var state = this.$record;
    if (!state.loaded) return null;
    if (state.isNew) return this.insert();
    var row = call('records.update', state.table, state.id(), state.changed(), state.options());
    if (!row) return null;
    state.load(row);
    return state.id();
  },
  deleteRecord: function () {
    return this.$record.loaded && call('records.remove', this.$record.table, this.$record.id(), this.$record.options());
  },
  updateMultiple: function () {
    var state = this.$record;
    var values = state.changed();
    call('records.query', state.table, state.encoded(), state.options()).forEach(function (row) {
      call('records.update', state.table, row.sys_id, values, state.options());
    });
  },
  deleteMultiple: function () {
    var state = this.$record;
    call('records.query', state.table, state.encoded(), state.options()).forEach(function (row) {
      call('records.remove', state.table, row.sys_id, state.options());
    });
  }
};

[QUERY_METHODS, VALUE_METHODS, WRITE_METHODS].forEach(function (methods) {
  Object.assign(GlideRecord.prototype, methods);
});
GlideRecordSecure.prototype = Object.create(GlideRecord.prototype);
