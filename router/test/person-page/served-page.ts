import { developmentAudience, developmentIssuer, ensureDevelopmentKeys } from '@pessoa/service/development/development-keys'; // prettier-ignore
import { createHttpService } from '@pessoa/service/http/http-service';
import { authenticator } from '@pessoa/service/identity/authentication';
import { identityReader, standardClaimNames } from '@pessoa/service/identity/claims';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { parseSetCookie } from 'cookie';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { createTokenVerifier } from 'graphql-jwt-guard/token';
import type { PersonPageConfig } from '../../src/config.ts';
import { mountPersonPage } from '../../src/person-page/person-page.ts';
import type { RouterContext } from '../../src/router-context.ts';

export const KEY = new Uint8Array(32).fill(7);
export const HOST = '127.0.0.1:4000';
export const OURS = { host: HOST, origin: `http://${HOST}`, 'x-pessoa-pagina': '1', 'sec-fetch-site': 'same-origin' };

export interface ServedPage {
  /** Default: the sign-in of development, with the keys of `home`. */
  readonly config?: PersonPageConfig;
  /** The keys of the issuer of all tokens. Default: those of `home`. */
  readonly jwksFile?: string;
  readonly logger?: ReturnType<typeof testLog>['logger'];
  /** Default: none. */
  readonly auditor?: Parameters<typeof mountPersonPage>[1]['auditor'];
}

/** The page over a graph that answers with the bearer token and the operation that it was asked. */
export async function servePage(
  home: string,
  {
    config = { oidc: undefined, home, exampleCpf: undefined },
    jwksFile,
    logger = testLog().logger,
    auditor,
  }: ServedPage = {},
): Promise<FastifyInstance> {
  const file = jwksFile ?? (await ensureDevelopmentKeys(home)).jwksFile;
  const verifier = createTokenVerifier({
    issuers: [{ jwks: { file }, issuer: developmentIssuer, audiences: [developmentAudience], maxLifetimeSeconds: 43_200 }], // prettier-ignore
    toViewer: identityReader(standardClaimNames),
  });
  const { app } = createHttpService({ logger });
  await mountPersonPage(app, {
    config,
    key: KEY,
    verifier,
    auditor,
    links: [],
    endpoint: {
      authenticate: authenticator(verifier, () => ({}) as never, 'checked'),
      contextOf: (viewer) => ({ viewer }) as unknown as RouterContext,
      withGraph: (_facts, work) =>
        work({
          server: undefined as never,
          answerKnown: async ({ persistedQuery }, { viewer }) => ({ body: { data: { persistedQuery, sujeito: viewer.sujeito, finalidade: viewer.finalidade } } }), // prettier-ignore
        }),
    },
  });
  return app;
}

export const cookiesOf = (answer: LightMyRequestResponse) => [answer.headers['set-cookie'] ?? []].flat().map((text) => parseSetCookie(text)); // prettier-ignore
export const cookieHeader = (answer: LightMyRequestResponse) => cookiesOf(answer).filter(({ value }) => value).map(({ name, value }) => `${name}=${value}`).join('; '); // prettier-ignore
export const enter = (app: FastifyInstance, headers: object = OURS, payload: object = {}) =>
  app.inject({ method: 'POST', url: '/pessoa/desenvolvimento', headers: { ...headers }, payload });

export const OIDC = {
  issuer: 'https://emissor.invalid',
  clientId: 'pagina',
  clientSecret: undefined,
  scopes: 'openid',
  parameters: {},
  origin: 'http://127.0.0.1:4000',
};
