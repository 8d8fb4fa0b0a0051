/* The element: regions in reading order, redrawn one by one, so that what did not change keeps focus and place. */
function layout(panel) {
  /* A stop only while the agent is on it: a browser that leaves from -1 begins the panel again. */
  const end = h('span.vh', { tabindex: '-1', blur: () => end.setAttribute('tabindex', '-1') }),
    sides = { main: h('div.mn'), aside: h('div.sd') };
  const open = () => !panel.collapsed && !screen(panel);
  const regions = [
    ['header.hd', () => (panel.collapsed || open()) && header(panel)],
    ['div.strips', () => !panel.collapsed && strips(panel)],
    ['div.screen', () => !panel.collapsed && screen(panel)]
  ].map(([shape, build]) => ({ node: h(shape), build }));
  const sections = Object.keys(SECTIONS).map((name, index) => {
    const region = { node: h(`section.sec.a-${name}`), build: () => open() && section(panel, name) };
    sides[index < 3 ? 'main' : 'aside'].append(region.node);
    return region;
  });
  panel.regions = regions.concat(sections);
  panel.status = h('div.vh', { role: 'status' });
  panel.root.replaceChildren(
    h(
      'div.c360',
      !panel.boot &&
        h(
          'a.skip',
          {
            href: '#',
            click: event => {
              event.preventDefault();
              end.setAttribute('tabindex', '0');
              end.focus();
            }
          },
          t('skip')
        ),
      h(
        'section.panel',
        { 'aria-label': t('region') },
        regions.map(region => region.node),
        h('div.bd', sides.main, sides.aside),
        panel.status
      ),
      end
    )
  );
}

/* Redrawn when it would look different, or when the data behind its buttons is new. */
function drawRegion(panel, region) {
  const { node, build } = region,
    shell = node.cloneNode();
  shell.append(...flat([build()]));
  const same = shell.isEqualNode(node) && region.envelope === panel.envelope;
  region.envelope = panel.envelope;
  if (!same) node.replaceChildren(...shell.childNodes);
  node.hidden = !node.firstChild;
  node.setAttribute('aria-busy', !panel.envelope && !screen(panel));
}

/* The same shopper, as far as the answer says; without proof nothing on screen may be mixed. */
function sameCustomer(before, after) {
  const who = ({ sections }) => sections?.profile?.data?.customer_no ?? sections?.profile?.data?.name,
    match = before.customer?.match;
  if (after.customer && match !== 'pending' && after.customer.match !== match) return false;
  return !who(before) || !after.sections?.profile || who(after) === who(before);
}

/* What a section already shows is not given up for "not known yet". */
function merged(before, after) {
  const news = Object.entries(after.sections || {}).filter(
    ([name, part]) => part?.status !== 'pending' || !before.sections?.[name]
  );
  return { ...before, ...after, sections: { ...before.sections, ...Object.fromEntries(news) } };
}

const byKey = (root, key) =>
  [...root.querySelectorAll('[data-key]')].find(node => node.dataset.key === key && node.checkVisibility());

/* For frames without clipboard permission: select the text in a field of ours and let the browser copy it. */
function copiedBySelection(root, value) {
  const field = h('textarea.vh', { tabindex: '-1', readonly: true, 'aria-hidden': 'true' }),
    held = root.activeElement;
  field.value = value;
  root.append(field);
  field.focus({ preventScroll: true });
  field.setSelectionRange(0, value.length);
  const copied = tried(() => document.execCommand('copy'));
  field.remove();
  if (held) held.focus({ preventScroll: true });
  return copied;
}

/* Whether this user keeps the panel collapsed; storage is a comfort and may be refused. */
function stored(value) {
  const key = `c360.collapsed.${window.g_user?.userID}`;
  return tried(() => (value ? window.localStorage.setItem(key, value) : window.localStorage.getItem(key)));
}

/* The form's scripts may load after this one; the platform calls back at once when they are there already. */
function whenReady(run) {
  if (window.addLateLoadEvent) window.addLateLoadEvent(run);
  else if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run);
  else run();
}

/* Below the fold the panel asks for nothing: the agent's request queue is short. */
function whenNear(node, signal, run) {
  const observer = new IntersectionObserver(
    seen => {
      if (!seen.some(entry => entry.isIntersecting)) return;
      observer.disconnect();
      run();
    },
    { rootMargin: '300px' }
  );
  observer.observe(node);
  signal.addEventListener('abort', () => observer.disconnect());
}

class CommercePanel extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    }
    this.panel = new Panel(this, this.shadowRoot);
    this.panel.start();
  }

  disconnectedCallback() {
    this.panel.stop.abort();
  }
}

if (!window.customElements.get('sfcc-c360')) window.customElements.define('sfcc-c360', CommercePanel);
