/* What a Core UI form gives the panel: GlideAjax over real POSTs, g_form, load events, messages.
   GlideAjax keeps the platform's habit: an answer that is not 200 reaches the error callback alone. */
window.g_ck = 'token-of-the-session';
window.calls = { now: 0, most: 0, all: [] };

window.GlideAjax = function (processor) {
  this.processor = processor;
  this.params = { sysparm_processor: processor, sysparm_want_session_messages: 'true' };
  this.wishes = [];
};
window.GlideAjax.prototype = {
  addParam: function (name, value) { this.params[name] = value; },
  setErrorCallback: function (run) { this.onError = run; },
  setWantSessionMessages: function (want) { this.params.sysparm_want_session_messages = String(want); },
  preventLoadingIcon: function () { this.wishes.push('preventLoadingIcon'); },
  preventCancelNotification: function () { this.wishes.push('preventCancelNotification'); },
  getXMLAnswer: function (run) {
    var ajax = this, request = new XMLHttpRequest(), calls = window.calls;
    calls.now += 1;
    calls.most = Math.max(calls.most, calls.now);
    calls.all.push({ processor: this.processor, params: this.params, wishes: this.wishes, guarded: typeof this.onError === 'function' });
    request.open('POST', '/xmlhttp.do');
    request.setRequestHeader('X-UserToken', window.g_ck);
    request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.onloadend = function () {
      calls.now -= 1;
      if (request.status !== 200) { if (ajax.onError) ajax.onError(request); return; }
      run(request.responseXML.documentElement.getAttribute('answer'));
    };
    request.send(Object.keys(this.params).map(function (name) {
      return encodeURIComponent(name) + '=' + encodeURIComponent(ajax.params[name]);
    }).join('&'));
  },
};

/* The form's fields; the form may come later than the panel. */
window.fields = { contact: 'mara', consumer: '', account: '' };
window.makeForm = function () { window.g_form = { getValue: function (name) { return window.fields[name] || ''; } }; };

/* Saving in place, as the case form announces it. */
window.listeners = {};
window.angular = { element: function () {
  return { scope: function () {
    return { $on: function (name, run) { window.listeners[name] = run; return function () { delete window.listeners[name]; }; } };
  } };
} };

/* Runs now when the page has loaded, later otherwise: the platform's addLateLoadEvent. */
window.late = [];
window.formLoaded = false;
window.addLateLoadEvent = function (run) { if (window.formLoaded) run(); else window.late.push(run); };
window.finishLoading = function () { window.formLoaded = true; window.late.splice(0).forEach(function (run) { run(); }); };
