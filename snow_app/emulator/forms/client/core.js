// What every Core UI page offers to scripts: g_ck, g_user, load events, messages, jslog.
(function () {
  'use strict';
  var boot = JSON.parse(document.getElementById('page-boot').textContent);
  window.g_boot = boot;
  window.g_ck = boot.token;
  window.g_lang = boot.language;
  window.g_tz = boot.time_zone;
  window.g_scratchpad = boot.scratchpad || {};

  var names = boot.user.full.split(' ');
  window.g_user = {
    userID: boot.user.id,
    userName: boot.user.name,
    firstName: names[0],
    lastName: names.slice(1).join(' '),
    getFullName: function () { return boot.user.full; },
    getUserName: function () { return boot.user.name; },
    hasRoleExactly: function (role) { return boot.user.roles.indexOf(role) >= 0; },
    hasRole: function (role) { return this.hasRoleExactly('admin') || this.hasRoleExactly(role); },
    hasRoleFromList: function (list) { return list.split(',').some(function (role) { return this.hasRole(role.trim()); }, this); },
    hasRoles: function () { return boot.user.roles.length > 0; },
    getClientData: function () { return undefined; }
  };

  // addLoadEvent runs when the page has loaded; addLateLoadEvent after those, or at once when that has happened.
  var early = [], late = [], loaded = false;
  function ran(fn) {
    try { fn(); } catch (error) { window.jslog(error); }
  }
  window.addLoadEvent = function (fn) { if (loaded) ran(fn); else early.push(fn); };
  window.addLateLoadEvent = function (fn) { if (loaded) ran(fn); else late.push(fn); };
  window.addEventListener('load', function () {
    early.forEach(ran);
    loaded = true;
    late.forEach(ran);
  });

  window.jslog = function (text) { if (window.console) console.log(text); };

  // Messages a page asked for with g:messages; an unknown key is its own text.
  function translated(key) {
    var found = Array.prototype.find.call(document.querySelectorAll('[data-message]'), function (node) {
      return node.getAttribute('data-message') === key;
    });
    return found ? found.textContent : key;
  }
  function filled(text, values) {
    return text.replace(/\{(\d+)\}/g, function (whole, index) { return values[index] === undefined ? whole : String(values[index]); });
  }
  window.getMessage = function (key, values) { return filled(translated(key), values || []); };
  window.GwtMessage = function () {};
  window.GwtMessage.prototype = {
    getMessage: function (key) { return window.getMessage(key, Array.prototype.slice.call(arguments, 1)); },
    getMessages: function (keys) {
      var out = {};
      keys.forEach(function (key) { out[key] = translated(key); });
      return out;
    },
    format: function (text) { return filled(text, Array.prototype.slice.call(arguments, 1)); }
  };

  // The lines above the form.
  window.GlideUI = {
    addOutputMessage: function (message) {
      var box = document.getElementById('output_messages');
      if (!box) return;
      var line = document.createElement('div');
      line.className = 'outputmsg outputmsg_' + (message.type === 'error' ? 'error' : 'info');
      var words = document.createElement('span');
      words.textContent = message.msg;
      var dismiss = document.createElement('button');
      dismiss.type = 'button';
      dismiss.setAttribute('aria-label', 'Dismiss message');
      dismiss.textContent = '\u00d7';
      line.append(words, dismiss);
      box.append(line);
    },
    clearOutputMessages: function () {
      var box = document.getElementById('output_messages');
      if (box) box.replaceChildren();
    }
  };
  document.addEventListener('click', function (event) {
    var button = event.target.closest && event.target.closest('.outputmsg button');
    if (button) button.parentNode.remove();
  });
})();
