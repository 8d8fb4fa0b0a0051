// RESTAPIRequest, RESTAPIResponse and sn_ws_err: what the script of a scripted REST resource works with.

function serviceErrorKind(status, name) {
  function ServiceError(message) {
    this.name = name;
    this.$serviceError = true;
    this.$status = status;
    this.$message = text(message);
    this.$detail = '';
  }
  ServiceError.prototype = {
    constructor: ServiceError,
    setStatus: function (value) { this.$status = Number(value); },
    setMessage: function (value) { this.$message = text(value); },
    setDetail: function (value) { this.$detail = text(value); },
    getStatus: function () { return this.$status; },
    getMessage: function () { return this.$message; },
    getDetail: function () { return this.$detail; },
    toString: function () { return name + ': ' + this.$message; }
  };
  return ServiceError;
}

var sn_ws_err = {};
[
  ['ServiceError', 500], ['BadRequestError', 400], ['NotFoundError', 404], ['NotAcceptableError', 406],
  ['ConflictError', 409], ['UnsupportedMediaTypeError', 415]
].forEach(function (kind) { sn_ws_err[kind[0]] = serviceErrorKind(kind[1], kind[0]); });
Object.freeze(sn_ws_err);

function RESTAPIRequest(given) {
  var entries = 0;
  var body = {
    data: given.body.data,
    dataString: given.body.text,
    getData: function () { return this.data; },
    hasNext: function () { return Array.isArray(given.body.data) && entries < given.body.data.length; },
    nextEntry: function () { return this.hasNext() ? given.body.data[entries++] : null; }
  };
  Object.defineProperty(body, 'dataStream', { get: unsupported('RESTAPIRequestBody.dataStream') });
  this.body = body;
  this.headers = given.headers;
  this.pathParams = given.pathParams;
  this.queryParams = given.queryParams;
  this.queryString = given.queryString;
  this.uri = given.uri;
  this.url = given.url;
}

RESTAPIRequest.prototype = {
  constructor: RESTAPIRequest,
  getHeader: function (name) {
    var value = this.headers[text(name).toLowerCase()];
    return value === undefined ? null : value;
  },
  getSupportedResponseContentTypes: function () { return ['application/json']; }
};

function RESTAPIResponse() {
  Object.defineProperty(this, '$answer', { value: { status: null, headers: {}, body: undefined, stream: null, error: null } });
}

RESTAPIResponse.prototype = {
  constructor: RESTAPIResponse,
  setStatus: function (status) { this.$answer.status = Number(status); },
  setBody: function (body) { this.$answer.body = body; },
  setHeader: function (name, value) { this.$answer.headers[text(name)] = text(value); },
  setHeaders: function (headers) { for (var name in headers) this.setHeader(name, headers[name]); },
  setContentType: function (type) { this.setHeader('Content-Type', type); },
  setLocation: function (location) { this.setHeader('Location', location); },
  setError: function (error) { this.$answer.error = error; },
  getStreamWriter: function () {
    var answer = this.$answer;
    if (answer.stream === null) answer.stream = '';
    return { writeString: function (part) { answer.stream += text(part); }, writeStream: unsupported('RESTAPIResponseStream.writeStream') };
  }
};

function serviceFailure(error) {
  if (error && error.$serviceError) return { status: error.$status, message: error.$message, detail: error.$detail };
  return { status: 500, message: text(error && error.message !== undefined ? error.message : error), detail: '' };
}

// Answers {status, headers, body, stream, error}; `body` is what setBody got or else what the script returned.
REQUESTS.webService = function (request) {
  var response = new RESTAPIResponse(), answer = response.$answer;
  try {
    var returned = execute(request.script, request.scope, { request: new RESTAPIRequest(request.request), response: response });
    if (answer.body === undefined) answer.body = returned;
    if (answer.body && answer.body.$serviceError) answer.error = answer.body;
  } catch (error) {
    if (!error || !error.$serviceError) throw error;
    answer.error = error;
  }
  if (answer.error) answer.error = serviceFailure(answer.error);
  if (answer.body === undefined || answer.error) answer.body = null;
  return answer;
};
