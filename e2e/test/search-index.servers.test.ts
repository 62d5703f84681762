import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixedClock } from '@pessoa/domain/data';
import { graphql } from '@pessoa/testkit/graphql-client';
import { type IndexedPostings, startIndexedPostings } from '../src/indexed-postings.ts';
import { addPerson } from '../src/people.ts';
import { root } from '../src/started-system.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const QUERY = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos {
  movimentacaoFinanceira(filtro: { texto: "joao silv" }) { totalCount nodes { descricao valor instituicao { nome } } }
} } }`;
const COMMAND_MILLIS = 60_000;

describe('the whole graph with an index of postings', () => {
  let graph: WholeGraph;
  let postings: IndexedPostings;
  beforeAll(async () => {
    graph = await startWholeGraph({
      clock: fixedClock('2026-11-22T15:00:00Z'),
      // Long timeouts for busy machines.
      env: { SEARCH_MILLIS: '5000', BASE_C_STATEMENT_MILLIS: '5000', EVENT_TIMEOUT_MILLIS: '15000', REQUEST_TIMEOUT_MILLIS: '20000' }, // prettier-ignore
      envFrom: async (bases, { CPF_HASH_KEY }) => (postings = await startIndexedPostings(bases, CPF_HASH_KEY!)).env,
    });
  });
  afterAll(async () => {
    await graph.close();
    await postings.close();
  });

  /** The number of searches that the index has answered. */
  async function answeredByIndex(): Promise<number> {
    const metrics = await (await fetch(`${graph.subgraphs.event.metricsUrl}/metrics`)).text();
    return Number(/^pessoa_search_answers_total\{[^}]*engine="elasticsearch"[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
  }

  it('finds recent postings in the index, with the same answer as from Base C', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ consentimento: [cpf] });
    const ask = async () => (await graphql(graph.router.url, { query: QUERY, variables: { cpf }, token })).body;
    await postings.waitUntilIndexed();
    const initialSearches = await answeredByIndex();
    let answer = await ask();
    // Event reads the state of the index every second.
    while ((await answeredByIndex()) === initialSearches) {
      await sleep(200);
      answer = await ask();
    }
    expect(answer).toEqual({
      data: {
        pessoa: {
          eventos: {
            movimentacaoFinanceira: {
              totalCount: 3,
              nodes: [
                { descricao: 'Mercado', valor: '12.50', instituicao: { nome: 'Banco Inventado' } },
                { descricao: 'Conta de luz', valor: '11.50', instituicao: { nome: 'Banco Inventado' } },
                { descricao: 'Pix enviado', valor: '10.50', instituicao: { nome: 'Banco Inventado' } },
              ],
            },
          },
        },
      },
    });
  });

  describe('the commands', () => {
    const run = (...args: string[]): Promise<{ code: unknown; output: string }> =>
      new Promise((resolve) => {
        const { NODE_OPTIONS: _, ...inherited } = process.env;
        const options = { cwd: root, env: { ...inherited, ...postings.indexerEnv }, timeout: COMMAND_MILLIS };
        execFile('npm', ['run', '--silent', ...args], options, (error, stdout, stderr) =>
          resolve({ code: error ? error.code : 0, output: stdout + stderr }),
        );
      });

    it('npm run index builds another index, which the indexer then updates', async () => {
      await addPerson(graph);
      const { code, output } = await run('index');
      expect(output).toMatch(/^pessoa-test-\w+-v\d+-\d{14} is in use: \d+ postings in [\d.]+ s$/m);
      expect(code).toBe(0);
      await postings.waitUntilIndexed();
      expect(await run('index:check')).toEqual({ code: 0, output: expect.stringContaining('they are the same') });
    }, 180_000);

    it('npm run index:check names the bucket of deleted postings, and --repair repairs it', async () => {
      const cpf = await addPerson(graph);
      await postings.waitUntilIndexed();
      await graph.bases.baseC.owner.query('DELETE FROM movimentacao WHERE cpf = $1', [cpf]);
      const firstCheck = await run('index:check');
      expect(firstCheck.output).toMatch(/^ {2}bucket [0-9a-f]{2}: 0 lacking, 3 too many, 0 different$/m);
      expect(firstCheck.output).not.toContain(cpf);
      expect(firstCheck.code).toBe(1);
      expect(await run('index:check', '--', '--repair')).toEqual({
        code: 0,
        output: expect.stringContaining('3 mended'),
      });
      expect(await run('index:check')).toEqual({ code: 0, output: expect.stringContaining('they are the same') });
    }, 240_000);
  });
});
