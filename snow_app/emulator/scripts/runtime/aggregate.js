// GlideAggregate of the scoped API: COUNT, SUM, AVG, MIN, MAX with groupBy and orderByAggregate.

function GlideAggregate(table) {
  this.$record = { table: text(table), conditions: [], order: [], scope: currentScope(), secure: false };
  this.asked = [];
  this.groups = [];
  this.sorting = [];
  this.rows = [];
  this.index = -1;
}

GlideAggregate.prototype = {
  addQuery: function () { return condition(this.$record, clause(arguments)); },
  addEncodedQuery: QUERY_METHODS.addEncodedQuery,
  addNullQuery: QUERY_METHODS.addNullQuery,
  addNotNullQuery: QUERY_METHODS.addNotNullQuery,
  addActiveQuery: QUERY_METHODS.addActiveQuery,
  addAggregate: function (kind, field) { this.asked.push([text(kind).toUpperCase(), field ? text(field) : null]); },
  groupBy: function (field) { this.groups.push(text(field)); },
  orderBy: function (field) { this.sorting.push([text(field), false]); },
  orderByDesc: function (field) { this.sorting.push([text(field), true]); },
  orderByAggregate: function (kind, field) { this.sorting.push([[text(kind).toUpperCase(), field ? text(field) : null], true]); },
  setGroup: function (on) { if (!on) this.groups = []; },
  getTableName: function () { return this.$record.table; },
  query: function () {
    var state = this.$record;
    var encoded = state.conditions.map(function (group) { return group.clauses.join('^OR'); }).join('^');
    this.rows = call('records.aggregate', {
      table: state.table, scope: state.scope, query: encoded, aggregates: this.asked, groups: this.groups, sorting: this.sorting
    });
    this.index = -1;
  },
  hasNext: function () { return this.index + 1 < this.rows.length; },
  next: function () {
    if (!this.hasNext()) return false;
    this.index += 1;
    return true;
  },
  getRowCount: function () { return this.rows.length; },
  getAggregate: function (kind, field) {
    var row = this.rows[this.index];
    var value = row ? row.aggregates[text(kind).toUpperCase() + ':' + (field ? text(field) : '')] : undefined;
    return value === undefined ? null : value;
  },
  getValue: function (field) {
    var row = this.rows[this.index];
    return row && row.group[field] !== undefined ? row.group[field] : null;
  },
  getDisplayValue: function (field) {
    var values = {};
    values[field] = this.getValue(field);
    return call('records.display', this.$record.table, values, text(field), values);
  }
};
