import type { AuditorClient } from '@pessoa/audit/auditor-client';
import { systemClock } from '@pessoa/domain/data';
import { finalidades } from '@pessoa/domain/finalidade';
import type { ListedPerson } from '@pessoa/service/development/demonstration-file';
import { readDemonstration } from '@pessoa/service/development/demonstration-file';
import { mountGraphql } from '@pessoa/service/http/graphql-endpoint';
import type { Identity } from '@pessoa/service/identity/viewer';
import type { FastifyInstance } from 'fastify';
import type { TokenVerifier } from 'graphql-jwt-guard/token';
import type { PersonPageConfig } from '../config.ts';
import { mountOwnAsset, type PageLink, sendPage } from '../pages/page.ts';
import type { RouterContext } from '../router-context.ts';
import { mountDevelopmentSignIn } from './development-sign-in.ts';
import { CALLBACK_PATH, oidcSignIn } from './oidc-sign-in.ts';
import { callbackPage, listPage, type PageUser, personPage, signInPage } from './page-html.ts';
import { checkPageOperation, pageOperationIds } from './page-operations.ts';
import { authorizeBySession, identityOf, pageSessions } from './page-session.ts';
import { browserFiles } from './browser-files.ts';
import { localOrigin, type OriginOf, sameOriginOnly } from './same-origin.ts';
import { mountOidcSignIn } from './sign-in.ts';
import { mountWithheldReads } from './withheld-reads.ts';

export interface PersonPageOptions {
  readonly config: PersonPageConfig;
  /** Seals the cookies. The same in every router. */
  readonly key: Uint8Array;
  readonly verifier: Pick<TokenVerifier<Identity>, 'verify'>;
  /** The door of the graph; the page has one of its own, which takes a session in place of a token. */
  readonly endpoint: Omit<Parameters<typeof mountGraphql<RouterContext>>[1], 'admit' | 'url'>;
  /** Undefined when no auditor keeps the log of the audit. */
  readonly auditor: Pick<AuditorClient, 'get'> | undefined;
  readonly links: readonly PageLink[];
}

/** Mounts the person's page: `/pessoa`, `/pessoa/lista`, their sign-in, and the doors through which their scripts ask the graph and the auditor. */
export async function mountPersonPage(app: FastifyInstance, options: PersonPageOptions): Promise<void> {
  const { config, key, verifier, endpoint, auditor } = options;
  // Who looks at people has no use for the pages about the API.
  const links = options.links.filter(({ href }) => href === '/' || href.startsWith('/pessoa'));
  const { oidc } = config;
  const originOf: OriginOf = oidc ? () => oidc.origin : localOrigin;
  const isSecure = oidc?.origin.startsWith('https:') ?? false;
  const sessions = pageSessions({ key, isSecure }, () => systemClock.now());
  const signIn = oidc && oidcSignIn(oidc);
  const people = oidc ? [] : ((await readDemonstration(config.home))?.paraExperimentar ?? []);

  for (const [path, file] of browserFiles) mountOwnAsset(app, path, file);
  for (const [path, page] of [
    ['/pessoa', personPage],
    ['/pessoa/lista', listPage],
  ] as const) {
    // prettier-ignore
    app.get(path, async (request, reply) => {
      const session = await sessions.read(request);
      if (session === undefined || session === 'expired')
        return sendPage(reply, signInPage({ isExpired: session === 'expired', isDevelopment: !oidc, people, path }), links); // prettier-ignore
      const identity = await identityOf(session, verifier);
      if (!identity) {
        sessions.end(reply); // its key is gone, or the settings have changed
        return sendPage(reply, signInPage({ isExpired: true, isDevelopment: !oidc, people, path }), links);
      }
      const segundosRestantes = session.expiraEm - Math.floor(systemClock.now().getTime() / 1_000);
      const user = { nome: session.nome, segundosRestantes, ...purposesOf(identity) };
      return sendPage(reply, page({ user, operations: pageOperationIds, people: peopleFor(user, people) }), links);
    });
  }

  if (signIn) {
    mountOidcSignIn(app, { signIn, key, isSecure, sessions, verifier, originOf });
    app.get(CALLBACK_PATH, async (_request, reply) => sendPage(reply, callbackPage, links));
  } else if (!config.oidc) mountDevelopmentSignIn(app, { ...config, sessions, verifier, originOf });

  app.post('/pessoa/sair', { onRequest: sameOriginOnly(originOf) }, async (_request, reply) => {
    sessions.end(reply);
    return reply.send({ endereco: (await signIn?.signOutAddress()) ?? '/pessoa' });
  });

  const admit = [sameOriginOnly(originOf), authorizeBySession(sessions)];
  mountGraphql(app, { ...endpoint, url: '/pessoa/graphql', methods: ['POST'], admit, checkOperation: checkPageOperation }); // prettier-ignore
  mountWithheldReads(app, { auditor, authenticate: endpoint.authenticate, admit });
}

/** The purposes that a user may state: the one of the token, or those that can apply to it. */
function purposesOf({ finalidade, titular, ordemJudicial }: Identity): Pick<PageUser, 'finalidades' | 'titular'> {
  const possible = titular ? ['CONSULTA_DO_TITULAR'] : finalidades.filter((name) => name !== 'CONSULTA_DO_TITULAR' && (name !== 'ORDEM_JUDICIAL' || ordemJudicial !== undefined)); // prettier-ignore
  return { titular, finalidades: finalidade === undefined ? possible : [finalidade] };
}

/** A holder's token reads one person. */
const peopleFor = ({ titular }: PageUser, people: readonly ListedPerson[]): readonly ListedPerson[] =>
  titular ? [] : people;
