// GlideStringUtil and GlideSysAttachment, as far as scoped scripts of this product's kind use them.

var ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

var GlideStringUtil = Object.freeze({
  escapeHTML: function (value) {
    return text(value).replace(/[&<>"']/g, function (c) { return ENTITIES[c]; });
  },
  escapeXML: function (value) { return GlideStringUtil.escapeHTML(value); },
  unEscapeHTML: function (value) {
    return text(value).replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
  },
  escapeNonPrintable: function (value) {
    return text(value).replace(/[\u0000-\u001f]/g, function (c) { return '\\u' + ('000' + c.charCodeAt(0).toString(16)).slice(-4); });
  },
  escapeQueryTermSeparator: function (value) { return text(value).replace(/\^/g, '^^'); },
  escapeForHomePage: function (value) { return text(value).replace(/\^/g, '%5E').replace(/&/g, '%26'); },
  getHTMLValue: function (value) { return GlideStringUtil.escapeHTML(value).replace(/\n/g, '<br/>'); },
  stripHTML: function (value) { return text(value).replace(/<[^>]*>/g, ''); },
  isEligibleSysID: function (value) { return /^[0-9a-f]{32}$/.test(text(value)); },
  base64Encode: function (value) { return call('text.base64', text(value)); },
  base64Decode: function (value) { return call('text.unbase64', text(value)); },
  base64DecodeAsBytes: function (value) { return call('text.unbase64', text(value)); },
  normalizeWhitespace: function (value) { return text(value).replace(/\s+/g, ' ').trim(); },
  newLinesToBreaks: function (value) { return text(value).replace(/\n/g, '<br/>'); },
  getNumeric: function (value) { return text(value).replace(/\D/g, ''); },
  dotToUnderBar: function (value) { return text(value).replace(/\./g, '_'); }
});

function GlideSysAttachment() { this.scope = currentScope(); }

GlideSysAttachment.prototype = {
  constructor: GlideSysAttachment,
  write: function (record, name, type, content) {
    return call('attachments.write', {
      table: record.getTableName(), sys_id: record.getUniqueValue(), name: text(name), type: text(type), content: text(content)
    });
  },
  writeBase64: function (record, name, type, content) {
    return this.write(record, name, type, call('text.unbase64', text(content)));
  },
  getContent: function (attachment) { return call('attachments.content', attachment.getUniqueValue()); },
  getContentBase64: function (attachment) { return call('text.base64', this.getContent(attachment)); },
  getAttachments: function (table, id) {
    var found = newRecord('sys_attachment', this.scope);
    found.addQuery('table_name', text(table));
    found.addQuery('table_sys_id', text(id));
    found.query();
    return found;
  },
  copy: unsupported('GlideSysAttachment.copy'),
  deleteAttachment: function (id) {
    var found = newRecord('sys_attachment', this.scope);
    if (found.get(text(id))) found.deleteRecord();
  }
};
