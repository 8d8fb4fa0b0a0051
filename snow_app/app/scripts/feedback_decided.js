// A person confirmed or dismissed a link, or merged clusters. Ids only: the sidecar reads the record itself.
(function executeRule(current) {
  var client = new SidecarClient();
  try {
    client.call('change', {
      table: String(current.getTableName()),
      sys_id: String(current.getUniqueValue()),
      updated_on: String(current.getValue('sys_updated_on') || ''),
      mod_count: parseInt(current.getValue('sys_mod_count'), 10) || 0,
      correlation_id: String(current.getValue('correlation_id') || ''),
      site_id: String(current.getValue('site_id') || ''),
      order_no: ''
    });
  } catch (thrown) {
    client.described(thrown, 'change');
  }
})(current);
