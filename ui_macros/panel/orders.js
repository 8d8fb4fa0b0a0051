/* One order: a row that answers "which, what state, how much", and behind it items, timeline and the two actions. */
const PREVIEW = 3,
  STEPS = { __proto__: null, problem: 'crit', todo: 'low' };
const between = (mark, parts) => parts.filter(Boolean).map((part, i) => [i > 0 && mark(i), part]);

function orderRows(panel, data) {
  const items = panel.orderItems(data),
    hidden = items.length - PREVIEW,
    left = Number(data.total) - items.length;
  return [
    h(
      panel.allOrders ? 'ul.ol.all' : 'ul.ol',
      items.map(order => orderRow(panel, order))
    ),
    h(
      'div.older',
      !panel.allOrders &&
        hidden > 0 &&
        button(t('more', hidden), 'more', () => panel.set({ allOrders: true }, `order:${items[PREVIEW].no}`), {
          class: 'lb few'
        }),
      panel.nextCursor() &&
        button(t('older', left > 0 ? number(left) : ''), 'older', () => panel.loadOlder(), {
          class: panel.allOrders || hidden <= 0 ? 'lb' : 'lb many',
          ...held(panel.busy.older)
        })
    )
  ];
}

function orderRow(panel, order) {
  const no = text(order.no),
    open = panel.isOpen(order),
    headline = order.headline || {},
    lines = list(order.lines),
    steps = list(order.timeline);
  return h(
    order.in_case ? 'li.o.pin' : 'li.o',
    { key: `order:${no}`, tabindex: '-1' },
    h(
      'div.og',
      h(
        'div.on',
        h('span.num', no),
        copyButton(panel, t('order_no'), no),
        iconLink(order.links?.bm, t('open', no)),
        order.in_case && badge(t('in_case'), 'out')
      ),
      h(
        'div.ob',
        headline.label &&
          badge(headline.label, tone(headline.tone), { critical: 'warn', warning: 'alert' }[headline.tone]),
        list(order.badges).map(row => badge(row.label, tone(row.tone)))
      ),
      h('div.tot.num', money(order.total)),
      h('div.ometa', when(order.placed_at)),
      !open && progress(order),
      h(
        'div.of',
        between(i => h(i === 1 ? 'span.dot.ow' : 'span.dot', '·'), orderFacts(panel, order)),
        lines.length + steps.length > 0 &&
          h(
            'button.lb.r',
            { type: 'button', key: `toggle:${no}`, 'aria-expanded': open, click: () => panel.toggleOrder(order) },
            t(open ? 'hide_details' : 'details'),
            quiet(t('of_order', no)),
            icon('down')
          )
      )
    ),
    open &&
      h(
        'div.det',
        lines.length > 0 &&
          h(
            'div',
            productLines(lines, t('items', lines.length) + t('of_order', no)),
            order.more_lines > 0 && h('p.pay.mut', t('more_lines', order.more_lines))
          ),
        steps.length > 0 &&
          h(
            'ol.tl',
            { 'aria-label': t('timeline') + t('of_order', no) },
            steps.map(step => timelineStep(step))
          ),
        order.summary_text && orderActions(panel, no, text(order.summary_text))
      )
  );
}

/* The bar is for orders under way only; on a finished one it would say nothing. */
const underWay = order => order.step > 0 && order.step < order.steps && order.steps < 10;

function progress({ step, steps, headline }) {
  const here = headline?.tone === 'critical' ? 'crit' : 'info';
  return (
    underWay({ step, steps }) &&
    h(
      'div.bar',
      { 'aria-hidden': true },
      [...Array(steps).keys()].map(i => h(`i.${i + 1 < step ? 'pos' : i + 1 === step ? here : 'low'}`))
    )
  );
}

function orderFacts(panel, order) {
  return [
    order.placed_at && h('span.ow', day(order.placed_at), ', ', when(order.placed_at)),
    order.item_count != null && h('span', counted(order.item_count, 'item', 'items')),
    ...list(order.shipments).map(row => shipment(panel, row)),
    order.note && h('span', order.note)
  ];
}

function shipment(panel, { carrier, tracking, url }) {
  const label = `${text(carrier)} ${text(tracking)}`.trim();
  return (
    label &&
    h(
      'span.trk',
      outward('a', url, {}, quiet(t('track')), label) || label,
      tracking && copyButton(panel, t('tracking_no'), text(tracking).replace(/\s/g, ''))
    )
  );
}

/* `price` is of one piece. */
const productLines = (lines, label) =>
  h(
    'ul.lines',
    { 'aria-label': label },
    lines.map(line =>
      h(
        'li.li',
        h('span.th', icon('bag')),
        h(
          'div',
          h('bdi', line.name || line.sku),
          h(
            'div.mut',
            between(
              () => ' · ',
              [
                line.variant,
                line.returned > 0 && h('b', t('returned', line.returned, line.qty)),
                ['low', 'out'].includes(line.stock) && h('b', t(line.stock))
              ]
            )
          )
        ),
        h('span.num.sub', `${number(line.qty ?? 1)} × ${money(line.price)}`)
      )
    )
  );

function timelineStep({ at, label, state, promised_at: promised }) {
  return h(
    'li',
    h('i.v'),
    h(`i.d.${STEPS[state] || 'pos'}`),
    h('span', STEPS[state] && quiet(t(state)), label),
    at
      ? h('time', { datetime: at, title: ago(at) }, moment(at))
      : promised && h('span.mut', t('promised', day(promised)))
  );
}

function orderActions(panel, no, summary) {
  const noted = panel.notes[no];
  return h(
    'div.acts',
    panel.can.note === true &&
      framed(noted && 'check', t(noted ? 'noted' : 'add_note'), `note:${no}`, () => panel.addNote(no, summary), {
        'aria-disabled': !!noted
      }),
    framed('copy', t('copy_summary'), `summary:${no}`, event => panel.copy(summary, t('summary'), event.currentTarget))
  );
}
