// GlideDateTime, GlideDate, GlideTime and GlideDuration of the scoped API. Internal values are UTC.

var SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

function pad(number, width) {
  var digits = String(Math.abs(number));
  while (digits.length < (width || 2)) digits = '0' + digits;
  return (number < 0 ? '-' : '') + digits;
}

function stamp(ms) {
  var d = new Date(ms);
  return pad(d.getUTCFullYear(), 4) + '-' + pad(d.getUTCMonth() + 1) + '-' + pad(d.getUTCDate()) + ' ' +
    pad(d.getUTCHours()) + ':' + pad(d.getUTCMinutes()) + ':' + pad(d.getUTCSeconds());
}

function parsedStamp(value) {
  var found = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?/.exec(text(value).trim());
  if (!found) return NaN;
  return Date.UTC(+found[1], +found[2] - 1, +found[3], +(found[4] || 0), +(found[5] || 0), +(found[6] || 0));
}

function msOf(value) {
  if (value instanceof GlideDateTime || value instanceof GlideDate) return value.ms;
  return parsedStamp(value);
}

function GlideDateTime(value) {
  if (!(this instanceof GlideDateTime)) return new GlideDateTime(value);
  this.ms = arguments.length === 0 || value === undefined ? Math.floor(call('time.now') / 1000) * 1000 : msOf(value);
}

var ARITHMETIC = {
  addSeconds: function (n) { this.ms += Number(n) * SECOND; },
  addDaysUTC: function (n) { this.ms += Number(n) * DAY; },
  addWeeksUTC: function (n) { this.ms += Number(n) * 7 * DAY; },
  addMonthsUTC: function (n) { this.ms = movedMonths(this.ms, Number(n)); },
  addYearsUTC: function (n) { this.ms = movedMonths(this.ms, Number(n) * 12); },
  addDaysLocalTime: function (n) { this.ms = call('time.addLocalDays', this.ms, Number(n)); },
  addWeeksLocalTime: function (n) { this.ms = call('time.addLocalDays', this.ms, Number(n) * 7); },
  addMonthsLocalTime: function (n) { this.ms = movedMonths(this.ms, Number(n)); },
  addYearsLocalTime: function (n) { this.ms = movedMonths(this.ms, Number(n) * 12); },
  compareTo: function (other) { return Math.sign(this.ms - msOf(other)); },
  before: function (other) { return this.ms < msOf(other); },
  after: function (other) { return this.ms > msOf(other); },
  onOrBefore: function (other) { return this.ms <= msOf(other); },
  onOrAfter: function (other) { return this.ms >= msOf(other); },
  equals: function (other) { return this.ms === msOf(other); },
  getNumericValue: function () { return isNaN(this.ms) ? 0 : this.ms; },
  setNumericValue: function (ms) { this.ms = Number(ms); },
  getYearUTC: function () { return new Date(this.ms).getUTCFullYear(); },
  getMonthUTC: function () { return new Date(this.ms).getUTCMonth() + 1; },
  getDayOfMonthUTC: function () { return new Date(this.ms).getUTCDate(); },
  getDayOfWeekUTC: function () { return new Date(this.ms).getUTCDay() || 7; },
  getDaysInMonthUTC: function () { return new Date(Date.UTC(this.getYearUTC(), this.getMonthUTC(), 0)).getUTCDate(); },
  getErrorMsg: function () { return this.isValid() ? '' : 'Could not parse DateTime'; },
  isValid: function () { return !isNaN(this.ms); }
};

// A month later keeps the day of the month, or takes the last day when the month is shorter.
function movedMonths(ms, months) {
  var d = new Date(ms);
  var first = Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + months, 1);
  var last = new Date(Date.UTC(new Date(first).getUTCFullYear(), new Date(first).getUTCMonth() + 1, 0)).getUTCDate();
  return first + (Math.min(d.getUTCDate(), last) - 1) * DAY + ms % DAY;
}

GlideDateTime.prototype = Object.assign({}, ARITHMETIC, {
  constructor: GlideDateTime,
  getValue: function () { return this.isValid() ? stamp(this.ms) : ''; },
  setValue: function (value) { this.ms = typeof value === 'number' ? value : msOf(value); },
  toString: function () { return this.getValue(); },
  toJSON: function () { return this.getValue(); },
  getDisplayValue: function () { return this.isValid() ? call('time.displayed', this.ms) : ''; },
  getDisplayValueInternal: function () { return this.getDisplayValue(); },
  setDisplayValue: function (value) { this.ms = call('time.fromDisplayed', text(value)); },
  getDate: function () { return new GlideDate(stamp(this.ms)); },
  getLocalDate: function () { return new GlideDate(call('time.displayed', this.ms)); },
  getTime: function () { return new GlideTime(this.ms % DAY); },
  getLocalTime: function () { return new GlideTime(parsedStamp(call('time.displayed', this.ms)) % DAY); },
  getTZOffset: function () { return call('time.offset', this.ms); },
  getDSTOffset: function () { return 0; },
  isDST: function () { return call('time.isDst', this.ms); },
  getDayOfMonthLocalTime: function () { return Number(call('time.displayed', this.ms).slice(8, 10)); },
  getDayOfWeekLocalTime: function () { return new Date(parsedStamp(call('time.displayed', this.ms))).getUTCDay() || 7; },
  getMonthLocalTime: function () { return Number(call('time.displayed', this.ms).slice(5, 7)); },
  getYearLocalTime: function () { return Number(call('time.displayed', this.ms).slice(0, 4)); },
  hasDate: function () { return this.isValid(); },
  add: function (value) { this.ms += value && value.ms !== undefined ? value.ms : Number(value); },
  subtract: function (value) { this.ms -= value && value.ms !== undefined ? value.ms : Number(value); }
});
GlideDateTime.subtract = function (start, end) { return new GlideDuration(msOf(end) - msOf(start)); };

function GlideDate(value) {
  this.ms = value === undefined ? parsedStamp(call('time.displayed', call('time.now')).slice(0, 10)) : parsedStamp(text(value).slice(0, 10));
}

GlideDate.prototype = Object.assign({}, ARITHMETIC, {
  constructor: GlideDate,
  getValue: function () { return this.isValid() ? stamp(this.ms).slice(0, 10) : ''; },
  setValue: function (value) { this.ms = parsedStamp(text(value).slice(0, 10)); },
  getDisplayValue: function () { return this.getValue(); },
  setDisplayValue: function (value) { this.setValue(value); },
  getDisplayValueInternal: function () { return this.getValue(); },
  getByFormat: function (format) { return call('time.formatted', this.ms, text(format)); },
  toString: function () { return this.getValue(); },
  toJSON: function () { return this.getValue(); }
});
GlideDate.subtract = GlideDateTime.subtract;

function GlideTime(value) {
  this.ms = typeof value === 'number' ? value : parsedStamp('1970-01-01 ' + (value === undefined ? '00:00:00' : value));
}

GlideTime.prototype = {
  constructor: GlideTime,
  getValue: function () { return stamp(this.ms).slice(11); },
  setValue: function (value) { this.ms = parsedStamp('1970-01-01 ' + value); },
  getDisplayValue: function () { return this.getValue(); },
  getByFormat: function (format) { return call('time.formatted', this.ms, text(format)); },
  getNumericValue: function () { return this.ms; },
  toString: function () { return this.getValue(); }
};

function GlideDuration(value) {
  this.ms = typeof value === 'number' ? value : value === undefined ? 0 : durationOf(value);
}

// "3 12:00:00" (days and time) or the stored form "1970-01-04 12:00:00".
function durationOf(value) {
  var days = /^(\d+) (\d\d):(\d\d):(\d\d)$/.exec(text(value));
  if (!days) return parsedStamp(value);
  return +days[1] * DAY + +days[2] * HOUR + +days[3] * MINUTE + +days[4] * SECOND;
}

GlideDuration.prototype = {
  constructor: GlideDuration,
  add: function (other) { return new GlideDuration(this.ms + other.ms); },
  subtract: function (other) { return new GlideDuration(this.ms - other.ms); },
  getNumericValue: function () { return this.ms; },
  getDayPart: function () { return Math.trunc(this.ms / DAY); },
  getRoundedDayPart: function () { return Math.round(this.ms / DAY); },
  getDurationValue: function () { return this.getDayPart() + ' ' + stamp(Math.abs(this.ms) % DAY).slice(11); },
  getValue: function () { return stamp(this.ms); },
  setValue: function (value) { this.ms = typeof value === 'number' ? value : durationOf(value); },
  setDisplayValue: function (value) { this.ms = durationOf(value); },
  getDisplayValue: function () {
    var parts = [];
    var left = this.ms;
    [[DAY, 'Day'], [HOUR, 'Hour'], [MINUTE, 'Minute'], [SECOND, 'Second']].forEach(function (unit) {
      var count = Math.floor(left / unit[0]);
      left -= count * unit[0];
      if (count) parts.push(count + ' ' + unit[1] + (count === 1 ? '' : 's'));
    });
    return parts.join(' ') || '0 Seconds';
  },
  getByFormat: function (format) { return call('time.formatted', this.ms, text(format)); },
  toString: function () { return this.getValue(); }
};
