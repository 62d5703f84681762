import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, type GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { withoutField } from '@pessoa/testkit/without-field';
import { addPerson } from '../src/people.ts';
import { until } from '../src/replicated-debt.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const SUPERGRAPH = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
/** No REST route asks for this field. */
const STATE = 'query Estado($cpf: CPF!) { pessoa(cpf: $cpf) { situacaoCadastral } }';
const SCORE = 'query Valor($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } } }';

const EVERYWHERE =
  'query Tudo($cpf: CPF!) { pessoa(cpf: $cpf) { nome dividas { totalCount } score { valor } eventos { ultimaCompraCartao { id } } } }';

describe('A router whose supergraph changes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-graph-'));
  let graph: WholeGraph;
  let cpf: Cpf;
  let token: string;
  let files = 0;
  let refusing: Changing;
  let refusals = 0;

  beforeAll(async () => {
    graph = await startWholeGraph({ clock: fixedClock('2026-11-22T15:00:00Z') });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
    refusing = await start();
  });
  afterAll(async () => {
    await graph.close();
    rmSync(folder, { recursive: true });
  });

  interface Changing {
    readonly router: RunningService;
    /** Puts another supergraph in place, as a whole. */
    write(text: string): void;
    /** The line of the log about the last change. */
    outcome(): Promise<Record<string, unknown>>;
    ask(query: string): Promise<GraphqlAnswer>;
  }

  async function start(env: Record<string, string> = {}): Promise<Changing> {
    const file = join(folder, `${files++}.graphql`);
    writeFileSync(file, SUPERGRAPH);
    const router = await graph.startAnotherRouter({ SUPERGRAPH: file, ...env });
    let seen = graph.environment.logLines().length;
    return {
      router,
      write(text) {
        seen = graph.environment.logLines().length;
        writeFileSync(`${file}.new`, text);
        renameSync(`${file}.new`, file);
      },
      async outcome() {
        let line: string | undefined;
        await until('the router has taken or refused the files', async () => {
          line = graph.environment
            .logLines()
            .slice(seen)
            .find((text) => /the graph is replaced|files of the graph are refused/.test(text));
          return line !== undefined;
        });
        return JSON.parse(line!) as Record<string, unknown>;
      },
      ask: (query) => graphql(router.url, { query, variables: { cpf }, token }),
    };
  }
  const codeOf = ({ body }: GraphqlAnswer): unknown => body.errors?.[0]?.extensions?.['code'];
  const metricsOf = async ({ metricsUrl }: RunningService): Promise<string[]> =>
    (await (await fetch(`${metricsUrl}/metrics`)).text()).match(/^pessoa_graph_.*$/gm) ?? [];

  it('loses no request while it is replaced again and again', async () => {
    const { router, write, outcome, ask } = await start();
    const expected = await ask(EVERYWHERE);
    expect(expected.body.errors).toBeUndefined();
    const rest = async () => (await fetch(`${router.url}/score/${cpf}`, { headers: { authorization: `Bearer ${token}` } })).status; // prettier-ignore
    let isOn = true;
    const client = async (): Promise<number> => {
      let count = 0;
      for (; isOn; count++) {
        const { status, body } = await ask(EVERYWHERE);
        expect({ status, body, rest: await rest() }).toEqual({ status: 200, body: expected.body, rest: 200 });
      }
      return count;
    };
    const sending = Promise.all([client(), client(), client()]);
    const ids = new Set<unknown>();
    for (let change = 0; change < 4; change++) {
      write(`${SUPERGRAPH}# ${change}\n`);
      const { msg, graph: id } = await outcome();
      expect(msg).toBe('the graph is replaced');
      ids.add(id);
    }
    isOn = false;
    expect((await sending).every((count) => count > 3)).toBe(true);
    expect(ids.size).toBe(4);
    expect(await metricsOf(router)).toEqual([
      `pessoa_graph_changes_total{result="replaced",service="router"} 4`,
      `pessoa_graph_changes_total{result="refused",service="router"} 0`,
      `pessoa_graph_info{graph="${[...ids].at(-1)}",service="router"} 1`,
    ]);
  }, 120_000);

  it('answers with the fields of the new one', async () => {
    const { write, outcome, ask } = await start();
    expect((await ask(STATE)).body.errors).toBeUndefined();
    write(withoutField(SUPERGRAPH, 'situacaoCadastral'));
    expect((await outcome())['msg']).toBe('the graph is replaced');
    expect(codeOf(await ask(STATE))).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await ask(SCORE)).body.errors).toBeUndefined();
    write(SUPERGRAPH);
    expect((await outcome())['msg']).toBe('the graph is replaced');
    expect((await ask(STATE)).body.errors).toBeUndefined();
  });

  it.each([
    ['is no GraphQL', 'type {', /^SUPERGRAPH: is not a supergraph of this router: ./],
    ['is cut off', SUPERGRAPH.slice(0, SUPERGRAPH.length / 2), /^SUPERGRAPH: is not a supergraph of this router: ./],
    ['is empty', '', /^SUPERGRAPH: is not a supergraph of this router: ./],
    ['is the API schema', readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'), /^SUPERGRAPH: /],
    ['has another subgraph', SUPERGRAPH.replaceAll('name: "score"', 'name: "renda"'), /^SUPERGRAPH: /],
    ['asks for an authorization that cannot be read', SUPERGRAPH.replace('@requiresScopes(scopes: [["divida:read"]])', '@requiresScopes(scopes: 5)'), /^SUPERGRAPH: /], // prettier-ignore
    [
      'cannot run a REST route',
      withoutField(SUPERGRAPH, 'score'),
      /^SUPERGRAPH: .*a REST route cannot be answered \(Score: line \d+: Cannot query field "score"/,
    ],
  ])('refuses one that %s, and goes on', async (_title, text, fault) => {
    const { router, write, outcome, ask } = refusing;
    const refused = refusals++;
    write(text);
    const line = await outcome();
    expect(line).toMatchObject({ level: 50, msg: 'changed files of the graph are refused: it stays as it is' });
    expect((line['faults'] as string[]).join('\n')).toMatch(fault);
    expect((await ask(SCORE)).body.errors).toBeUndefined();
    expect(await metricsOf(router)).toContain(`pessoa_graph_changes_total{result="refused",service="router"} ${refused + 1}`); // prettier-ignore
  });

  it('takes a good one after bad ones', async () => {
    refusing.write(`${SUPERGRAPH}# mended\n`);
    expect((await refusing.outcome())['msg']).toBe('the graph is replaced');
  });

  it('refuses one that breaks what clients sent recently, and names the operations by their hash', async () => {
    const { write, outcome, ask } = await start();
    for (let use = 0; use < 3; use++) await ask(STATE);
    write(withoutField(SUPERGRAPH, 'situacaoCadastral'));
    const line = await outcome();
    expect(line['faults']).toEqual([expect.stringMatching(/^\(anônima\) [0-9a-f]{16}: line 1: situacaoCadastral$/)]);
    expect((await ask(STATE)).body.errors).toBeUndefined();
  });

  it('takes one that breaks it when the operator allows that, and says so', async () => {
    const { write, outcome, ask } = await start({ SUPERGRAPH_BREAKING_CHANGES: 'allow' });
    for (let use = 0; use < 3; use++) await ask(STATE);
    write(withoutField(SUPERGRAPH, 'situacaoCadastral'));
    expect((await outcome())['msg']).toBe('the graph is replaced');
    expect(graph.environment.logLines().at(-2)).toContain('the new graph breaks recent operations');
    expect(codeOf(await ask(STATE))).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('does not start with one that it would refuse', async () => {
    const file = join(folder, 'bad.graphql');
    writeFileSync(file, 'type {');
    await expect(graph.startAnotherRouter({ SUPERGRAPH: file })).rejects.toThrow('router cannot start:\n  SUPERGRAPH:');
    await expect(graph.startAnotherRouter({ SUPERGRAPH: join(folder, 'none') })).rejects.toThrow(
      'router cannot start:\n  SUPERGRAPH: is not a file that can be read',
    );
  });
});
