// GlideAjax, with the habits of the platform's file: one XML answer, no callback on anything but 200 unless an error
// callback is set, queued session messages taken along unless told not to.
(function () {
  'use strict';
  var busy = 0, badge = null;

  function showBusy(change) {
    busy += change;
    if (busy > 0 && !badge) {
      badge = document.createElement('div');
      badge.className = 'sr-only';
      badge.setAttribute('role', 'status');
      badge.textContent = 'Loading';
      document.body.append(badge);
    }
    if (busy <= 0 && badge) {
      badge.remove();
      badge = null;
    }
    document.documentElement.toggleAttribute('aria-busy', busy > 0);
  }

  function GlideAjax(processor, url) {
    this.processor = processor;
    this.url = url || '/xmlhttp.do';
    this.params = {};
    this.scope = 'global';
    this.errorCallback = null;
    this.wantSessionMessages = true;
    this.loadingIcon = true;
    this.requestObject = null;
  }

  GlideAjax.prototype = {
    initialize: function () {},
    addParam: function (name, value) { this.params[name] = value; },
    getParam: function (name) { return this.params[name]; },
    getParams: function () { return this.params; },
    getProcessor: function () { return this.processor; },
    setProcessor: function (processor) { this.processor = processor; },
    getURL: function () { return this.url; },
    setScope: function (scope) { if (scope) this.scope = scope; return this; },
    setErrorCallback: function (callback) { this.errorCallback = callback; },
    setWantSessionMessages: function (want) { this.wantSessionMessages = want; },
    preventLoadingIcon: function () { this.loadingIcon = false; },
    preventCancelNotification: function () {},
    getRequestXML: function () { return this.requestObject ? this.requestObject.responseXML : null; },
    getResponseXML: function () { return this.getRequestXML(); },
    getAnswer: function () {
      var xml = this.getResponseXML();
      return xml && xml.documentElement ? xml.documentElement.getAttribute('answer') : null;
    },
    getXML: function (callback, extra, args) { this._request(callback, extra, args, false); },
    getXMLAnswer: function (callback, extra, args) { this._request(callback, extra, args, true); },
    getXMLWait: function () { throw new Error('getXMLWait is not available in scoped applications'); },

    _body: function (extra) {
      var body = new URLSearchParams();
      body.set('sysparm_processor', this.processor);
      body.set('sysparm_scope', this.scope);
      body.set('sysparm_want_session_messages', String(this.wantSessionMessages));
      Object.keys(this.params).forEach(function (name) { body.set(name, this.params[name]); }, this);
      if (typeof extra === 'string') new URLSearchParams(extra).forEach(function (value, name) { body.set(name, value); });
      else if (extra) Object.keys(extra).forEach(function (name) { body.set(name, extra[name]); });
      return body.toString();
    },

    _request: function (callback, extra, args, wantAnswer) {
      var self = this, request = new XMLHttpRequest(), shown = this.loadingIcon;
      this.requestObject = request;
      request.open('POST', this.url, true);
      request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded; charset=UTF-8');
      if (window.g_ck) request.setRequestHeader('X-UserToken', window.g_ck);
      request.onreadystatechange = function () {
        if (request.readyState !== 4) return;
        if (shown) showBusy(-1);
        self._received(request, callback, args, wantAnswer);
      };
      if (shown) showBusy(1);
      request.send(this._body(extra));
    },

    _received: function (request, callback, args, wantAnswer) {
      if (request.status !== 200) {
        if (this.errorCallback) this.errorCallback(request, args);
        return;
      }
      this._showMessages(request.responseXML);
      if (callback) callback(wantAnswer ? this.getAnswer() : request, args);
    },

    _showMessages: function (xml) {
      if (!xml || !this.wantSessionMessages) return;
      Array.prototype.forEach.call(xml.querySelectorAll('ui_notifications > span'), function (node) {
        window.GlideUI.addOutputMessage({ type: node.getAttribute('data-type'), msg: node.getAttribute('data-text') });
      });
    }
  };
  window.GlideAjax = GlideAjax;
})();
