/* The panel's state and what changes it. Every change ends in draw(). */
const FRESH_MS = 60000,
  OLD_MS = 300000,
  RESTING_MS = 10000,
  REVEAL_S = 60;
const WATCHED = ['contact', 'consumer', 'account', 'caller_id'];

/* What belongs to one shopper and is forgotten with them. */
const untouched = () => ({
  revealed: {},
  asking: null,
  notes: {},
  toggled: new Map(),
  older: [],
  cursor: undefined,
  allOrders: false,
  why: null,
  dismissed: new Set(),
  waits: new Map()
});

class Panel {
  constructor(host, root) {
    const data = host.dataset,
      boot = readBoot();
    Object.assign(this, untouched(), {
      host,
      root,
      boot,
      envelope: null,
      ending: null,
      trouble: null,
      flaw: null,
      busy: {},
      resting: false,
      offline: navigator.onLine === false,
      edited: false,
      collapsed: stored() === '1',
      choosing: false,
      pick: null,
      finding: false,
      missed: null,
      links: {},
      stop: new AbortController()
    });
    hosts = (data.linkHosts || '').split(/[\s,]+/).filter(Boolean);
    readAs(data.locale || boot?.locale, data.tz || boot?.tz);
    this.transport = boot && pageTransport(boot);
    layout(this);
    learnWords(() => {
      layout(this);
      this.draw();
    });
  }

  /* ---- starting ---- */

  start() {
    this.draw();
    this.listen();
    if (this.boot)
      return this.boot.envelope ? this.received(this.boot.envelope, true) : this.set({ ending: { kind: 'expired' } });
    whenReady(() => {
      if (!this.transport && !this.connect()) return;
      this.watchForm();
      whenNear(this.host, this.stop.signal, () => this.collapsed || this.load());
    });
  }

  connect() {
    const { processor, table, case: record } = this.host.dataset,
      missing = !record || record === '-1' ? 'unsaved' : processor && window.GlideAjax ? null : 'unset';
    if (missing) return this.set({ ending: { kind: missing } });
    this.transport = glideTransport(processor, table, record);
    return true;
  }

  listen() {
    const on = (target, name, run) => target.addEventListener(name, run, { signal: this.stop.signal });
    on(window, 'offline', () => this.set({ offline: true }));
    on(window, 'online', () => {
      this.set({ offline: false });
      if (this.trouble) this.retry();
    });
    on(document, 'visibilitychange', () => this.refreshIfOld());
    const timers = [
      setInterval(() => {
        this.draw();
        this.refreshIfOld();
      }, FRESH_MS),
      setInterval(() => this.count(), 1000)
    ];
    this.stop.signal.addEventListener('abort', () => timers.forEach(clearInterval));
  }

  /* The contact on the form: noticed when edited, read again once the record is saved. */
  watchForm() {
    const scope = this.host.dataset.processor.split('.')[0],
      names = WATCHED.concat(['customer_no', 'site_id', 'order_no'].map(name => `${scope}_${name}`));
    const read = () => window.g_form && JSON.stringify(names.map(name => window.g_form.getValue(name)));
    let saved = read();
    const compare = () =>
      setTimeout(() => {
        saved = saved || read();
        const edited = saved !== read();
        if (edited !== this.edited) this.set({ edited });
      });
    ['change', 'focusin', 'focusout', 'pointerup'].forEach(name =>
      document.addEventListener(name, compare, { signal: this.stop.signal })
    );
    try {
      const off = window.angular
        .element(document)
        .scope()
        .$on('record.updated', () => {
          saved = read();
          this.set({ edited: false });
          if (!this.collapsed) this.load();
        });
      this.stop.signal.addEventListener('abort', off);
    } catch (e) {
      /* not an angular form: saving loads the page anew */
    }
  }

  /* ---- asking the server ---- */

  /* `done` runs with the answer. An error ends the page, or is told by `missed`. */
  call(op, params, busy, done, missed = error => this.complain(text(error.message) || t('failed'))) {
    if (this.busy[busy]) return;
    this.set({ flaw: null, busy: { ...this.busy, [busy]: true } });
    ask(this.transport, Number(this.host.dataset.timeout) || ANSWER_WITHIN_MS, op, params, answer => {
      if (this.stop.signal.aborted) return;
      const { error } = answer,
        kind = error && endingOf(op, error.code);
      this.busy = { ...this.busy, [busy]: false };
      if (kind) Object.assign(this, untouched(), { ending: { kind, ...error }, envelope: null });
      else (error ? missed : done)(error || answer);
      this.draw();
    });
  }

  /* An operation that answers with an envelope; `said` is announced when it arrives. */
  read(op, params, said) {
    const missed = trouble => {
      this.set({ trouble });
      this.say(t('failed'));
    };
    this.waits.clear();
    this.call(
      op,
      params,
      'load',
      answer => {
        if (!answer.sections && !answer.customer) return missed(fault('malformed_answer').error);
        this.received(answer, op !== 'live');
        this.say(said);
      },
      missed
    );
  }

  load() {
    this.read('summary', {});
  }

  refresh(sections) {
    this.set({ resting: true });
    setTimeout(() => this.set({ resting: false }), RESTING_MS);
    this.read('live', { sections }, t('refreshed', t(sections ? sections[0] : 'region')));
  }

  retry() {
    return this.envelope ? this.refresh() : this.load();
  }

  refreshIfOld() {
    const age = Date.now() - new Date(this.oldest());
    if (age > OLD_MS && !document.hidden && !this.collapsed && !this.choosing && !this.root.activeElement)
      this.refresh();
  }

  received(answer, followed) {
    const same = this.envelope && sameCustomer(this.envelope, answer),
      { mode, customer, sections } = answer;
    this.reference = text(answer.req);
    this.set({
      ...(same ? {} : untouched()),
      envelope: same ? merged(this.envelope, answer) : answer,
      links: answer.links || this.links,
      trouble: null,
      choosing: false,
      finding: false,
      missed: null
    });
    window.performance.mark('c360-painted');
    const old = part => part && (part.status === 'pending' || Date.now() - new Date(part.as_of) > FRESH_MS);
    if (
      followed &&
      !/^(many|no_identity)$/.test(customer?.match) &&
      (mode === 'cached' || Object.values(sections || {}).some(old))
    )
      this.read('live', {});
  }

  loadOlder() {
    this.call('live', { sections: ['orders'], cursor: this.nextCursor() }, 'older', ({ sections }) => {
      const { items, next } = sections?.orders?.data || {},
        more = list(items);
      this.set(
        { older: this.older.concat(more), cursor: next || null, allOrders: true },
        more.length && `order:${more[0].no}`
      );
      this.say(t('loaded', more.length));
    });
  }

  find(orderNo) {
    const missed = ({ code, message }) => {
      this.set({ missed: /not_found/.test(code) ? t('not_found', orderNo) : text(message) || t('failed') }, 'order-no');
      this.say(this.missed);
    };
    this.call(
      'search',
      { order_no: orderNo },
      'search',
      answer =>
        /^(one|many|guest)$/.test(answer.customer?.match) ? this.received(answer, true) : missed({ code: 'not_found' }),
      missed
    );
  }

  choose({ customer_no, site }) {
    this.call('choose', { customer_no, site_id: site?.id }, 'choose', answer => {
      this.received(answer, true);
      this.say(t('chosen'));
    });
  }

  dismiss(insight) {
    this.call('dismiss', { insight }, 'dismiss', () => {
      this.dismissed.add(insight);
      this.set({}, 'section:insights');
      this.say(t('dismissed'));
    });
  }

  addNote(no, summary) {
    if (this.notes[no]) return;
    this.call('note', { order_no: no, text: summary }, 'note', () => {
      this.notes[no] = true;
      this.say(t('noted'));
    });
  }

  /* ---- contact data ---- */

  toggleReveal(field) {
    if (this.revealed[field]) this.mask(field);
    else if (this.host.dataset.reason === 'true' || this.boot?.reveal_reason_required)
      this.set({ asking: field }, 'reason');
    else this.reveal(field);
  }

  reveal(field, reason) {
    this.call(
      'reveal',
      { field, reason },
      'reveal',
      ({ value, expires_in_s: allowed }) => {
        const seconds = Math.min(allowed || REVEAL_S, REVEAL_S);
        this.set(
          {
            asking: null,
            revealed: { ...this.revealed, [field]: { value: text(value), until: Date.now() + seconds * 1000 } }
          },
          `reveal:${field}`
        );
        this.say(t('revealed', t(field), seconds));
      },
      ({ code, message, retry_after_s: wait }) => {
        if (/reason/.test(code)) return this.set({ asking: field }, 'reason');
        this.set({ asking: null }, `reveal:${field}`);
        this.complain(t('not_revealed', t(field), wait > 0 ? t('busy') + t('seconds', wait) : text(message)));
      }
    );
  }

  mask(field) {
    this.set({ revealed: { ...this.revealed, [field]: null } });
    this.say(t('hidden', t(field)));
  }

  copy(value, label, source) {
    const done = ok => {
      this.say(t(ok ? 'copied' : 'not_copied', label));
      source.firstElementChild.replaceWith(icon(ok ? 'check' : 'copy'));
      setTimeout(() => source.firstElementChild.replaceWith(icon('copy')), 1500);
    };
    const select = () => done(copiedBySelection(this.root, value));
    return navigator.clipboard ? navigator.clipboard.writeText(value).then(() => done(true), select) : select();
  }

  /* ---- moving about ---- */

  jump({ section: name, key }) {
    const order = name === 'orders' && this.orderItems(this.part(name).data || {}).find(row => row.no === key);
    if (order) this.toggled.set(key, true);
    this.set(order ? { allOrders: true } : {}, order ? `order:${key}` : `section:${name}`, true);
  }

  toggleOrder(order) {
    this.toggled.set(order.no, !this.isOpen(order));
    this.draw();
  }

  toggleCollapse() {
    this.set({ collapsed: !this.collapsed });
    stored(this.collapsed ? '1' : '0');
    if (!this.collapsed && !this.envelope && this.transport) this.load();
  }

  /* ---- what the sections ask ---- */

  get customer() {
    return this.envelope?.customer || {};
  }
  get can() {
    return this.envelope?.viewer?.can || {};
  }
  part(name) {
    return this.envelope?.sections?.[name] || { status: this.envelope && !this.loading() ? 'disabled' : 'pending' };
  }
  parts() {
    return Object.values(this.envelope?.sections || {}).filter(Boolean);
  }
  loading() {
    return Boolean(this.busy.load);
  }
  waiting(name) {
    return this.part(name).status === 'pending' && (this.loading() || !this.envelope);
  }
  anyStale() {
    return this.parts().some(part => part.status === 'stale');
  }
  oldest() {
    return this.parts()
      .filter(has)
      .map(part => part.as_of)
      .filter(Boolean)
      .sort()[0];
  }
  othersFine(name) {
    return Object.keys(SECTIONS).every(
      other => other === name || !['error', 'stale', 'pending'].includes(this.part(other).status)
    );
  }
  isOpen(order) {
    return this.toggled.has(order.no) ? this.toggled.get(order.no) : order.in_case === true;
  }
  nextCursor() {
    return this.cursor === undefined ? this.part('orders').data?.next : this.cursor;
  }

  /* A hint about a section that did not come would be a guess. */
  believable({ target }) {
    return !target || !['error', 'forbidden', 'disabled'].includes(this.part(target.section).status);
  }

  orderItems(data) {
    const seen = new Set(),
      rows = list(data.items)
        .concat(this.older)
        .filter(row => !seen.has(row.no) && seen.add(row.no));
    return rows.filter(row => row.in_case).concat(rows.filter(row => !row.in_case));
  }

  /* ---- drawing ---- */

  set(change, focusKey, scroll) {
    Object.assign(this, change);
    this.draw(focusKey, scroll);
  }

  complain(flaw) {
    this.set({ flaw });
    this.say(flaw);
  }

  say(sentence) {
    if (sentence) this.status.textContent = sentence;
  }

  /* Focus stays on the same control, or goes to the title when the control is gone. */
  draw(focusKey, scroll) {
    const held = this.root.activeElement,
      key = focusKey || held?.dataset.key,
      typed = held?.value;
    this.regions.forEach(region => drawRegion(this, region));
    this.host.setAttribute('aria-busy', this.loading());
    if (!key || (held?.isConnected && !focusKey)) return;
    const target = byKey(this.root, key) || byKey(this.root, 'title');
    if (!target) return;
    if (typed && held.dataset.key === key) target.value = typed;
    target.focus({ preventScroll: !scroll });
  }

  /* Seconds until the next try. They count silently, the try happens by itself. */
  countdown(name, seconds) {
    if (!this.waits.has(name)) this.waits.set(name, Date.now() + seconds * 1000);
    return h('span.num', t('seconds', Math.max(0, Math.ceil((this.waits.get(name) - Date.now()) / 1000))));
  }

  count() {
    const now = Date.now(),
      [due] = [...this.waits].find(([, at]) => at <= now) || [];
    Object.keys(this.revealed).forEach(field => this.revealed[field]?.until <= now && this.mask(field));
    if (due && !this.loading()) {
      this.waits.delete(due);
      return due === 'panel' ? this.retry() : this.refresh([due]);
    }
    if (this.waits.size) this.draw();
  }
}
