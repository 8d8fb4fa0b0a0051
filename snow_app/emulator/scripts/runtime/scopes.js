// Scopes: every scope sees its own gs and GlideRecord, its own script includes by name, and other scopes' by
// `scope.Name`. A name that is none of these and not part of JavaScript raises a ReferenceError.

var scopes = Object.create(null);
var running = [];

function currentScope() { return running.length ? running[running.length - 1] : 'global'; }
function callerScope() { return running.length > 1 ? running[running.length - 2] : null; }

function inScope(scope, action) {
  running.push(scope);
  try { return action(); } finally { running.pop(); }
}

// A class whose instances belong to one scope, whoever calls the constructor.
function ownedBy(scope, constructor) {
  function Owned() {
    var args = arguments;
    return inScope(scope, function () { return Reflect.construct(constructor, args, constructor); });
  }
  Object.getOwnPropertyNames(constructor).forEach(function (name) {
    if (!(name in Owned)) Owned[name] = constructor[name];
  });
  Owned.prototype = constructor.prototype;
  return Owned;
}

var OWNED = { GlideRecord: GlideRecord, GlideRecordSecure: GlideRecordSecure, GlideAggregate: GlideAggregate, GlideSysAttachment: GlideSysAttachment };
var SHARED = {
  Class: Class, GlideElement: GlideElement, GlideDateTime: GlideDateTime, GlideDate: GlideDate, GlideTime: GlideTime,
  GlideDuration: GlideDuration, GlideStringUtil: GlideStringUtil
};
// Parts of this engine's JavaScript that no ServiceNow script has.
var HIDDEN = ['performance', 'navigator', 'queueMicrotask', 'SharedArrayBuffer', 'Atomics', 'DOMException', 'btoa', 'atob', 'globalThis', '$host'];
var realm = globalThis;
HIDDEN.forEach(function (name) { delete realm[name]; });

function scopeObject(name) {
  if (scopes[name]) return scopes[name];
  var members = Object.assign(Object.create(null), SHARED);
  for (var owned in OWNED) members[owned] = ownedBy(name, OWNED[owned]);
  members.gs = systemFor(name);
  members.sn_ws = Object.freeze({ RESTMessageV2: ownedBy(name, RESTMessageV2), RESTResponseV2: RESTResponseV2 });
  members.sn_ws_err = sn_ws_err;
  members.global = namespace('global', name);
  members.$step = step;
  if (name === 'global') members.AbstractAjaxProcessor = AbstractAjaxProcessor;
  else members[name] = namespace(name, name);
  function known(key) {
    if (typeof key === 'symbol') return false;
    if (key in members) return true;
    var found = include(name, key, name) || (/^[a-z]\w*_\w+$/.test(key) && call('includes.scopeExists', key) ? namespace(key, name) : undefined);
    if (found !== undefined) members[key] = found;
    return found !== undefined;
  }
  scopes[name] = new Proxy(members, {
    has: function (target, key) { return key in target || (!(key in realm) && known(key)); },
    get: function (target, key) { return typeof key === 'symbol' ? undefined : target[key]; }
  });
  return scopes[name];
}

// `x_other.Name` and `global.Name`, as seen from the scope `viewer`.
function namespace(owner, viewer) {
  return new Proxy(Object.create(null), {
    get: function (target, key) {
      if (typeof key === 'symbol') return undefined;
      if (owner === 'global' && key === 'AbstractAjaxProcessor') return AbstractAjaxProcessor;
      return include(owner, key, viewer);
    },
    has: function (target, key) { return typeof key === 'string' && include(owner, key, viewer) !== undefined; },
    set: function () { return true; }
  });
}

var includes = Object.create(null);

// The value a script include defines under its own name, or undefined when the scope has no such include.
function include(owner, name, viewer) {
  var key = owner + '.' + name;
  if (!(key in includes)) includes[key] = { script: call('includes.find', owner, name), value: undefined, loaded: false };
  var entry = includes[key];
  if (!entry.script) return undefined;
  if (viewer !== owner && entry.script.access !== 'public') {
    throw platformError('Error', "Illegal access to private script include '" + name + "' in scope '" + owner + "' being called from scope '" + viewer + "'");
  }
  if (!entry.loaded) {
    entry.loaded = true;
    entry.value = execute(entry.script, owner, {}, 'typeof ' + name + " === 'undefined' ? undefined : " + name);
  }
  return entry.value;
}

// Runs a script {source, line} with its local names; the value of its last statement (or of `tail`) comes back.
function execute(script, scope, locals, tail) {
  var source = new Array(script.line).join('\n') + script.source + (tail ? '\n;' + tail : '');
  var own = Object.assign(Object.create(null), locals);
  return inScope(scope, function () { return evaluateIn(scopeObject(scope), own, source); });
}
