// An OAuth server that is not ours, in Google's or Microsoft's place: a certified provider, told only where their
// endpoints are, which app and what scopes there are, and who signs in.
//
// node accounts.js google|microsoft rotates|keeps "SCOPES"
//
// `rotates`: every renewal ends the former refresh token, which is stricter than either of them; `keeps`: a refresh token
// goes on working, and Google's answer to a renewal has none. Prints its origin, then lives until its standard input ends.
// Beside the provider's own endpoints:
// GET /v1.0/me, /v1.0/me/mailFolders/…   of Graph, for an access token that the provider judges
// GET /mail-login                        whose token it is, for a mail server
// GET /seen                              what was granted and refused, in order; with tokens, for nobody is to be protected
// POST /end                              every grant of the user is withdrawn
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';

const [vendor, rotation, SCOPES] = process.argv.slice(2);
const isGoogle = vendor === 'google';
const rotates = rotation === 'rotates';
const TENANT = '2b7e1516-28ae-4d2a-a6ab-f7158809cf4f';
const seen = [];
const grants = new Set();

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const app = isGoogle
  ? {
      client_id: '407408718192-desktop.apps.googleusercontent.com',
      client_secret: 'GOCSPX-of-every-copy',
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: ['http://127.0.0.1/callback'],
    }
  : {
      client_id: '6f1c2a54-8f0e-4f6e-9a51-3d1f5b7c9e20',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://localhost/callback'],
    };

const routes = isGoogle
  ? { authorization: '/o/oauth2/v2/auth', token: '/token', revocation: '/revoke', userinfo: '/v1/userinfo' }
  : { authorization: `/${TENANT}/oauth2/v2.0/authorize`, token: `/${TENANT}/oauth2/v2.0/token` };

// Microsoft's page to choose an account, which the provider does not have of its own.
const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);

const about = ['email', 'email_verified', 'name', 'hd', 'tid'];

const provider = new Provider(origin, {
  clients: [
    {
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...app,
    },
    // For those who ask whether a token is still valid.
    { client_id: 'witness', client_secret: 'witness-secret', grant_types: [], response_types: [], redirect_uris: [] },
  ],
  scopes: SCOPES.split(' '),
  // How Google is asked for a refresh token: no standard's word, so it is only seen.
  extraParams: ['access_type'],
  claims: { openid: ['sub', ...(isGoogle ? [] : about)], 'https://www.googleapis.com/auth/userinfo.email': about },
  conformIdTokenClaims: false,
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    revocation: { enabled: isGoogle },
    userinfo: { enabled: isGoogle },
  },
  pkce: { methods: ['S256'], required: () => true },
  rotateRefreshToken: rotates,
  issueRefreshToken: () => true,
  // Shorter than what is renewed ahead, so that every use renews.
  ttl: { AccessToken: 240, AuthorizationCode: 300, Grant: 3600, IdToken: 300, Interaction: 300, RefreshToken: 3600, Session: 3600 },
  routes: { ...routes, introspection: '/introspect' },
  interactions: { policy, url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => claims(id) }),
  cookies: { keys: ['of-this-run'] },
  jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })] },
});

provider.on('authorization.success', (ctx) => {
  const { code_challenge_method: agreed, redirect_uri: redirect, access_type } = ctx.oidc.params;
  seen.push({ agreed, redirect, access_type });
});
provider.on('grant.success', (ctx) => {
  grants.add(ctx.oidc.entities.Grant.jti);
  seen.push({ granted: ctx.oidc.params.grant_type, with: ctx.oidc.params.refresh_token ?? ctx.oidc.params.code, ...ctx.body });
});
provider.on('grant.error', (ctx, error) => {
  seen.push({ refused: ctx.oidc.params?.grant_type, why: error.error_detail ?? error.error_description });
});

const oauth = provider.callback();

server.on('request', async (request, response) => {
  const url = new URL(request.url, origin);
  try {
    if (url.pathname === '/seen') return answer(response, 200, seen);
    if (url.pathname === '/end') return await end(response);
    if (url.pathname === '/mail-login') return await whose(url, response);
    if (url.pathname.startsWith('/v1.0/')) return await graph(request, url, response);
    if (url.pathname.startsWith('/interaction/')) return await agree(request, response);
    if (url.pathname === routes.authorization && !isGoogle) {
      // To stay connected is asked for on the same page.
      url.searchParams.set('prompt', `${url.searchParams.get('prompt')} consent`);
      request.url = url.pathname + url.search;
    }
    if (url.pathname === routes.token && isGoogle && !rotates) return withoutAnother(request, response);
    return oauth(request, response);
  } catch (error) {
    return answer(response, 500, { error: String(error) });
  }
});

function claims(id) {
  const [name, hd] = id.split('@');
  return { sub: Buffer.from(id).toString('hex'), email: id, email_verified: true, name, hd, tid: TENANT };
}

// The answer to a renewal has no refresh token where the one there is goes on working.
function withoutAnother(request, response) {
  const finish = response.end.bind(response);
  response.end = (body, ...rest) => {
    const said = body && JSON.parse(body);
    const renewed = seen.at(-1)?.granted === 'refresh_token' && said?.refresh_token;
    if (!renewed) return finish(body, ...rest);
    delete said.refresh_token;
    const shorter = JSON.stringify(said);
    response.setHeader('content-length', Buffer.byteLength(shorter));
    return finish(shorter);
  };
  return oauth(request, response);
}

// The person whom the hint names chooses their account, signs in and allows everything that is asked for.
async function agree(request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const done = (result) => provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  if (prompt.name === 'select_account') return done({ select_account: {} });
  if (prompt.name === 'login') return done({ login: { accountId: params.login_hint } });
  const known = grantId && (await provider.Grant.find(grantId));
  const grant = known || new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return done({ consent: { grantId: await grant.save() } });
}

async function end(response) {
  for (const grant of grants) {
    await Promise.all([provider.RefreshToken, provider.AccessToken].map((kind) => kind.revokeByGrantId(grant)));
  }
  return answer(response, 200, {});
}

async function living(token) {
  const found = token && (await provider.AccessToken.find(token));
  return found?.isValid ? found : undefined;
}

// How Dovecot asks: RFC 7662 by GET.
async function whose(url, response) {
  const token = await living(url.searchParams.get('access_token'));
  if (!token?.scope.split(' ').includes('https://mail.google.com/')) return answer(response, 401, {});
  return answer(response, 200, { email: token.accountId, active: 'true' });
}

async function graph(request, url, response) {
  const token = await living(request.headers.authorization?.replace(/^Bearer /, ''));
  if (!token) return answer(response, 401, refusal('InvalidAuthenticationToken', 'Lifetime validation failed.'));
  const email = token.accountId;
  if (url.pathname === '/v1.0/me') {
    return answer(response, 200, { id: Buffer.from(email).toString('hex'), displayName: email.split('@')[0], mail: email });
  }
  if (url.pathname === '/v1.0/me/mailFolders/inbox') return answer(response, 200, { id: 'inbox' });
  if (url.pathname.endsWith('/messages/delta')) {
    const next = `${origin}/v1.0/me/mailFolders/inbox/messages/delta?$deltatoken=1`;
    return answer(response, 200, { value: [], '@odata.deltaLink': next });
  }
  return answer(response, 404, refusal('ErrorItemNotFound', 'Not here.'));
}

function refusal(code, message) {
  return { error: { code, message, innerError: {} } };
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

process.stdin.resume().on('end', () => process.exit(0));
console.log(origin);
