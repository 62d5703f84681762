import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PublicError } from '@pessoa/domain/errors';
import { problemFor } from '@pessoa/rest/problem';
import { graphqlError } from '@pessoa/service/http/error-answer';
import { type FinishedExample, runExample } from '../src/client-examples.ts';
import { consentClaims, startGraphOfPeopleToTry } from '../src/people-to-try-graph.ts';
import { forward } from '../src/relay.ts';
import type { WholeGraph } from '../src/whole-graph.ts';

const MANY_POSTINGS = '99999900968';
const EXPIRED_CONSENT = '99999900887';
const UNKNOWN = '99999900291';

/** Tests of examples that must all behave alike. @param examples the command of each, by its language */
export function describeClientExamples(examples: readonly (readonly [string, readonly string[]])[]): void {
  let graph: WholeGraph;
  let token: string;
  let busy: Server;
  /** How often each path is still refused by a router that is busy. */
  let refusals: Map<string, 429 | 503>;

  beforeAll(async () => {
    graph = await startGraphOfPeopleToTry();
    token = await graph.environment.token({ consentimento: consentClaims() });
    busy = createServer(answerBusy);
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  }, 300_000);
  afterAll(async () => {
    busy?.closeAllConnections();
    await new Promise((resolve) => busy?.close(resolve));
    await graph?.close();
  });

  /** Refuses the first request of a path, as the router does, but for a shorter time. */
  function answerBusy(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = incoming.url!.split('?')[0]!;
    const status = refusals.get(path);
    if (status === undefined) return forward(graph.router.url, incoming, outgoing);
    refusals.delete(path);
    incoming.resume();
    const code = status === 429 ? 'RATE_LIMITED' : 'FONTE_INDISPONIVEL';
    const body = path === '/graphql' ? graphqlError(new PublicError(code)) : problemFor(code);
    outgoing.writeHead(status, { 'retry-after': '1', 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  const run = (
    command: readonly string[],
    cpf: string,
    variables: Record<string, string> = {},
  ): Promise<FinishedExample> => runExample([...command, cpf], { URL: graph.router.url, TOKEN: token, ...variables });

  describe.each(examples)('The example in %s', (_language, command) => {
    it('prints the person, and counts the postings of all pages', async () => {
      const { exitCode, output, errors } = await run(command, MANY_POSTINGS);
      expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
      expect(output.split('\n')).toEqual([
        'nome: Hugo Milhares Fictício',
        expect.stringMatching(/^score: \d{1,4} [A-Z_]+$/),
        'dívidas: 0, R$ 0.00',
        'movimentações: 3480 em 35 páginas',
        '',
      ]);
    });

    it('takes a person that no base knows for one, and not for a failure', async () => {
      expect(await run(command, UNKNOWN)).toEqual({
        exitCode: 0,
        output: 'nome: sem informação\nscore: sem informação\ndívidas: sem informação\nmovimentações: 0 em 0 páginas\n',
        errors: '',
      });
    });

    it('shows what is missing of an answer, and why', async () => {
      const withoutScore = await graph.environment.token({ scope: 'divida:read evento:read evento:movimentacao', consentimento: consentClaims() }); // prettier-ignore
      const { exitCode, output, errors } = await run(command, MANY_POSTINGS, { TOKEN: withoutScore });
      expect({ exitCode, errors }).toEqual({
        exitCode: 0,
        errors: 'sem pessoa.score: UNAUTHORIZED_FIELD_OR_TYPE ESCOPO\n',
      });
      expect(output).toContain('score: sem informação\ndívidas: 0, R$ 0.00\n');
    });

    it('ends with the code and the interaction id of a refusal', async () => {
      const noConsent = await run(command, EXPIRED_CONSENT);
      expect(noConsent.exitCode).toBe(1);
      expect(noConsent.errors).toMatch(/^403 UNAUTHORIZED_FIELD_OR_TYPE: .+\ninteração [0-9a-f-]{36}\n$/);
      const badToken = await run(command, EXPIRED_CONSENT, { TOKEN: 'not.a.token' });
      expect({ ...badToken, errors: '' }).toEqual({ exitCode: 1, output: '', errors: '' });
      expect(badToken.errors).toMatch(/^401 UNAUTHENTICATED: .+\ninteração [0-9a-f-]{36}\n$/);
    });

    it('waits for Retry-After after 429 and 503, and asks again', async () => {
      refusals = new Map([
        ['/graphql', 429],
        [`/evento/movtofinanceiro/${UNKNOWN}`, 503],
      ]);
      const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
      const begin = performance.now();
      const { exitCode, output, errors } = await run(command, UNKNOWN, { URL: url });
      expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
      expect(output).toContain('movimentações: 0 em 0 páginas');
      expect(refusals.size).toBe(0);
      expect(performance.now() - begin).toBeGreaterThan(2_000);
    });
  });
}
