// gs of the scoped API. Names that exist only for global scripts answer with the platform's refusal.

var GLOBAL_ONLY = ['log', 'logError', 'logWarning', 'print', 'sleep', 'include', 'workflowFlush', 'setRedirect', 'setReturn',
  'getMessageS', 'flushMessages', 'getStyle', 'getSysTimeZone', 'xmlToJSON', 'generateRandomPassword', 'saveReplaceParam'];

function SystemUser(fields) { this.fields = fields; }

SystemUser.prototype = {
  getID: function () { return this.fields.sys_id; },
  getName: function () { return this.fields.user_name; },
  getDisplayName: function () { return this.fields.name; },
  getFirstName: function () { return this.fields.first_name; },
  getLastName: function () { return this.fields.last_name; },
  getEmail: function () { return this.fields.email; },
  getCompanyID: function () { return call('system.userValue', 'company'); },
  getDomainID: function () { return 'global'; },
  getRoles: function () { return this.fields.roles.slice(); },
  getUserRoles: function () { return this.fields.roles.slice(); },
  hasRole: function (role) { return call('system.hasRole', text(role)); },
  hasRoles: function () { return this.fields.roles.length > 0; },
  isMemberOf: function (group) { return call('system.isMemberOf', text(group)); },
  getRecord: function () { return newRecordOf('sys_user', this.fields.sys_id); },
  getPreference: function (name) { return call('system.preference', text(name)); },
  savePreference: function (name, value) { call('system.savePreference', text(name), text(value)); }
};

function newRecordOf(table, id) {
  var record = newRecord(table, currentScope());
  record.get(id);
  return record;
}

function SystemSession(scope) { this.scope = scope; }

SystemSession.prototype = {
  isInteractive: function () { return call('system.isInteractive'); },
  isLoggedIn: function () { return true; },
  getLanguage: function () { return call('system.user').language; },
  getTimeZoneName: function () { return call('system.user').time_zone; },
  getCurrentApplicationId: function () { return call('system.application'); },
  getClientData: function (name) { return call('system.clientData', text(name), null); },
  putClientData: function (name, value) { call('system.clientData', text(name), text(value)); },
  getSessionToken: function () { return call('system.token'); }
};

function message(parts) {
  var args = Array.prototype.slice.call(parts, 1);
  if (args.length === 1 && Array.isArray(args[0])) args = args[0];
  return call('system.message', text(parts[0]), args.map(text));
}

function placed(parts) {
  return text(parts[0]).replace(/\{(\d+)\}/g, function (whole, index) {
    var value = parts[Number(index) + 1];
    return value === undefined ? whole : text(value);
  });
}

function systemFor(scope) {
  function log(level) {
    return function () { call('system.log', scope, level, placed(arguments)); };
  }
  var gs = {
    info: log('info'), warn: log('warn'), error: log('error'), debug: log('debug'),
    isDebugging: function () { return call('system.property', scope + '.logging.debug', 'false') === 'true'; },
    getProperty: function (name, fallback) {
      return call('system.property', text(name), fallback === undefined ? null : fallback);
    },
    setProperty: function (name, value, description) {
      call('system.setProperty', scope, text(name), text(value), description === undefined ? null : text(description));
    },
    getUserID: function () { return call('system.user').sys_id; },
    getUserName: function () { return call('system.user').user_name; },
    getUserDisplayName: function () { return call('system.user').name; },
    getUser: function () { return new SystemUser(call('system.user')); },
    hasRole: function (role) { return call('system.hasRole', text(role)); },
    isLoggedIn: function () { return true; },
    isInteractive: function () { return call('system.isInteractive'); },
    getSession: function () { return new SystemSession(scope); },
    getSessionID: function () { return call('system.sessionId'); },
    getSessionToken: function () { return call('system.token'); },
    getCurrentApplicationId: function () { return call('system.application'); },
    getCurrentScopeName: function () { return scope; },
    getCallerScopeName: function () { return callerScope(); },
    getMessage: function () { return message(arguments); },
    addErrorMessage: function (value) { call('messages.add', 'error', text(value)); },
    addInfoMessage: function (value) { call('messages.add', 'info', text(value)); },
    getErrorMessages: function () { return call('messages.list', 'error'); },
    nil: isNil,
    eventQueue: function (name, record, first, second, queue) { queueEvent(name, record, [first, second], queue, ''); },
    eventQueueScheduled: function (name, record, first, second, due) {
      queueEvent(name, record, [first, second], '', due.getValue ? due.getValue() : due);
    },
    executeNow: function (job) { call('system.executeNow', job.getUniqueValue()); },
    generateGUID: function () { return call('system.guid'); },
    tableExists: function (name) { return tableOf(text(name)).valid; },
    urlEncode: function (value) { return encodeURIComponent(text(value)); },
    urlDecode: function (value) { return decodeURIComponent(text(value)); },
    base64Encode: function (value) { return call('text.base64', text(value)); },
    base64Decode: function (value) { return call('text.unbase64', text(value)); },
    isMobile: function () { return false; },
    getEscapedProperty: function (name, fallback) {
      return GlideStringUtil.escapeHTML(call('system.property', text(name), fallback === undefined ? null : fallback));
    },
    minutesAgo: function (n) { return call('time.ago', Number(n) * 60); },
    hoursAgo: function (n) { return call('time.ago', Number(n) * 3600); },
    daysAgo: function (n) { return call('time.ago', Number(n) * 86400); },
    daysAgoStart: function (n) { return call('time.dayEdge', -Number(n), false); },
    daysAgoEnd: function (n) { return call('time.dayEdge', -Number(n), true); },
    beginningOfToday: function () { return call('time.dayEdge', 0, false); },
    endOfToday: function () { return call('time.dayEdge', 0, true); },
    beginningOfLastWeek: unsupported('gs.beginningOfLastWeek'),
    now: function () { return call('time.displayed', call('time.now')).slice(0, 10); },
    nowDateTime: function () { return call('time.displayed', call('time.now')); },
    nowNoTZ: function () { return new GlideDateTime().getValue(); },
    dateDiff: unsupported('gs.dateDiff'),
    toString: function () { return 'GlideSystem'; }
  };
  if (scope !== 'global') {
    GLOBAL_ONLY.forEach(function (name) {
      gs[name] = function () { throw platformError('Error', 'Function ' + name + ' is not allowed in scope ' + scope); };
    });
  } else {
    gs.log = gs.print = function (value, source) { call('system.log', text(source) || scope, 'info', text(value)); };
    gs.logError = function (value, source) { call('system.log', text(source) || scope, 'error', text(value)); };
    gs.logWarning = function (value, source) { call('system.log', text(source) || scope, 'warn', text(value)); };
  }
  return Object.freeze(gs);
}

function unsupported(name) {
  return function () { throw platformError('Error', name + ' is not part of this emulator'); };
}

function queueEvent(name, record, parameters, queue, due) {
  call('system.event', {
    name: text(name), table: record ? record.getTableName() : '', sys_id: record ? text(record.getUniqueValue()) : '',
    parameters: parameters.map(text), queue: text(queue), due: text(due)
  });
}
