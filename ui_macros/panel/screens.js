/* What stands in place of the sections: nobody found, several found, nothing to ask, no answer, no right. */
const card = (mark, words, body, ...actions) =>
  h('div.empty', h('div.ic', icon(mark)), title(words), body && h('p', body), actions);
const reload = () => framed('refresh', t('reload'), 'reload', () => window.location.reload());

/* The end of the line for this page load. */
const ENDINGS = {
  expired: () => card('lock', t('expired'), t('expired_text'), reload()),
  session: () => card('lock', t('session'), t('session_text'), reload()),
  unset: () => card('alert', t('unset')),
  unsaved: () => card('info', t('unsaved')),
  forbidden: ({ ending: { role } }) => card('lock', t('forbidden', 'commerce'), role && t('role', role))
};

/* Which ending an error code means; any other code leaves room for another try. Only a read can end in the last two. */
function endingOf(op, code) {
  if (/session|unauthorized/.test(code)) return 'session';
  if (/expired/.test(code)) return 'expired';
  if (op !== 'summary' && op !== 'live') return null;
  return /^(forbidden|no_case)$/.test(code) ? 'forbidden' : /^(not_configured|disabled)$/.test(code) ? 'unset' : null;
}

const MATCHES = {
  __proto__: null,
  none: panel =>
    nobody(
      panel,
      'search',
      'none',
      t(
        'none_text',
        all(list(panel.customer.sites).map(text)) || t('shop'),
        kinds(list(panel.customer.searched).map(row => row.kind)) || t('email')
      )
    ),
  no_identity: panel => nobody(panel, 'user', 'no_identity', t('no_identity_text')),
  many: chooser
};

/* The screen to show instead of the sections, or nothing when the sections are to be shown. */
function screen(panel) {
  if (panel.ending) return ENDINGS[panel.ending.kind](panel);
  if (!panel.envelope) return panel.trouble && outage(panel);
  return panel.choosing ? chooser(panel) : MATCHES[panel.customer.match] && MATCHES[panel.customer.match](panel);
}

function outage(panel) {
  const { ref, message, retry_after_s: wait } = panel.trouble;
  return card(
    'alert',
    t('failed'),
    wait > 0 ? [t('busy'), panel.countdown('panel', wait)] : text(message) || t('failed_text'),
    ref && h('p.mut', t('ref', ref)),
    h(
      'div.nm',
      framed('refresh', t('again'), 'again', () => panel.retry(), held(panel.loading())),
      outward('a.btn', panel.links.bm_customer, { key: 'bm' }, t('open', t('contact')), icon('ext'))
    )
  );
}

function nobody(panel, mark, words, body) {
  return card(
    mark,
    t(words),
    body,
    panel.finding
      ? findForm(panel)
      : h(
          'div.nm',
          framed('search', t('find'), 'find', () => panel.set({ finding: true }, 'order-no')),
          framed(null, t('search_again'), 'again', () => panel.refresh(), held(panel.loading()))
        ),
    h(
      'p.mut',
      t('checked'),
      when(panel.envelope.generated_at),
      list(panel.customer.searched).map(row => h('bdi', ` · ${kinds([row.kind])} ${text(row.masked)}`))
    )
  );
}

function findForm(panel) {
  const { missed } = panel,
    input = h('input.tx', {
      id: 'order-no',
      key: 'order-no',
      required: true,
      maxlength: '40',
      autocomplete: 'off',
      'aria-describedby': missed && 'missed'
    });
  return h(
    'form.find',
    {
      submit: event => {
        event.preventDefault();
        panel.find(input.value.trim());
      }
    },
    h('label', { for: 'order-no' }, t('order_number')),
    h(
      'div.nm',
      input,
      framed('search', t('search'), 'find-go', null, held(panel.busy.search)),
      button(t('cancel'), 'find-no', () => panel.set({ finding: false, missed: null }, 'find'))
    ),
    missed && h('p.bad.crit', { id: 'missed' }, missed)
  );
}

/* Never pre-selected: the agent compares the evidence and decides. */
function chooser(panel) {
  const candidates = list(panel.customer.candidates);
  return [
    h(
      'div.hd.nb',
      h('div.av', icon('user')),
      h('div.who', title(t('many', candidates.length)), h('p.sub', t('many_text')))
    ),
    h(
      'form',
      {
        submit: event => {
          event.preventDefault();
          panel.choose(candidates[panel.pick]);
        }
      },
      h(
        'fieldset.cand',
        h('legend.vh', t('candidates')),
        candidates.map((row, index) => candidate(panel, row, index))
      ),
      h(
        'div.acts.pad',
        framed(null, t('use'), 'use', null, held(panel.busy.choose)),
        panel.choosing && button(t('cancel'), 'keep', () => panel.set({ choosing: false }, 'change'))
      )
    )
  ];
}

function candidate(panel, row, index) {
  const { evidence, site = {} } = row;
  return h(
    'label',
    h('input', {
      type: 'radio',
      name: 'candidate',
      required: true,
      key: `pick:${index}`,
      checked: panel.pick === index,
      change: () => panel.set({ pick: index })
    }),
    h(
      'span',
      h('b', h('bdi', row.name)),
      h(
        'span.sub',
        between(
          () => ' · ',
          [
            t('customer', row.customer_no),
            site.label || site.id,
            row.orders != null && counted(row.orders, 'n_order', 'n_orders'),
            row.last_order_at && t('last', day(row.last_order_at))
          ]
        )
      )
    ),
    evidence && badge(evidence, 'info')
  );
}

/* Strips above content that stays: offline, edited contact, refresh that failed. */
function strips(panel) {
  const { ref, retry_after_s: wait } = panel.trouble || {};
  return [
    panel.offline && notice('warn', 'alert', t('offline')),
    panel.edited && notice('info', 'user', t('edited'), t('edited_text')),
    panel.envelope &&
      panel.trouble &&
      (wait > 0
        ? notice('', 'clock', [t('busy'), panel.countdown('panel', wait)])
        : notice(
            'warn',
            'alert',
            t('failed'),
            [t('kept'), ref && t('ref', ref)],
            button(t('again'), 'again', () => panel.retry(), held(panel.loading()))
          )),
    panel.flaw && notice('warn', 'alert', panel.flaw)
  ];
}
