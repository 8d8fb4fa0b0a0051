// Runs named cases in order against the shop that SHOP describes, and prints one line of JSON for each:
// {"name", "reason" (empty when all is well), "requests": [{"method", "path", "status"}]}.

export const shop = JSON.parse(process.env.SHOP);

const log = `${shop.url}/_emulator/requests`;

export async function run(cases) {
  for (const [name, check] of Object.entries(cases)) {
    await fetch(log, {method: 'DELETE'});
    const reason = await reasonOf(check);
    const {requests} = await (await fetch(log)).json();
    console.log(JSON.stringify({name, reason, requests}));
  }
  process.exit(0);  // some clients keep their sockets open
}

async function reasonOf(check) {
  try {
    await check();
    return '';
  } catch (error) {
    return `${error.name}: ${error.message}`.replace(/\s+/g, ' ').slice(0, 300);
  }
}

export function basic(name, secret) {
  return 'Basic ' + Buffer.from(`${name}:${secret}`).toString('base64');
}

// A token of Account Manager; none of the JavaScript clients asks for one itself.
export async function adminToken(...scopes) {
  const scope = [`SALESFORCE_COMMERCE_API:${shop.tenantId}`, ...scopes].join(' ');
  const answer = await fetch(`${shop.url}/dwsso/oauth2/access_token`, {
    method: 'POST',
    headers: {authorization: basic(shop.admin.id, shop.admin.secret)},
    body: new URLSearchParams({grant_type: 'client_credentials', scope}),
  });
  if (!answer.ok) throw new Error(`Account Manager says ${answer.status}: ${await answer.text()}`);
  return (await answer.json()).access_token;
}
