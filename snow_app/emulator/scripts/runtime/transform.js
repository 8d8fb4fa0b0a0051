// Scripts of transform maps: several records at once, and plain variables that the script sets for the engine.

var LOG_LEVELS = { info: '0', warn: '1', error: '2' };

function importLog(lines) {
  var log = {};
  Object.keys(LOG_LEVELS).forEach(function (level) {
    log[level] = function (message) { lines.push([LOG_LEVELS[level], text(message)]); };
  });
  return log;
}

function plain(value) {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'string') return value === undefined ? null : value;
  if (typeof value !== 'object' || value instanceof GlideElement || typeof value.getValue === 'function') return text(value);
  var fields = {};
  Object.keys(value).forEach(function (name) { fields[name] = text(value[name]); });
  return fields;
}

REQUESTS.transform = function (request) {
  var own = Object.assign(Object.create(null), request.variables), lines = [], records = {}, variables = {};
  for (var name in request.records) {
    var given = request.records[name];
    own[name] = recordOver(given.table, request.scope, given.values, given.previous || {}, !given.previous);
    records[name] = own[name].$record;
  }
  own.log = importLog(lines);
  var source = new Array(request.script.line).join('\n') + request.script.source;
  var value = inScope(request.scope, function () { return evaluateIn(scopeObject(request.scope), own, source); });
  for (var variable in request.variables) variables[variable] = plain(own[variable]);
  for (var record in records) records[record] = records[record].values;
  return { value: value === null || value === undefined ? null : text(value), variables: variables, records: records, log: lines };
};
