/* One function per section of the envelope, and one per status a section can have. */
const SHOWN_INSIGHTS = 3;

function insightRows(panel, data) {
  const rows = list(data)
    .filter(row => !panel.dismissed.has(row.id) && panel.believable(row))
    .slice(0, SHOWN_INSIGHTS);
  return rows.length
    ? h(
        'ul.ins',
        rows.map(row => insightRow(panel, row))
      )
    : h('p.mut', t('empty_insights'));
}

function insightRow(panel, row) {
  const id = text(row.id),
    { target = {} } = row,
    open = panel.why === id,
    name = text(row.title),
    jump = /return/.test(id) ? 'show_returns' : `show_${target.section}`;
  return h(
    `li.in.${tone(row.severity)}`,
    h('span.d', icon(row.icon)),
    h('div', h('b', name), h('p', row.text), open && h('p.why', row.why, row.rule && ` ${t('rule', row.rule)}`)),
    h(
      'div.ia',
      target.section && button(t(WORDS[jump] ? jump : 'show'), `jump:${id}`, () => panel.jump(target)),
      row.why &&
        iconButton('info', t('why', name), `why:${id}`, () => panel.set({ why: open ? null : id }), {
          'aria-expanded': open
        }),
      iconButton('close', t('dismiss', name), `dismiss:${id}`, () => panel.dismiss(id))
    )
  );
}

/* Amounts in different currencies (`parts`) stand one below the other: they have no sum. */
const keyFigures = (panel, data) =>
  h(
    'dl.kp',
    list(data)
      .slice(0, 4)
      .map(row =>
        h(
          'div.k',
          h('dt', row.label),
          h(
            `dd.num.${row.tone ? tone(row.tone) : 'low'}`,
            row.complete === false && h('span.mut', t('at_least')),
            row.parts
              ? list(row.parts).map(part => h('div', money(part, true)))
              : text(row.value) || money(row.value, true)
          ),
          h('dd', row.scope)
        )
      )
  );

const cartBody = (panel, { total, risk, lines, coupons }) => [
  h('div.row', h('span.big.num', money(total)), risk?.label && badge(risk.label, tone(risk.tone), 'alert')),
  productLines(list(lines), t('cart')),
  list(coupons).map(row =>
    h(
      'p.sub',
      t('coupon'),
      h('b', row.code),
      t(row.valid === false ? 'invalid' : 'applied'),
      row.effect && `, ${text(row.effect)}`
    )
  )
];

function loyaltyBody(panel, { points, tier, next, expiring, vouchers }) {
  const { missing, pct, tier: higher } = next || {},
    bar = h('i'),
    reached = Math.min(100, Math.max(0, pct));
  bar.style.setProperty('width', `${reached}%`);
  return [
    h('div.row', h('span', h('span.big.num', number(points)), t('points')), tier && badge(tier, 'warn', 'star')),
    higher && [
      reached >= 0 && h('div.pg', { role: 'img', 'aria-label': t('progress', reached, higher) }, bar),
      h('p.sub', t('missing', number(missing), higher))
    ],
    h(
      'p.mut',
      between(
        () => ' · ',
        [
          expiring?.points > 0 && h('b', t('expiring', number(expiring.points), day(expiring.on))),
          vouchers?.count > 0 &&
            t(vouchers.count === 1 ? 'voucher' : 'vouchers', number(vouchers.count), money(vouchers.total))
        ]
      )
    )
  ];
}

const activityBody = (panel, { items }) =>
  h(
    'ul.br',
    list(items).map(row =>
      h(
        'li',
        icon({ search: 'search', view: 'eye' }[row.kind] || 'info'),
        h(
          'span',
          between(
            () => ' · ',
            [
              h('bdi', row.kind === 'search' ? t('searched', row.text) : row.text),
              row.results != null && h(row.results > 0 ? 'span' : 'b', counted(row.results, 'result', 'results')),
              row.count > 1 && h('span.mut', `${row.count}×`)
            ]
          )
        ),
        when(row.at)
      )
    )
  );

function orderCount(panel, { total, ...data }) {
  const shown = panel.orderItems(data).length;
  return total > shown ? t('of', number(shown), number(total)) : number(shown);
}

/* body, whether there is anything to show, and optionally: words beside the title, words at the right edge */
const SECTIONS = {
  __proto__: null,
  insights: { body: insightRows, some: () => true, bones: [52, 52, 52] },
  kpis: { body: keyFigures, some: () => true, bones: [60] },
  orders: {
    body: orderRows,
    some: data => list(data.items).length,
    bones: [230, 66, 58, 58],
    count: orderCount,
    aside: panel => outward('a.lb', panel.links.bm_orders, { key: 'all-orders' }, t('all_orders'), icon('ext'))
  },
  cart: {
    body: cartBody,
    some: data => data.total || list(data.lines).length,
    bones: [26, 36, 36, 36, 18],
    count: (panel, data) => data.item_count > 0 && counted(data.item_count, 'item', 'items'),
    aside: (panel, data) => data.changed_at && [t('changed'), when(data.changed_at)]
  },
  loyalty: {
    body: loyaltyBody,
    some: data => data.tier || data.points != null,
    bones: [26, 8, 40],
    aside: (panel, data) => data.since && t('member', month(data.since))
  },
  activity: {
    body: activityBody,
    some: data => list(data.items).length,
    bones: [20, 20, 20, 20],
    aside: (panel, data) => covers(data.window)
  }
};

function emptyBody(panel, name, { window: span }) {
  return name === 'orders'
    ? notice('', 'orders', span ? t('empty_orders', covers(span)) : t('no_orders'), t('archive'))
    : h('p.mut', t(`empty_${name}`));
}

function fullBody(panel, name, part) {
  const data = part.data || {};
  return SECTIONS[name].some(data) ? SECTIONS[name].body(panel, data) : emptyBody(panel, name, data);
}

/* What a status looks like; an unknown one is shown like ok. Null hides the section. */
const STATUSES = {
  __proto__: null,
  ok: fullBody,
  stale: (panel, name, part) => [
    notice(
      'warn',
      'clock',
      t('stale', ago(part.as_of)),
      t(name === 'orders' ? 'stale_orders' : 'stale_text'),
      againButton(panel, name)
    ),
    fullBody(panel, name, part)
  ],
  empty: (panel, name, part) => emptyBody(panel, name, part.data || {}),
  pending: (panel, name, part) =>
    panel.waiting(name) ? SECTIONS[name].bones.map(height => bone(height)) : errorNotice(panel, name, part),
  disabled: (panel, name) =>
    panel.can.admin === true ? notice('', 'alert', t('setup', t(name)), t('setup_text')) : null,
  opted_out: (panel, name, { data }) =>
    notice('', 'eye', t('opted_out'), data?.since && t('opted_since', day(data.since))),
  forbidden: (panel, name, { role }) =>
    notice('', 'lock', t('forbidden', t(name).toLowerCase()), role && t('role', role)),
  error: errorNotice
};

const statusBody = (panel, name, part) => (STATUSES[part.status] || fullBody)(panel, name, part);

function errorNotice(panel, name, { error }) {
  const { ref, retryable, retry_after_s: wait, code } = error || {};
  if (wait > 0 && /rate/i.test(code)) return notice('', 'clock', [t('busy'), panel.countdown(name, wait)]);
  return notice(
    'warn',
    'alert',
    t(['orders', 'kpis', 'profile'].includes(name) ? 'are_missing' : 'is_missing', t(name)),
    [panel.othersFine(name) && t('others'), ref && t('ref', ref)],
    retryable !== false && againButton(panel, name)
  );
}

const againButton = (panel, name) =>
  button(t('again'), `again:${name}`, () => panel.refresh([name]), held(panel.loading()));

function section(panel, name) {
  const { body, count: counted, aside } = SECTIONS[name],
    part = panel.part(name),
    data = (has(part) && part.data) || {};
  try {
    const content = statusBody(panel, name, part),
      right = aside && aside(panel, data);
    return (
      content && [
        h(
          name === 'kpis' && has(part) ? 'div.sh.vh' : 'div.sh',
          h('h3', { tabindex: '-1', key: `section:${name}` }, icon(name), t(name)),
          counted && has(part) && h('span.cnt', counted(panel, data)),
          right && h('div.r.mut', right)
        ),
        content
      ]
    );
  } catch (e) {
    return [h('div.sh', h('h3', icon(name), t(name))), errorNotice(panel, name, { error: { ref: panel.reference } })];
  }
}

function bone(height, width) {
  const node = h('span.sk');
  node.style.setProperty('height', `${height}px`);
  if (width) node.style.setProperty('width', `${width}px`);
  return node;
}
