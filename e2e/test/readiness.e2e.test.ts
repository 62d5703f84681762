import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { readConfig as readScoreConfig } from '@pessoa/score/config';
import { startScore } from '@pessoa/score/score-subgraph';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const askedAt = new Map<string, number>();

/** /health/ready reuses the state of another process for a second. */
const ready = async (url: string) => {
  const waited = performance.now() - (askedAt.get(url) ?? -Infinity);
  if (waited < 1_100) await sleep(1_100 - waited);
  const { status, headers, body } = await rest(url, '/health/ready');
  askedAt.set(url, performance.now());
  return { status, cache: headers.get('cache-control'), body };
};

/**
 * Asks until the answer is as it should be, 20 times at most: a busy machine may make the answer of a subgraph late.
 *
 * @param status which every answer must have; undefined while it changes
 */
async function becomes(
  url: string,
  status: number | undefined,
  check: (answer: Awaited<ReturnType<typeof ready>>) => void,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const answer = await ready(url);
    if (status !== undefined) expect(answer.status).toBe(status);
    try {
      return check(answer);
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

describe('GET /health/ready', () => {
  let graph: WholeGraph;
  beforeEach(async () => {
    graph = await startWholeGraph({ wiring: 'relayed' });
  });
  afterEach(async () => {
    for (const service of started.splice(0)) await service.close();
    await graph.close();
  });
  const started: RunningService[] = [];

  it('of the router is 503 until graph, keys and all three subgraphs have answered once', async () => {
    for (const relay of Object.values(graph.relays)) relay.cut(true);
    const router = await graph.startAnotherRouter({});
    const isStartingWith = (fontes: object) =>
      becomes(router.url, 503, (answer) => {
        const body = { status: 'iniciando', fontes, chaves: { principal: 'ok' } };
        expect(answer).toEqual({ status: 503, cache: 'no-store', body });
      });
    await isStartingWith({ divida: 'fora', score: 'fora', evento: 'fora' });
    expect((await rest(router.url, '/health/live')).status).toBe(200);
    graph.relays.debt.cut(false);
    graph.relays.score.cut(false);
    await isStartingWith({ divida: 'ok', score: 'ok', evento: 'fora' });
    // Each must have answered once. One that is lost again meanwhile does not matter.
    graph.relays.debt.cut(true);
    graph.relays.event.cut(false);
    await becomes(router.url, undefined, (answer) =>
      expect(answer).toMatchObject({
        status: 200,
        body: { status: 'ok', fontes: { divida: 'fora', score: 'ok', evento: 'ok' } },
      }),
    );
  });

  it('of a router whose keys cannot be read is 503, whatever its subgraphs answer', async () => {
    const router = await graph.startAnotherRouter({ JWT_JWKS_URL: 'http://127.0.0.1:1/jwks.json' });
    const expected = {
      status: 'iniciando',
      fontes: { divida: 'ok', score: 'ok', evento: 'ok' },
      chaves: { principal: 'fora' },
    };
    let answer = await ready(router.url);
    // A busy machine may make a subgraph slow for a moment.
    for (let i = 0; i < 20 && !isDeepStrictEqual(answer.body, expected); i++) answer = await ready(router.url);
    expect(answer).toMatchObject({ status: 503, body: expected });
  });

  it('of a router is 200 when the keys of another issuer cannot be read, which loses only its tokens', async () => {
    const partner = { name: 'parceiros', issuer: 'https://parceiro.invalid', audiences: ['pessoa'], jwksUrl: 'http://127.0.0.1:1/jwks' }; // prettier-ignore
    const router = await graph.startAnotherRouter({ JWT_FURTHER_ISSUERS: JSON.stringify([partner]) });
    let answer = await ready(router.url);
    // A busy machine may make a subgraph slow for a moment.
    for (let i = 0; i < 20 && answer.status !== 200; i++) answer = await ready(router.url);
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'ok', chaves: { principal: 'ok', parceiros: 'fora' } },
    });
    const payload = Buffer.from(JSON.stringify({ iss: partner.issuer })).toString('base64url');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'k' })).toString('base64url');
    const answers = [`${header}.${payload}.${'A'.repeat(86)}`, await graph.environment.token()].map((token) =>
      graphql(router.url, { token, query: '{ __typename }' }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([503, 200]);
  });

  it('of the router stays 200 while it can answer anything, and names a source that is lost', async () => {
    const { router, relays } = graph;
    const allOk = { divida: 'ok', score: 'ok', evento: 'ok' };
    await becomes(router.url, 200, (answer) =>
      expect(answer).toMatchObject({ status: 200, body: { status: 'ok', fontes: allOk } }),
    );
    relays.score.cut(true);
    await becomes(router.url, 200, (answer) =>
      expect(answer).toMatchObject({ status: 200, body: { fontes: { ...allOk, score: 'fora' } } }),
    );
    relays.event.cut(true);
    relays.debt.cut(true);
    const allLost = { divida: 'fora', score: 'fora', evento: 'fora' };
    await becomes(router.url, 200, (answer) =>
      expect(answer).toMatchObject({ status: 200, body: { fontes: allLost } }),
    );
    for (const relay of Object.values(relays)) relay.cut(false);
    await becomes(router.url, 200, (answer) => expect(answer).toMatchObject({ status: 200, body: { fontes: allOk } }));
  });

  it('of the router has `degradada` for a source that fails some requests', async () => {
    const { router, relays, environment } = graph;
    const cpf = await addPerson(graph);
    const token = await environment.token({ consentimento: [cpf] });
    const ask = () => graphql(router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    await ask();
    relays.score.fail({ kind: 'answers', body: 'null' });
    expect((await ask()).body.errors).toMatchObject([{ extensions: { fonte: 'score' } }]);
    await becomes(router.url, 200, (answer) =>
      expect(answer).toMatchObject({
        status: 200,
        body: { fontes: { divida: 'ok', score: 'degradada', evento: 'ok' } },
      }),
    );
  });

  it('of a subgraph is 200 once its base has answered, and stays so when the base is lost', async () => {
    const { subgraphs, bases } = graph;
    expect(await ready(subgraphs.score.url)).toEqual({
      status: 200,
      cache: 'no-store',
      body: { status: 'ok', fontes: { score: 'ok' }, chaves: { principal: 'ok' } },
    });
    const cpf = await addPerson(graph);
    for (const table of ['titular', 'endereco', 'bem', 'fonte_de_renda'])
      await bases.baseB.owner.query(`ALTER TABLE ${table} RENAME TO ${table}_antes`);
    const { status } = await rest(subgraphs.score.url, `/score/${cpf}`, await graph.environment.token());
    expect(status).toBe(503);
    expect(await ready(subgraphs.score.url)).toMatchObject({
      status: 200,
      body: { status: 'ok', fontes: { score: expect.stringMatching(/^(degradada|fora)$/) } },
    });
  });

  it('of a subgraph is 503 until its base has answered once', async () => {
    const { environment, bases } = graph;
    const nobody = new URL(bases.baseB.readerUrl);
    nobody.port = '1';
    const score = await startScore(
      readScoreConfig({ ...environment.env, BASE_B_URL: nobody.href }),
      environment.logger,
    );
    started.push(score);
    expect(await ready(score.url)).toMatchObject({ status: 503, body: { status: 'iniciando' } });
  });
});
