// The sidecar says that complaints go on: a problem that was resolved or closed is worked on again.
(function executeRule(current) {
  var ANALYSIS = '103', RESOLVED = '106', CLOSED = '107';
  var problem = new GlideRecord('problem');
  if (!problem.get(current.getUniqueValue())) return;
  var state = String(problem.getValue('state'));
  if (state == RESOLVED || state == CLOSED) {
    problem.setValue('state', ANALYSIS);
    problem.setValue('work_notes', gs.getMessage('Taken up again: shoppers still complain.') + ' ' +
      String(problem.getValue('x_acme_sfcc_feedback_recurrence_note') || ''));
  }
  problem.setValue('x_acme_sfcc_feedback_reopen', false);
  problem.update();
})(current);
