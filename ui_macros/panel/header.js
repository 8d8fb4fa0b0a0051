/* Who this is and how sure we are: name, evidence, contact data behind a logged reveal, freshness. */
const kinds = names => all(names.map(name => t(name)));
const has = part => part.status === 'ok' || part.status === 'stale' || !STATUSES[part.status];
const title = words => h('h2', { tabindex: '-1', key: 'title' }, words);

function initials(name) {
  const letters = text(name)
    .split(/\s+/)
    .map(one => [...one][0]);
  return letters
    .filter((letter, i) => !i || i === letters.length - 1)
    .join('')
    .toUpperCase();
}

function header(panel) {
  const part = panel.part('profile'),
    profile = part.data || {},
    guest = panel.customer.match === 'guest' || profile.guest === true,
    { tier } = panel.part('loyalty').data || {};
  const name = h('bdi', panel.waiting('profile') ? t('loading') : text(profile.name) || t(guest ? 'guest' : 'region')),
    known = has(part) || guest;
  if (panel.collapsed) return [title(name), h('div.fresh', collapseButton(panel))];
  if (panel.waiting('profile'))
    return [
      h('div.av'),
      h('div.who', h('h2.vh', { key: 'title', tabindex: '-1' }, name), bone(22, 180), h('div.idl', bone(14, 300))),
      h('div.pii', bone(30, 194)),
      h('div.fresh', collapseButton(panel))
    ];
  return [
    h('div.av', { 'aria-hidden': true }, initials(profile.name) || icon('user')),
    h(
      'div.who',
      h(
        'div.nm',
        title(name),
        tier && badge(tier, 'warn', 'star'),
        list(profile.flags).map(flag => badge(flag.label || flag.code, tone(flag.tone))),
        panel.anyStale() && badge(t('saved_copy'), 'warn', 'clock')
      ),
      known && identity(panel, profile)
    ),
    h(
      'div.pii',
      known
        ? ['email', 'phone'].map(field => profile[field] && chip(panel, field, profile[field]))
        : statusBody(panel, 'profile', part),
      panel.asking && reasonForm(panel)
    ),
    freshness(panel)
  ];
}

function identity(panel, profile) {
  const { customer } = panel,
    fact = (mark, ...words) => h('span', mark && icon(mark), words),
    number = text(profile.customer_no),
    by = list(customer.by);
  return h(
    'div.idl',
    by.length > 0 && fact('link', t(customer.confidence === 'probable' ? 'probably' : 'matched', kinds(by))),
    profile.site && fact('globe', profile.site.label || profile.site.id),
    number && fact('user', t('customer', number), copyButton(panel, t('customer_no'), number)),
    profile.language &&
      fact(null, tried(() => intl('DisplayNames', { type: 'language' }).of(profile.language)) || profile.language),
    profile.since && fact(null, t('since', month(profile.since))),
    (profile.segment || profile.last_order_at) &&
      fact(
        null,
        t(profile.segment),
        profile.last_order_at && h('span', profile.segment && '· ', t('last_order'), when(profile.last_order_at))
      ),
    list(customer.candidates).length > 1 &&
      button(t('change'), 'change', () => panel.set({ choosing: true, pick: null }, 'title'))
  );
}

/* Masked by the server; the full value is fetched on demand, kept in memory for a minute and copyable only meanwhile. */
function chip(panel, field, { masked, revealable }) {
  const shown = panel.revealed[field],
    name = t(field),
    may = revealable === true && list(panel.can.reveal).includes(field),
    label = t(may ? 'reveal' : 'no_reveal', name);
  return h(
    'span.chip',
    icon(field),
    h('bdi.num', shown ? shown.value : text(masked)),
    shown && copyButton(panel, name, shown.value),
    may
      ? iconButton('eye', label, `reveal:${field}`, () => panel.toggleReveal(field), {
          'aria-pressed': !!shown,
          'aria-busy': !!panel.busy.reveal
        })
      : iconButton('lock', label, `reveal:${field}`, () => panel.say(label), { 'aria-disabled': true })
  );
}

function reasonForm(panel) {
  const input = h('input.tx', { id: 'reason', key: 'reason', required: true, maxlength: '200', autocomplete: 'off' });
  return h(
    'form.ask',
    {
      submit: event => {
        event.preventDefault();
        panel.reveal(panel.asking, input.value.trim());
      }
    },
    h('label', { for: 'reason' }, t('reason', t(panel.asking))),
    input,
    h(
      'div.nm',
      framed(null, t('show'), 'reason-ok'),
      button(t('cancel'), 'reason-no', () => panel.set({ asking: null }, `reveal:${panel.asking}`))
    )
  );
}

function freshness(panel) {
  const oldest = panel.oldest();
  return h(
    'div.fresh',
    h('span.num', oldest && [t('updated'), when(oldest)]),
    panel.can.refresh !== false &&
      iconButton('refresh', t('refresh'), 'refresh', () => panel.resting || panel.refresh(), {
        'aria-disabled': panel.resting || panel.loading(),
        'aria-busy': panel.loading()
      }),
    iconLink(panel.links.bm_customer, t('open', t('contact'))),
    collapseButton(panel)
  );
}

function collapseButton(panel) {
  return iconButton('down', t('fold'), 'collapse', () => panel.toggleCollapse(), { 'aria-expanded': !panel.collapsed });
}
