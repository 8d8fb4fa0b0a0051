/* Nodes. Text only ever becomes a text node, so no upstream string can turn into markup. */
const RING = 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z',
  USER = 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14c.5-3 2.5-4 5.5-4s5 1 5.5 4';
const STAR = 'M8 2l2 4 4 .5-3 3 .9 4.5L8 12l-3.9 2L5 9.5l-3-3L6 6z',
  LOCK = 'M3.5 7h9v7h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  TURN = 'M13.3 9.5A5.5 5.5 0 1 1 12.5 5l1.5 1.5M14 2.5v4h-4',
  CLOCK = RING + 'M8 4.5V8l2.5 1.5';
const ICONS = {
  __proto__: null,
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  ext: 'M9 2.5h4.5V7M13.5 2.5l-6 6M11.5 9.5v4h-9v-9h4',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  email: 'M2 3.5h12v9H2zM2 4.5L8 9l6-4.5',
  phone: 'M4 2h2l1 3-1.5 1.5a8 8 0 0 0 4 4L11 9l3 1v2a2 2 0 0 1-2 2A10 10 0 0 1 2 4a2 2 0 0 1 2-2z',
  user: USER,
  lock: LOCK,
  shield: LOCK,
  refresh: TURN,
  repeat: TURN,
  link: 'M6.5 9.5l3-3M7 5l1.5-1.5a3 3 0 0 1 4 4L11 9M9 11l-1.5 1.5a3 3 0 0 1-4-4L5 7',
  globe: RING + 'M1.5 8h13M8 1.5c3.5 4 3.5 9 0 13M8 1.5c-3.5 4-3.5 9 0 13',
  star: STAR,
  loyalty: STAR,
  clock: CLOCK,
  activity: CLOCK,
  truck:
    'M1 3.5h8.5v8H1zM9.5 6.5h3L15 9v2.5H9.5M4 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM12 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  cart: 'M1 2h2l2 8h7l1.5-6h-10M5.5 13.5v.1M11.5 13.5v.1',
  return: 'M6 3L2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7',
  insights: 'M6 14h4M6 11.5c0-1.5-2-2-2-5a4 4 0 0 1 8 0c0 3-2 3.5-2 5z',
  kpis: 'M2 8.5h3l2-5 3 9 2-4h2',
  orders: 'M8 1.5l6 3v7l-6 3-6-3v-7zM2 4.5l6 3 6-3M8 7.5v7',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.5 10.5L14 14',
  check: 'M3 8.5L6.5 12 13 4.5',
  warn: 'M8 2l7 12H1zM8 6.5v3M8 11.5v.1',
  alert: RING + 'M8 5v3.5M8 11v.1',
  info: RING + 'M8 7.5v3.5M8 5v.1',
  down: 'M4 6l4 4 4-4',
  bag: 'M3 5.5h10l.5 8.5h-11zM5.5 8V4.5a2.5 2.5 0 0 1 5 0V8',
  close: 'M4 4l8 8M12 4l-8 8'
};
const TONES = {
  __proto__: null,
  critical: 'crit', high: 'warn', warning: 'warn', moderate: 'mod', info: 'info', positive: 'pos' };
const SVG = 'http://www.w3.org/2000/svg';

const list = value => (Array.isArray(value) ? value.filter(item => item != null) : []);
const text = value => (value == null || typeof value === 'object' ? '' : String(value));
const tone = name => TONES[name] || 'low';
/* Only words, numbers and nodes are shown: an upstream value of another kind disappears. */
const flat = kids =>
  kids.flat(9).filter(kid => kid instanceof Node || typeof kid === 'number' || (typeof kid === 'string' && kid));

/* h('span.mut', {title: '…'}, 'text', node): a function is an event listener, null leaves an attribute out. */
function h(name, ...kids) {
  const [tag, ...classes] = name.split('.'),
    node = document.createElement(tag);
  if (classes.length) node.className = classes.join(' ');
  if (kids[0] && Object.getPrototypeOf(kids[0]) === Object.prototype) {
    Object.entries(kids.shift()).forEach(([key, value]) => {
      if (typeof value === 'function') node.addEventListener(key, value);
      else if (value != null && (value !== false || /^aria/.test(key)))
        node.setAttribute(key === 'key' ? 'data-key' : key, value === true && !/^aria/.test(key) ? '' : value);
    });
  }
  node.append(...flat(kids));
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, 'svg'),
    path = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name] || ICONS.info);
  svg.append(path);
  return svg;
}

const quiet = (...words) => h('span.vh', ...words);
const badge = (label, kind = 'low', mark = null) => h(`span.bg.${kind}`, mark && icon(mark), label);
const held = on => ({ 'aria-disabled': !!on, 'aria-busy': !!on });
const button = (label, key, click, props) => h('button.lb', { type: 'button', key, click, ...props }, label);
const framed = (mark, label, key, click, props) =>
  h('button.btn', { type: click ? 'button' : 'submit', key, click, ...props }, mark && icon(mark), label);
const iconButton = (mark, label, key, click, props) =>
  h('button.ib', { type: 'button', key, click, 'aria-label': label, title: label, ...props }, icon(mark));

/* A link that leaves the panel: https, without credentials, to a host on the list (any host when there is no list). */
let hosts = [];

function safeUrl(href) {
  const url = tried(() => new URL(href));
  return (
    url &&
    url.protocol === 'https:' &&
    !url.username &&
    (!hosts.length || hosts.some(host => `.${url.hostname}`.endsWith(`.${host}`))) &&
    url.href
  );
}

function outward(shape, href, props, ...kids) {
  const url = safeUrl(href);
  return (
    url &&
    h(
      shape,
      { href: url, target: '_blank', rel: 'noopener noreferrer', ...props },
      kids,
      !props.title && quiet(t('new_tab'))
    )
  );
}

const iconLink = (href, title) =>
  outward('a.ib', href, { key: title, title, 'aria-label': title + t('new_tab') }, icon('ext'));

/* Relative on screen, exact in the tooltip. */
function when(iso) {
  const words = iso && ago(iso);
  return words ? h('time', { datetime: iso, title: moment(iso) }, words) : text(iso);
}

const copyButton = (panel, label, value) =>
  iconButton('copy', t('copy', label), `copy:${label}:${value}`, event =>
    panel.copy(value, label, event.currentTarget)
  );

/* One sentence in a box: what happened, what it means, what to do. */
const notice = (kind, mark, title, body, action) =>
  h(`div.msg.${kind || 'low'}`, icon(mark), h('div', h('b', title), h('div.sub', body)), action);
