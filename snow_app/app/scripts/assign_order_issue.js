// The group that works on order issues, by the name in the property; nobody when it names none.
(function (task) {
  var name = gs.getProperty('x_acme_sfcc.order_issues.group', '');
  var group = new GlideRecord('sys_user_group');
  if (name && group.get('name', name)) task.setValue('assignment_group', group.getUniqueValue());
})(current);
