// Ids only: the sidecar reads the record with its own rights. Whatever goes wrong here, the save is done already and the
// sidecar's sweep finds the change.
(function executeRule(current) {
  var client = new SidecarClient();
  try {
    client.call('change', {
      table: String(current.getRecordClassName ? current.getRecordClassName() : current.getTableName()),
      sys_id: String(current.getUniqueValue()),
      updated_on: String(current.getValue('sys_updated_on') || ''),
      mod_count: parseInt(current.getValue('sys_mod_count'), 10) || 0,
      correlation_id: String(current.getValue('correlation_id') || ''),
      site_id: String(current.getValue('x_acme_sfcc_site_id') || ''),
      order_no: String(current.getValue('x_acme_sfcc_order_no') || '')
    });
  } catch (thrown) {
    client.described(thrown, 'change');
  }
})(current);
