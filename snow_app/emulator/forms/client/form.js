// The form page itself: submitting, reference lookups, check boxes, tabs, leaving with unsaved changes.
(function () {
  'use strict';
  var boot = window.g_boot;
  var form = document.getElementById(boot.table + '.do');
  var leaving = false;

  form.addEventListener('change', function (event) {
    if (!(event.target.name || event.target.id).startsWith(boot.table + '.')) return;
    window.g_form.modified = true;
    var hidden = event.target.type === 'checkbox' && event.target.previousElementSibling;
    if (hidden) hidden.value = String(event.target.checked);
  });
  form.addEventListener('submit', function (event) {
    var button = event.submitter;
    window.g_form.action = button ? button.value : 'save';
    if (button && button.dataset.confirm && !window.confirm(button.dataset.confirm)) return event.preventDefault();
    if (window.g_form.action !== 'delete' && !window.g_form.mandatoryCheck()) return event.preventDefault();
    leaving = true;
  });
  window.addEventListener('beforeunload', function (event) {
    if (window.g_form.modified && !leaving) event.preventDefault();
  });

  // Reference fields: a list box that asks the server as one types.
  document.querySelectorAll('.reference').forEach(function (box) {
    var hidden = box.querySelector('input[type=hidden]'), input = box.querySelector('.form-control');
    var list = box.querySelector('.choices'), open = box.querySelector('[data-open]');
    if (!list) return;
    var found = [], at = -1, timer = 0, shown = input.value;

    function close() {
      list.hidden = true;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    }
    function choose(one) {
      hidden.value = one ? one.value : '';
      input.value = shown = one ? one.label : '';
      open.hidden = !one;
      if (one) open.href = '/' + box.dataset.table + '.do?sys_id=' + encodeURIComponent(one.value);
      close();
      hidden.dispatchEvent(new Event('change', { bubbles: true }));
    }
    function mark(index) {
      at = index;
      Array.prototype.forEach.call(list.children, function (item, i) { item.setAttribute('aria-selected', String(i === at)); });
      if (list.children[at]) {
        input.setAttribute('aria-activedescendant', list.children[at].id);
        list.children[at].scrollIntoView({ block: 'nearest' });
      }
    }
    function show(rows) {
      found = rows;
      list.replaceChildren.apply(list, rows.map(function (row, index) {
        var item = document.createElement('li');
        item.id = list.id + '.' + index;
        item.setAttribute('role', 'option');
        item.textContent = row.label || row.value;
        if (row.hint) {
          var hint = document.createElement('small');
          hint.textContent = row.hint;
          item.append(hint);
        }
        item.addEventListener('mousedown', function (event) { event.preventDefault(); choose(row); });
        return item;
      }));
      if (!rows.length) {
        var none = document.createElement('li');
        none.className = 'none';
        none.textContent = 'No matching records';
        list.append(none);
      }
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
      mark(rows.length ? 0 : -1);
    }
    function ask(text) {
      var query = new URLSearchParams({ table: box.dataset.table, q: text });
      fetch('/ref_list.do?' + query, { headers: { Accept: 'application/json' } }).then(function (answer) {
        return answer.ok ? answer.json() : [];
      }).then(show).catch(close);
    }
    input.addEventListener('input', function () {
      clearTimeout(timer);
      if (!input.value) return choose(null);
      timer = setTimeout(ask, 180, input.value);
    });
    input.addEventListener('keydown', function (event) {
      if (event.key === 'Escape' || event.key === 'Tab') return close();
      if (event.key === 'ArrowDown' && list.hidden) return ask(input.value === shown ? '' : input.value);
      if (list.hidden) return;
      if (event.key === 'ArrowDown') { event.preventDefault(); mark(Math.min(at + 1, found.length - 1)); }
      if (event.key === 'ArrowUp') { event.preventDefault(); mark(Math.max(at - 1, 0)); }
      if (event.key === 'Enter') { event.preventDefault(); if (found[at]) choose(found[at]); }
    });
    input.addEventListener('blur', function () {
      close();
      if (input.value !== shown) input.value = shown;
    });
    box.querySelector('[data-lookup]').addEventListener('click', function () { input.focus(); ask(''); });
  });

  // Sections below the first as tabs, when the person wants that; remembered in this browser.
  var toggle = document.getElementById('tabs-toggle'), body = document.getElementById('form-body');
  function tabbed(on) {
    var sections = Array.prototype.slice.call(body.querySelectorAll(':scope > .section[data-caption]'));
    var bar = body.querySelector('.tabs');
    if (bar) bar.remove();
    body.classList.toggle('tabbed', on);
    sections.forEach(function (section) { section.hidden = false; section.removeAttribute('role'); });
    toggle.setAttribute('aria-pressed', String(on));
    if (!on) return;
    bar = document.createElement('div');
    bar.className = 'tabs';
    bar.setAttribute('role', 'tablist');
    function select(index) {
      sections.forEach(function (section, i) {
        section.hidden = i !== index;
        bar.children[i].setAttribute('aria-selected', String(i === index));
        bar.children[i].tabIndex = i === index ? 0 : -1;
      });
    }
    sections.forEach(function (section, index) {
      var tab = document.createElement('button');
      tab.type = 'button';
      tab.id = 'tab-' + section.id;
      tab.textContent = section.dataset.caption;
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', section.id);
      section.setAttribute('role', 'tabpanel');
      tab.addEventListener('click', function () { select(index); });
      tab.addEventListener('keydown', function (event) {
        var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        var next = (index + step + sections.length) % sections.length;
        select(next);
        bar.children[next].focus();
      });
      bar.append(tab);
    });
    body.insertBefore(bar, sections[0]);
    select(0);
  }
  if (toggle) {
    toggle.addEventListener('click', function () {
      var on = toggle.getAttribute('aria-pressed') !== 'true';
      localStorage.setItem('tabbed.forms', String(on));
      tabbed(on);
    });
    if (localStorage.getItem('tabbed.forms') === 'true') tabbed(true);
  }
})();
