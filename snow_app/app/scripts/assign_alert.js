// The group a property names for the team of a storefront incident. Without that group the task stays as it is.
(function () {
  var team = current.getValue('x_acme_sfcc_team');
  var name = gs.getProperty('x_acme_sfcc.alerts.group.' + team, '');
  var group = new GlideRecord('sys_user_group');
  if (name && group.get('name', name)) current.setValue('assignment_group', group.getUniqueValue());
})();
