// global.AbstractAjaxProcessor: what client-callable script includes extend.

function AbstractAjaxProcessor() {
  if (this.initialize) this.initialize.apply(this, arguments);
}

AbstractAjaxProcessor.prototype = {
  CALLABLE_PREFIX: 'ajaxFunction_',
  initialize: function (request, response, processor) {
    this.request = request || ajaxRequest({});
    this.responseXML = response || null;
    this.gc = processor || null;
    this.$answer = '';
    this.$items = [];
  },
  process: function () {},
  getParameter: function (name) { return this.request.getParameter(name); },
  getName: function () { return this.getParameter('sysparm_name'); },
  getValue: function () { return this.getParameter('sysparm_value'); },
  getType: function () { return this.getParameter('sysparm_type'); },
  getChars: function () { return this.getParameter('sysparm_chars'); },
  setAnswer: function (value) { this.$answer = value; },
  setError: function (value) { this.$error = value; },
  newItem: function (name) {
    var item = { name: name || 'item', attributes: {} };
    this.$items.push(item);
    return { setAttribute: function (key, value) { item.attributes[text(key)] = text(value); } };
  },
  getRootElement: function () {
    var root = this;
    return { setAttribute: function (key, value) { if (key === 'answer') root.$answer = value; } };
  },
  setParam: function (element, key, value) { element.setAttribute(key, value); },
  toString: function () { return 'AbstractAjaxProcessor'; }
};

function ajaxRequest(parameters) {
  return {
    getParameter: function (name) {
      return Object.prototype.hasOwnProperty.call(parameters, name) ? parameters[name] : null;
    }
  };
}

// Methods whose names start with an underscore or belong to the base class are not callable from the client.
function runAjax(processor, parameters) {
  var instance = new processor(ajaxRequest(parameters), null, null);
  var name = text(parameters.sysparm_name);
  var callable = name && name.charAt(0) !== '_' && !(name in AbstractAjaxProcessor.prototype) && !(name in Object.prototype) &&
    typeof instance[name] === 'function';
  if (!callable && name) return { answer: null, items: [], unknown: name };
  var answer = name ? instance[name]() : instance.process();
  if (answer === undefined || answer === null) answer = instance.$answer;
  return { answer: answer === undefined || answer === null ? null : String(answer), items: instance.$items || [], unknown: null };
}
