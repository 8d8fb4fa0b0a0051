// The frame: filter of the menu, user menu, application picker, theme, the page inside.
(function () {
  'use strict';
  var menu = document.getElementById('menu'), filter = document.getElementById('filter');
  var frame = document.getElementById('gsft_main'), side = document.getElementById('side');
  var applications = Array.prototype.slice.call(menu.querySelectorAll('details'));

  function remembered() { return JSON.parse(localStorage.getItem('navigator.open') || '[]'); }
  function restore() {
    var open = remembered();
    applications.forEach(function (one) { one.open = open.indexOf(one.dataset.application) >= 0; });
  }
  menu.addEventListener('click', function (event) {
    if (!event.target.closest('summary') || filter.value) return;
    setTimeout(function () {
      var open = applications.filter(function (one) { return one.open; });
      localStorage.setItem('navigator.open', JSON.stringify(open.map(function (one) { return one.dataset.application; })));
    });
  });
  filter.addEventListener('input', function () {
    var wanted = filter.value.trim().toLowerCase(), any = false;
    applications.forEach(function (one) {
      var whole = one.querySelector('summary').textContent.toLowerCase().includes(wanted), some = false;
      one.querySelectorAll('li').forEach(function (item) {
        var fits = whole || item.textContent.toLowerCase().includes(wanted);
        item.hidden = !fits;
        some = some || fits;
      });
      one.hidden = !some;
      any = any || some;
      if (wanted) one.open = some;
    });
    document.getElementById('nothing').hidden = any;
    if (!wanted) restore();
  });
  restore();

  function place() {
    var here;
    try { here = frame.contentWindow.location; } catch (error) { return; }
    if (here.pathname === '/login.do') { location.href = '/login.do'; return; }
    if (here.href === 'about:blank') return;
    document.title = frame.contentDocument.title;
    var path = here.pathname + here.search;
    history.replaceState(null, '', '/now/nav/ui/classic/params/target/' + encodeURIComponent(path.slice(1)));
    menu.querySelectorAll('a').forEach(function (link) {
      if (link.getAttribute('href') === path) {
        link.setAttribute('aria-current', 'page');
        link.closest('details').open = true;
      } else link.removeAttribute('aria-current');
    });
    side.removeAttribute('data-open');
  }
  frame.addEventListener('load', place);

  var account = document.getElementById('account'), accountMenu = document.getElementById('account-menu');
  function showAccount(on) {
    accountMenu.hidden = !on;
    account.setAttribute('aria-expanded', String(on));
  }
  account.addEventListener('click', function () { showAccount(accountMenu.hidden); });
  document.addEventListener('click', function (event) { if (!event.target.closest('.account')) showAccount(false); });
  document.addEventListener('keydown', function (event) { if (event.key === 'Escape') showAccount(false); });
  accountMenu.addEventListener('click', function () { showAccount(false); });

  var picker = document.getElementById('application');
  picker.addEventListener('change', function () {
    fetch('/api/now/ui/concoursepicker/application', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-UserToken': picker.dataset.token },
      body: JSON.stringify({ app_id: picker.value })
    }).then(function (answer) { if (answer.ok) frame.contentWindow.location.reload(); });
  });

  document.getElementById('theme').addEventListener('click', function (event) {
    event.preventDefault();
    var dark = document.documentElement.dataset.theme !== 'dark';
    fetch('/theme.do?theme=' + (dark ? 'dark' : 'light'));
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    if (frame.contentDocument) frame.contentDocument.documentElement.dataset.theme = dark ? 'dark' : 'light';
  });

  var button = document.getElementById('menu-button');
  button.addEventListener('click', function () {
    var open = side.toggleAttribute('data-open');
    button.setAttribute('aria-expanded', String(open));
  });
})();
