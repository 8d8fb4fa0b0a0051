(function execute(inputs, outputs) {
  var found = new x_acme_sfcc.ContextFlow().lookUp(inputs.table, inputs.record);
  outputs.match = found.match;
  outputs.customer_no = found.customer_no;
  outputs.site_id = found.site_id;
  outputs.error = found.error;
})(inputs, outputs);
