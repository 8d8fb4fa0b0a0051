// The bridge: everything a script can reach outside its realm goes through call().
// `host` answers JSON: {"value": …} or {"error": {"name", "message"}}; it never throws by itself.

function call(operation) {
  if (clockNow() > limits.deadline) expired = true;
  if (expired) step();
  var answer = JSON.parse(host(operation, JSON.stringify(Array.prototype.slice.call(arguments, 1))));
  if (answer.error) throw platformError(answer.error.name, answer.error.message);
  return answer.value;
}

function platformError(name, message) {
  var error = new Error(message);
  error.name = name;
  return error;
}

function text(value) {
  return value === null || value === undefined ? '' : String(value);
}

function isNil(value) {
  return value === null || value === undefined || String(value) === '';
}

// Loops and functions of scripts call this (put in by guard.py), so that none runs for ever.
// Once the time is up every step throws, so catching the error does not help.
var steps = 0, expired = false;
var clockNow = Date.now;

function step() {
  if (expired || ((++steps & 255) === 0 && clockNow() > limits.deadline)) {
    expired = true;
    throw platformError('Error', 'Transaction cancelled: maximum execution time exceeded');
  }
  return true;
}

// Class.create and Object.extendsObject as the platform's prototype library defines them.
var Class = {
  create: function () {
    return function () {
      if (this.initialize) return this.initialize.apply(this, arguments);
    };
  }
};

Object.defineProperty(Object, 'extendsObject', {
  value: function (parent, members) {
    var base = typeof parent === 'function' ? parent.prototype : parent;
    var child = Object.create(base || Object.prototype);
    for (var name in members) child[name] = members[name];
    return child;
  }
});

// A script's clock is the instance's, also through Date.
(function (Real) {
  function InstanceDate() {
    var args = Array.prototype.slice.call(arguments);
    if (!new.target) return new Real(call('time.now')).toString();
    return Reflect.construct(Real, args.length ? args : [call('time.now')], new.target);
  }
  InstanceDate.prototype = Real.prototype;
  InstanceDate.prototype.constructor = InstanceDate;
  InstanceDate.UTC = Real.UTC;
  InstanceDate.parse = Real.parse;
  InstanceDate.now = function () { return call('time.now'); };
  globalThis.Date = InstanceDate;
})(Date);
