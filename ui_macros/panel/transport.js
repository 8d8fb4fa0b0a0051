/* How an operation reaches the server. Both ways answer one object: the data, or {error: {code, ...}}. */
const ANSWER_WITHIN_MS = 8000;

/* A user's requests wait in one queue on the instance, the agent's own Save included: so one call at a time, page-wide. */
const line = { waiting: [], taken: false };

function nextInLine() {
  if (line.taken || !line.waiting.length) return;
  line.taken = true;
  line.waiting.shift()(() => {
    line.taken = false;
    nextInLine();
  });
}

/* Ask once; `done` always runs, exactly once, at the latest after `within` milliseconds. */
function ask(transport, within, op, params, done) {
  line.waiting.push(free => {
    let over = false;
    const finish = answer => {
      if (over) return;
      over = true;
      free();
      done(answer);
    };
    setTimeout(() => finish(fault('timeout')), within);
    try {
      transport(op, params, finish);
    } catch (e) {
      finish(fault('not_sent'));
    }
  });
  nextInLine();
}

const fault = (code, more) => ({ error: { code, retryable: true, ...more } });
const failure = (status, more) =>
  fault(
    { 0: 'unreachable', 401: 'session_ended', 403: 'forbidden', 429: 'rate_limited' }[status] || `http_${status}`,
    more
  );

function answered(body) {
  if (body == null || body === '') return fault('empty_answer');
  const document = tried(() => JSON.parse(body));
  return document && typeof document === 'object' && !Array.isArray(document) ? document : fault('malformed_answer');
}

/* Core UI: the script include behind GlideAjax. A failed request never reaches getXMLAnswer, only the error callback. */
function glideTransport(processor, table, record) {
  return (op, params, finish) => {
    const ajax = new window.GlideAjax(processor);
    ajax.addParam('sysparm_name', op);
    ajax.addParam('sysparm_table', table);
    ajax.addParam('sysparm_sys_id', record);
    Object.entries(params).forEach(([name, value]) => {
      if (value != null) ajax.addParam(`sysparm_${name}`, String(value));
    });
    ['preventLoadingIcon', 'preventCancelNotification'].forEach(wish => {
      if (typeof ajax[wish] === 'function') ajax[wish]();
    });
    if (typeof ajax.setWantSessionMessages === 'function') ajax.setWantSessionMessages(false);
    ajax.setErrorCallback(request => finish(failure(Number(request?.status) || 0)));
    ajax.getXMLAnswer(answer => finish(answered(answer)));
  };
}

/* The iframe: the sidecar that served the page. The page token lives in this closure and nowhere else. */
function pageTransport({ token }) {
  return (op, params, finish) => {
    window
      .fetch(`/panel/${op}`, {
        method: 'POST',
        credentials: 'omit',
        cache: 'no-store',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(params)
      })
      .then(response =>
        response.text().then(body => {
          const answer = answered(body);
          finish(response.ok ? answer : failure(response.status, answer.error));
        })
      )
      .catch(() => finish(failure(0)));
  };
}

/* The page's inert data block; it and the link's token leave the document before anything else runs. */
function readBoot() {
  const block = document.getElementById('c360-boot');
  if (!block) return null;
  const boot = tried(() => JSON.parse(block.textContent));
  block.remove();
  if (window.location.search) window.history.replaceState(null, '', window.location.pathname);
  return boot;
}
