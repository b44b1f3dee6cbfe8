// An OAuth server that is not ours, as a provider that is not Zoom: other paths, scopes that the request names, a secret in
// the body, `localhost` as the place to come back to, and a revocation that takes the refresh token.
//
// Prints its origin, then lives until its standard input ends. `rotates` as first argument makes every renewal end the
// former refresh token; without it a refresh token goes on working, and no renewal brings another. Besides its own endpoints:
// GET /seen                 what it granted and refused, in order; with tokens, for there is nobody to protect
// POST /lose                the answer of the next renewal is lost on the way
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const rotates = process.argv[2] === 'rotates';
const seen = [];
let loses = false;

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(origin, {
  clients: [
    {
      client_id: 'greenroom-at-work',
      client_secret: 'known-to-everybody',
      application_type: 'native',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: ['http://localhost/callback'],
    },
    // For those who ask whether a token is still valid.
    { client_id: 'witness', client_secret: 'witness-secret', grant_types: [], response_types: [], redirect_uris: [] },
  ],
  scopes: ['openid', 'offline_access', 'busy.read', 'mail.send'],
  claims: { openid: ['sub', 'email'] },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: true },
  },
  pkce: { methods: ['S256'], required: () => true },
  rotateRefreshToken: rotates,
  issueRefreshToken: () => true,
  ttl: { AccessToken: 240, AuthorizationCode: 300, Grant: 3600, IdToken: 300, Interaction: 300, RefreshToken: 3600, Session: 3600 },
  routes: {
    authorization: '/work/agree',
    token: '/work/keys',
    revocation: '/work/end',
    introspection: '/work/alive',
    userinfo: '/work/me',
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: Buffer.from(id).toString('hex'), email: id }) }),
  cookies: { keys: ['of-this-run'] },
  jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
});

provider.on('authorization.success', (ctx) => {
  const { code_challenge_method: challenge, scope, prompt } = ctx.oidc.params;
  seen.push({ agreed: challenge, scope, prompt });
});
provider.on('grant.success', (ctx) => seen.push({ granted: ctx.oidc.params.grant_type, ...ctx.body }));
provider.on('grant.error', (ctx, error) => seen.push({ refused: ctx.oidc.params.grant_type, why: error.error_detail }));

const oauth = provider.callback();

server.on('request', async (request, response) => {
  const url = new URL(request.url, origin);
  try {
    if (url.pathname === '/seen') return answer(response, 200, seen);
    if (url.pathname === '/lose') {
      loses = true;
      return answer(response, 200, {});
    }
    if (url.pathname.startsWith('/interaction/')) return await agree(request, response);
    if (url.pathname === '/work/keys') {
      if (loses) {
        loses = false;
        response.end = () => request.socket.destroy();
        return oauth(request, response);
      }
      if (!rotates) return withoutAnother(request, response);
    }
    return oauth(request, response);
  } catch (error) {
    return answer(response, 500, { error: String(error) });
  }
});

// The answer to a renewal has no refresh token where the one there is goes on working.
function withoutAnother(request, response) {
  const end = response.end.bind(response);
  response.end = (body, ...rest) => {
    const said = body && JSON.parse(body);
    const renewed = seen.at(-1)?.granted === 'refresh_token' && said?.refresh_token;
    if (!renewed) return end(body, ...rest);
    delete said.refresh_token;
    const shorter = JSON.stringify(said);
    response.setHeader('content-length', Buffer.byteLength(shorter));
    return end(shorter);
  };
  return oauth(request, response);
}

// The person whom the hint names signs in and allows what is asked for.
async function agree(request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: params.login_hint } });
  }
  const known = grantId && (await provider.Grant.find(grantId));
  const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

process.stdin.resume().on('end', () => process.exit(0));
console.log(origin);
