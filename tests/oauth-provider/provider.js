// An OAuth server that is not ours, in Zoom's place: a certified provider, told only where Zoom's endpoints are and who is there.
//
// Prints its origin, then lives until its standard input ends. Beside the provider's own endpoints:
// GET /v2/users/me          the user of an access token, judged by the provider
// GET /seen                 what the provider granted and refused, in order; with tokens, for there is nobody to protect
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const SCOPES = process.argv[2];
const seen = [];

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(origin, {
  clients: [
    {
      client_id: 'greenroom',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: ['http://127.0.0.1/callback'],
    },
    // For those who ask whether a token is still valid.
    {
      client_id: 'witness',
      client_secret: 'witness-secret',
      grant_types: [],
      response_types: [],
      redirect_uris: [],
    },
  ],
  scopes: SCOPES.split(' '),
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: false },
  },
  pkce: { methods: ['S256'], required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  // Shorter than what is renewed ahead, so that every use renews.
  ttl: { AccessToken: 240, AuthorizationCode: 300, Grant: 3600, Interaction: 300, RefreshToken: 3600, Session: 3600 },
  routes: { authorization: '/authorize', token: '/token', revocation: '/revoke', introspection: '/introspect' },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  cookies: { keys: ['of-this-run'] },
  jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
});

provider.on('authorization.success', (ctx) => seen.push({ authorized: ctx.oidc.params.code_challenge_method }));
provider.on('grant.success', (ctx) => seen.push({ granted: ctx.oidc.params.grant_type, ...ctx.body }));
provider.on('grant.error', (ctx, error) => seen.push({ refused: ctx.oidc.params.grant_type, why: error.error_detail }));
// RFC 7009 leaves it to the server whether a grant outlives its access token. At Zoom it does not.
provider.on('access_token.destroyed', async (token) => {
  await Promise.all([provider.RefreshToken, provider.AccessToken].map((kind) => kind.revokeByGrantId(token.grantId)));
});

const oauth = provider.callback();

server.on('request', async (request, response) => {
  const url = new URL(request.url, origin);
  try {
    if (url.pathname === '/seen') return answer(response, 200, seen);
    if (url.pathname.startsWith('/v2/')) return await api(request, url, response);
    if (url.pathname.startsWith('/interaction/')) return await agree(request, response);
    if (url.pathname === '/authorize' && !url.searchParams.has('scope')) {
      // Zoom grants the app's own list where none is named.
      url.searchParams.set('scope', SCOPES);
      request.url = url.pathname + url.search;
    }
    return oauth(request, response);
  } catch (error) {
    return answer(response, 500, { error: String(error) });
  }
});

// The person whom the hint names signs in and allows everything that is asked for.
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

async function api(request, url, response) {
  const bearer = request.headers.authorization?.replace(/^Bearer /, '');
  const token = bearer && (await provider.AccessToken.find(bearer));
  if (!token?.isValid) return answer(response, 401, { code: 124, message: 'Invalid access token.' });
  if (url.pathname !== '/v2/users/me') return answer(response, 404, { code: 404, message: 'Not here.' });
  const email = token.accountId;
  return answer(response, 200, { id: Buffer.from(email).toString('base64url'), email, display_name: email.split('@')[0], type: 2 });
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

process.stdin.resume().on('end', () => process.exit(0));
console.log(origin);
