import { fixedClock } from '@pessoa/domain/data';
import { thirdPartyCadastroValues, type ThirdPartyCadastro } from '@pessoa/service/identity/third-party-cadastro';
import { asRouter } from '@pessoa/testkit/as-router';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

type TokenRequest = Parameters<WholeGraph['environment']['token']>[0];

const ORDER = '0000001-39.2024.8.26.0100';
const CADASTRO = { endereco: 'endereco { cidade }', perfil: 'perfil { idade endereco { cidade } fontesDeRenda { pagador } rendaMensal }' }; // prettier-ignore
const QUERY = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { nome ${Object.values(CADASTRO).join(' ')} score { valor fatores { pontos } } } }`;
const PARTS = ['/divida/{cpf}?campos=endereco', '/score/{cpf}?campos=endereco', '/score/{cpf}?campos=fontesDeRenda'];

describe.each(thirdPartyCadastroValues)('With THIRD_PARTY_CADASTRO=%s', (setting) => {
  let graph: WholeGraph;
  let cpf: string;
  const otherCpf = newCpf();
  beforeAll(async () => {
    graph = await startWholeGraph({
      clock: fixedClock('2026-11-22T15:00:00Z'),
      env: { THIRD_PARTY_CADASTRO: setting, COURT_ORDER_CLIENTS: 'tribunal' },
    });
    cpf = await addPerson(graph);
  });
  afterAll(() => graph.close());

  /** The reason of the refusal under this setting; undefined where the caller gets the data. */
  const refusal = (byConsent: 'CONSENTIMENTO' | undefined): string | undefined =>
    ({ scope: undefined, consent: byConsent, never: 'OPERADOR' })[setting satisfies ThirdPartyCadastro];
  const callers = (person: string): [string, TokenRequest, string | undefined][] => [
    ['a third party', { consentimento: [] }, refusal('CONSENTIMENTO')],
    ['a third party with consent', { consentimento: [person] }, refusal(undefined)],
    ['a third party with another’s consent', { consentimento: [otherCpf] }, refusal('CONSENTIMENTO')],
    ['a third party with a consent that has ended', { consentimento: [{ cpf: person, ate: '2026-11-21' }] }, refusal('CONSENTIMENTO')], // prettier-ignore
    ['a court', { clientId: 'tribunal', finalidade: 'ORDEM_JUDICIAL', ordemJudicial: ORDER }, refusal(undefined)],
    ['a client that is no court', { finalidade: 'ORDEM_JUDICIAL', ordemJudicial: ORDER }, refusal('CONSENTIMENTO')],
    ['the holder', { cpf: person }, undefined],
    ['another holder', { cpf: otherCpf }, 'TITULAR'],
  ];

  it('REST gives or refuses cadastral parts, the same on the router and on the service, for known and unknown people', async () => {
    for (const path of PARTS) {
      for (const url of [graph.router.url, graph.subgraphs[path.startsWith('/divida') ? 'debt' : 'score'].url]) {
        for (const person of [cpf, newCpf()]) {
          for (const [caller, request, motivo] of callers(person)) {
            const { status, body } = await rest(url, path.replace('{cpf}', person), await graph.environment.token(request)); // prettier-ignore
            const allowed = person === cpf ? 200 : 404;
            const seen = { path, caller, status, motivo: (body as { motivo?: string }).motivo };
            expect(seen).toEqual({ path, caller, status: motivo ? 403 : allowed, motivo });
          }
        }
      }
    }
  });

  it('GraphQL gives the rest of a person and the same score to whoever gets no cadastral data', async () => {
    const scores = new Set<string>();
    for (const [caller, request, motivo] of callers(cpf)) {
      const token = await graph.environment.token(request);
      const { body } = await graphql(graph.router.url, { query: QUERY, variables: { cpf }, token });
      const { nome, endereco, perfil, score } = (body.data as unknown as { pessoa: Record<string, Record<string, unknown>> }).pessoa; // prettier-ignore
      const shown = [endereco?.['cidade'], (perfil?.['endereco'] as { cidade?: string } | null)?.cidade];
      const motivos = new Set(body.errors?.map(({ extensions }) => (extensions as { motivo?: string }).motivo));
      expect({ caller, motivos }).toEqual({ caller, motivos: new Set(motivo ? [motivo] : []) });
      expect({ caller, shown }).toEqual({ caller, shown: motivo ? [undefined, undefined] : Array(2).fill('São Paulo') }); // prettier-ignore
      if (motivo === 'TITULAR') continue;
      expect({ caller, nome, hasIdade: typeof perfil?.['idade'] }).toEqual({ caller, nome: expect.any(String), hasIdade: 'number' }); // prettier-ignore
      if (motivo) expect([perfil?.['fontesDeRenda'], perfil?.['rendaMensal']]).toEqual([null, null]);
      scores.add(JSON.stringify(score));
    }
    expect(scores.size).toBe(1);
  });

  it('a list of people is decided person by person', async () => {
    const token = await graph.environment.token({ consentimento: [cpf] });
    const other = await addPerson(graph);
    const query = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { endereco { cidade } } }';
    const { body } = await graphql(graph.router.url, { query, variables: { cpfs: [cpf, other] }, token });
    const errors = (body.errors ?? []).map(({ path, extensions }) => [
      path,
      (extensions as { motivo?: string }).motivo,
    ]);
    const perPerson: Record<ThirdPartyCadastro, unknown> = {
      scope: [],
      consent: [[['pessoas', 1, 'endereco'], 'CONSENTIMENTO']],
      never: [[['pessoas', 'endereco'], 'OPERADOR']], // of the router, before planning
    };
    expect(errors).toEqual(perPerson[setting]);
  });

  it('without the scope nobody gets it, not even the holder', async () => {
    for (const request of [{ cpf }, { consentimento: [cpf] }]) {
      const token = await graph.environment.token({ ...request, scope: 'divida:read score:read score:detalhe' });
      const query = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { ${Object.values(CADASTRO).join(' ')} } }`;
      const { body } = await graphql(graph.subgraphs.score.url, { query: query.replace(CADASTRO.endereco, ''), variables: { cpf }, token, sign: asRouter(graph.environment.env, 'score') }); // prettier-ignore
      const motivos = body.errors?.map(({ extensions }) => (extensions as { motivo?: string }).motivo);
      expect(motivos).toEqual(['ESCOPO', 'ESCOPO', 'ESCOPO']);
      expect((await rest(graph.router.url, `/divida/${cpf}?campos=endereco`, token)).body).toMatchObject({
        motivo: 'ESCOPO',
      });
    }
  });
});
