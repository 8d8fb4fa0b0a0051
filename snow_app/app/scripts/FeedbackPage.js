// What the page of recurring feedback shows: the most frequent clusters of the last four weeks, day by day, with their
// problem and whether the complaints stopped. Ids, words of ours and numbers only.
var FeedbackPage = Class.create();
FeedbackPage.DAYS = 28;
FeedbackPage.SHOWN = 12;
FeedbackPage.MOST = 5000;
FeedbackPage.TALLEST = 36;
FeedbackPage.DAY_MS = 86400000;
FeedbackPage.prototype = {
  initialize: function () {
    this.today = Math.floor(new GlideDateTime().getNumericValue() / FeedbackPage.DAY_MS);
    this.byCluster = {};
    this.total = 0;
    this.languages = {};
  },

  model: function () {
    if (!gs.hasRole('x_acme_sfcc.feedback') && !gs.hasRole('admin')) {
      return { allowed: false, message: gs.getMessage('You need the role x_acme_sfcc.feedback to see this page.') };
    }
    this._count();
    var rows = this._rows();
    var most = rows.length ? rows[0].number : 1;
    var open = 0, stopped = 0;
    for (var i = 0; i < rows.length; i++) {
      rows[i].share = Math.max(2, Math.round(100 * rows[i].number / most));
      if (rows[i].problem && !rows[i].closed) open += 1;
      if (rows[i].recurrence == 'stopped') stopped += 1;
    }
    return {
      allowed: true, rows: rows, empty: rows.length === 0, total: this.total, open: open, stopped: stopped,
      clusters: this._size(this.byCluster), days: FeedbackPage.DAYS, languages: this._spoken(), from: this._day(0),
      until: this._day(FeedbackPage.DAYS - 1)
    };
  },

  _count: function () {
    var since = new GlideDateTime();
    since.addDaysUTC(1 - FeedbackPage.DAYS);
    var given = new GlideRecord('x_acme_sfcc_feedback');
    given.addQuery('submitted_at', '>=', since.getValue().substring(0, 10) + ' 00:00:00');
    given.addQuery('decision', '!=', 'dismissed');
    given.setLimit(FeedbackPage.MOST);
    given.query();
    while (given.next()) {
      var cluster = String(given.getValue('cluster') || '');
      var place = this._place(String(given.getValue('submitted_at') || ''));
      if (!cluster || place < 0) continue;
      if (!this.byCluster[cluster]) this.byCluster[cluster] = { number: 0, days: [] };
      var held = this.byCluster[cluster];
      held.number += 1;
      held.days[place] = (held.days[place] || 0) + 1;
      var language = String(given.getValue('language') || 'und');
      this.languages[language] = (this.languages[language] || 0) + 1;
      this.total += 1;
    }
  },

  _rows: function () {
    var found = [];
    var cluster = new GlideRecord('x_acme_sfcc_feedback_cluster');
    cluster.addNullQuery('merged_into');
    cluster.addQuery('rung', '!=', 'text');
    cluster.orderByDesc('count');
    cluster.setLimit(FeedbackPage.MOST);
    cluster.query();
    while (cluster.next()) {
      var held = this.byCluster[String(cluster.getUniqueValue())];
      if (held) found.push(this._row(cluster, held));
    }
    found.sort(function (a, b) { return b.number - a.number || (a.label < b.label ? -1 : 1); });
    return found.slice(0, FeedbackPage.SHOWN);
  },

  _row: function (cluster, held) {
    var row = {
      label: String(cluster.getValue('label')), site: String(cluster.getValue('site_id')), number: held.number,
      customers: String(cluster.getValue('customers') || '0'), cause: String(cluster.getValue('cause') || ''),
      url: 'x_acme_sfcc_feedback_cluster.do?sys_id=' + cluster.getUniqueValue(), bars: this._bars(held.days),
      problem: '', problemUrl: '', recurrence: '', recurrenceText: '', action: '', closed: false
    };
    var problem = new GlideRecord('problem');
    if (cluster.getValue('problem') && problem.get(cluster.getValue('problem'))) {
      row.problem = String(problem.getValue('number'));
      row.problemUrl = 'problem.do?sys_id=' + problem.getUniqueValue() + '&sysparm_view=x_acme_sfcc_feedback';
      row.recurrence = String(problem.getValue('x_acme_sfcc_feedback_recurrence') || '');
      row.recurrenceText = row.recurrence ? problem.getDisplayValue('x_acme_sfcc_feedback_recurrence') :
        problem.getDisplayValue('state');
      row.action = problem.getValue('x_acme_sfcc_feedback_action_state') ?
        problem.getDisplayValue('x_acme_sfcc_feedback_action') : '';
      row.closed = String(problem.getValue('state')) == '107';
    }
    return row;
  },

  _bars: function (days) {
    var most = 1, bars = [];
    for (var i = 0; i < FeedbackPage.DAYS; i++) most = Math.max(most, days[i] || 0);
    for (var day = 0; day < FeedbackPage.DAYS; day++) {
      var number = days[day] || 0;
      var height = number ? Math.max(3, Math.round(FeedbackPage.TALLEST * number / most)) : 1;
      bars.push({
        x: day * 8, y: FeedbackPage.TALLEST - height, height: height, kind: number ? 'some' : 'none',
        title: this._day(day) + ': ' + number
      });
    }
    return bars;
  },

  _place: function (stamp) {
    var at = new GlideDateTime(stamp);
    return Math.floor(at.getNumericValue() / FeedbackPage.DAY_MS) - this.today + FeedbackPage.DAYS - 1;
  },

  _day: function (place) {
    var at = new GlideDateTime();
    at.addDaysUTC(place - FeedbackPage.DAYS + 1);
    return String(at.getValue()).substring(0, 10);
  },

  _spoken: function () {
    var names = [];
    for (var name in this.languages) {
      if (Object.prototype.hasOwnProperty.call(this.languages, name)) names.push(name + ' ' + this.languages[name]);
    }
    return names.sort().join(' · ');
  },

  _size: function (held) {
    var size = 0;
    for (var name in held) if (Object.prototype.hasOwnProperty.call(held, name)) size += 1;
    return size;
  },

  type: 'FeedbackPage'
};
