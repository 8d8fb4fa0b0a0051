// g_form: the record on the form, for client scripts, UI scripts and macros.
(function () {
  'use strict';
  var boot = window.g_boot;

  function control(name) { return document.getElementById(boot.table + '.' + name); }
  function shownControl(name) { return document.getElementById('sys_display.' + boot.table + '.' + name) || control(name); }
  function holder(name) { return document.getElementById('element.' + boot.table + '.' + name); }
  function announce(element) { if (element) element.dispatchEvent(new Event('change', { bubbles: true })); }

  var g_form = {
    modified: false,
    getTableName: function () { return boot.table; },
    getUniqueValue: function () { return boot.sys_id; },
    getSysId: function () { return boot.sys_id; },
    isNewRecord: function () { return boot.sys_id === '-1'; },
    hasField: function (name) { return !!boot.fields[name]; },
    getControl: control,
    getElement: control,
    getDisplayBox: shownControl,
    getLabelOf: function (name) { return boot.fields[name] ? boot.fields[name].label : null; },
    getValue: function (name) {
      var element = control(name);
      if (!element) return '';
      return element.type === 'checkbox' ? String(element.checked) : element.value;
    },
    getIntValue: function (name) { return parseInt(this.getValue(name), 10) || 0; },
    getDecimalValue: function (name) { return parseFloat(this.getValue(name)) || 0; },
    getBooleanValue: function (name) { return this.getValue(name) === 'true'; },
    getDisplayValue: function (name) {
      if (!name) return document.querySelector('.bar h1').textContent;
      var element = shownControl(name);
      if (!element) return '';
      return element.tagName === 'SELECT' ? element.selectedOptions[0].textContent : element.value;
    },
    setValue: function (name, value, display) {
      var element = control(name);
      if (!element) return;
      if (element.type === 'checkbox') element.checked = String(value) === 'true';
      else element.value = value;
      var shown = shownControl(name);
      if (shown !== element) shown.value = display === undefined ? value : display;
      announce(element);
    },
    clearValue: function (name) { this.setValue(name, '', ''); },
    setReadOnly: function (name, on) {
      var element = shownControl(name);
      if (!element) return;
      if (element.tagName === 'SELECT' || element.type === 'checkbox') element.disabled = !!on;
      else element.readOnly = !!on;
    },
    setMandatory: function (name, on) {
      if (!boot.fields[name]) return;
      boot.fields[name].mandatory = !!on;
      var label = document.getElementById('label.' + boot.table + '.' + name);
      var star = label.querySelector('.required');
      if (on && !star) {
        star = document.createElement('span');
        star.className = 'required';
        star.setAttribute('aria-hidden', 'true');
        star.textContent = '*';
        label.prepend(star);
      } else if (!on && star) star.remove();
      shownControl(name).setAttribute('aria-required', String(!!on));
    },
    isMandatory: function (name) { return !!boot.fields[name] && boot.fields[name].mandatory; },
    isReadOnly: function (element) { return element.readOnly || element.disabled; },
    isVisible: function (name) { return !!holder(name) && !holder(name).hidden; },
    setVisible: function (name, on) { if (holder(name)) holder(name).style.visibility = on ? '' : 'hidden'; },
    setDisplay: function (name, on) { if (holder(name)) holder(name).hidden = !on; },
    getOption: function (name, value) {
      var element = control(name);
      return element ? Array.prototype.find.call(element.options || [], function (option) { return option.value === String(value); }) || null : null;
    },
    addOption: function (name, value, label) { if (control(name)) control(name).add(new Option(label, value)); },
    removeOption: function (name, value) { var option = this.getOption(name, value); if (option) option.remove(); },
    clearOptions: function (name) { if (control(name)) control(name).length = 0; },
    addInfoMessage: function (text) { window.GlideUI.addOutputMessage({ type: 'info', msg: text }); },
    addErrorMessage: function (text) { window.GlideUI.addOutputMessage({ type: 'error', msg: text }); },
    clearMessages: function () { window.GlideUI.clearOutputMessages(); },
    showFieldMsg: function (name, text, type) {
      if (!holder(name)) return;
      var line = document.createElement('div');
      line.className = 'outputmsg outputmsg_' + (type === 'error' ? 'error' : 'info');
      var words = document.createElement('span');
      words.textContent = text;
      line.append(words);
      holder(name).lastElementChild.append(line);
    },
    hideFieldMsg: function (name) { if (holder(name)) holder(name).querySelectorAll('.outputmsg').forEach(function (line) { line.remove(); }); },
    showErrorBox: function (name, text) { this.showFieldMsg(name, text, 'error'); },
    hideErrorBox: function (name) { this.hideFieldMsg(name); },
    flash: function () {},
    isSectionVisible: function () { return true; },
    getActionName: function () { return this.action || ''; },
    getMissingFields: function () {
      return Object.keys(boot.fields).filter(function (name) {
        return boot.fields[name].mandatory && !boot.fields[name].readonly && control(name) && g_form.getValue(name) === '';
      });
    },
    mandatoryCheck: function () {
      var missing = this.getMissingFields();
      if (!missing.length) return true;
      this.clearMessages();
      this.addErrorMessage('The following mandatory fields are not filled in: ' + missing.map(this.getLabelOf).join(', '));
      shownControl(missing[0]).focus();
      return false;
    },
    save: function () { return this.submit('save'); },
    submit: function (action) {
      var form = document.getElementById(boot.table + '.do');
      var button = form.querySelector('button[name="sys_action"][value="' + (action || 'update') + '"]');
      if (!button) return false;
      form.requestSubmit(button);
      return true;
    }
  };
  window.g_form = g_form;
})();
