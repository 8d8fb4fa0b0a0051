// What the case form and the workspace page need before the panel loads. No commerce data passes here: the form's
// markup may be cached.
var ContextMacro = Class.create();
ContextMacro.prototype = {
  config: function (current) {
    var saved = !!current && !current.isNewRecord();
    return {
      show: saved && this._enabled() && ContextCase.roles().length > 0,
      case_id: saved ? String(current.getUniqueValue()) : '',
      table: saved ? String(current.getTableName()) : '',
      locale: ContextCase.locale(),
      tz: ContextCase.timeZone(),
      rev: String(gs.getProperty('x_acme_sfcc.panel.revision', '0'))
    };
  },

  // The address of a page of the sidecar for one case, good for a minute or two: {url, message}.
  link: function (table, sysId) {
    var client = new SidecarClient();
    try {
      var shown = new ContextCase(String(table || ''), String(sysId || ''));
      shown.mustRead();
      var identity = shown.identity();
      new ContextLog().mustWrite(shown, identity, { action: 'panel_link', reference: client.ref, result: 'asked' });
      var answer = client.call('panel_link', { identity: identity, 'case': shown.reference(), viewer: shown.viewer() });
      if (!/^https?:\/\//.test(String(answer.url))) throw { code: 'bad_answer' };
      return { url: String(answer.url), message: '' };
    } catch (thrown) {
      return { url: '', message: client.described(thrown, 'panel_link').message };
    }
  },

  _enabled: function () {
    return gs.getProperty('x_acme_sfcc.panel.enabled') == 'true';
  },

  type: 'ContextMacro'
};
