/* Dates, money and numbers as the agent reads them; an unreadable value is shown as it came, never as a blank.
   A page has one agent, so language and time zone are set once, by the first element. */
const UNITS = [
  ['year', 31557600],
  ['month', 2629800],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60]
];
let locale = 'en',
  timeZone;

/* What `make` gives, or nothing when it throws, as Intl does for what it does not know. */
function tried(make) {
  try {
    return make();
  } catch (e) {
    return undefined;
  }
}

function readAs(language, zone) {
  locale = tried(() => new Intl.Locale(language.replace(/_/g, '-')).toString()) || locale;
  timeZone = tried(() => new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone);
}

const intl = (kind, options) => new Intl[kind](locale, options);
const number = value => (value === '' || isNaN(value) ? text(value) : intl('NumberFormat').format(value));

/* {amount, currency}; `short` drops the decimals of a whole amount. */
function money(value, short) {
  const { amount, currency } = value || {},
    options = { style: 'currency', currency, trailingZeroDisplay: short ? 'stripIfInteger' : 'auto' };
  return (
    (!isNaN(amount) && tried(() => intl('NumberFormat', options).format(amount))) ||
    `${text(amount) || '–'} ${text(currency)}`.trim()
  );
}

/* 12 Nov; with its year when that is not this year's. A plain date is the same day everywhere. */
function day(iso, options) {
  const year = new Date(iso).getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
  return (
    tried(() =>
      intl('DateTimeFormat', {
        day: 'numeric',
        month: 'short',
        year,
        timeZone: /T/.test(iso) ? timeZone : 'UTC',
        ...options
      }).format(new Date(iso))
    ) || text(iso)
  );
}

const month = iso => day(iso, { day: undefined, year: 'numeric' });
const moment = iso => day(iso, { hour: '2-digit', minute: '2-digit' });

/* 26 min ago; nothing for what is no time. */
function ago(iso) {
  const seconds = (Date.now() - new Date(iso)) / 1000,
    [unit, length] = UNITS.find(row => Math.abs(seconds) >= row[1]) || UNITS[4];
  return Math.abs(seconds) < 90
    ? t('just_now')
    : tried(() => intl('RelativeTimeFormat', { style: 'short' }).format(-Math.round(seconds / length), unit));
}

const all = words => intl('ListFormat').format(words);
const counted = (n, one, many) => (Number(n) === 1 ? t(one) : t(many, number(n)));
/* "24m" → "last 24 months" */
const covers = span => (/^\d+[hdmy]$/.test(span) ? t(span.slice(-1), span.slice(0, -1)) : text(span));
