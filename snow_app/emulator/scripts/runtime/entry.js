// What the server asks of the realm. Every request and answer is JSON text.

function recordFrom(given, scope) {
  return given ? recordOver(given.table, scope, given.values, given.previous || undefined, !!given.is_new) : null;
}

function localsFrom(request) {
  var locals = Object.assign({}, request.variables);
  if ('current' in request) {
    locals.current = recordFrom(request.current, request.scope);
    if (locals.current) locals.current.$record.operation = request.operation;
  }
  if ('previous' in request) locals.previous = recordFrom(request.previous, request.scope);
  return locals;
}

var jelly = { variables: Object.create(null), locals: {}, scope: 'global' };

function jellyLocals() {
  return Object.assign({ empty: isNil, size: function (x) { return x === null || x === undefined ? 0 : x.length; } }, jelly.locals, jelly.variables);
}

var REQUESTS = {
  script: function (request) {
    var locals = localsFrom(request);
    var value = execute(request.script, request.scope, locals);
    var current = locals.current && locals.current.$record;
    return {
      value: value === undefined || value === null ? null : String(value),
      truthy: value instanceof GlideElement ? value.toString() === 'true' : !!value,
      answer: locals.answer === undefined ? null : locals.answer,
      current: current ? { values: current.values, aborted: current.aborted, query: current.encoded() } : null
    };
  },
  ajax: function (request) {
    var processor = include(request.scope, request.name, request.scope);
    if (typeof processor !== 'function') throw platformError('Error', 'Script include ' + request.scope + '.' + request.name + ' defines no class of its name');
    return inScope(request.scope, function () { return runAjax(processor, request.parameters); });
  },
  jellyOpen: function (request) {
    var current = recordFrom(request.current, request.scope);
    jelly = { variables: Object.create(null), locals: { current: current, RP: parameters(request.parameters) }, scope: request.scope };
    jelly.locals.jelly = jelly.variables;
    Object.assign(jelly.variables, request.variables);
    return null;
  },
  jellyScope: function (request) {
    jelly.scope = request.scope;
    return null;
  },
  jellySet: function (request) {
    jelly.variables[request.name] = request.value;
    return null;
  },
  jellyEvaluate: function (request) {
    var locals = Object.assign({}, jelly.locals);
    if (!request.jelly) delete locals.jelly;
    var value = execute(request.script, jelly.scope, locals);
    if (request.name) jelly.variables[request.name] = request.object || value === null || value === undefined ? value : String(value);
    return value === null || value === undefined ? '' : String(value);
  },
  jellyExpression: function (request) {
    var value = execute(request.script, jelly.scope, jellyLocals());
    var shown = value === null || value === undefined ? '' : String(value);
    return { text: shown, truthy: typeof value === 'boolean' ? value : shown === 'true' };
  },
  jellyAssign: function (request) {
    var value = execute(request.script, jelly.scope, jellyLocals());
    jelly.variables[request.name] = value === undefined ? null : value;
    return null;
  }
};

function parameters(given) {
  return {
    getParameterValue: function (name) { return text(given[name]); },
    getViewID: function () { return text(given.sysparm_view); },
    isInteractive: function () { return true; },
    getWindowProperties: function () { return given; }
  };
}

function entry(requestText) {
  var request = JSON.parse(requestText);
  try {
    return JSON.stringify({ value: REQUESTS[request.kind](request) });
  } catch (error) {
    var thrown = error instanceof Error ? error : { name: 'Error', message: text(error), stack: '' };
    return JSON.stringify({ error: { name: thrown.name, message: text(thrown.message), stack: text(thrown.stack) } });
  }
}
