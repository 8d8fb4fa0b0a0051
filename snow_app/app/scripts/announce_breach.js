// A warning was stored: tell whoever works on its incident.
(function executeRule(current) {
  var incident = new GlideRecord('incident');
  if (!incident.get(current.getValue('incident'))) return;
  gs.eventQueue('x_acme_sfcc.sla_at_risk', incident, current.getValue('sla'), current.getValue('due'));
})(current);
