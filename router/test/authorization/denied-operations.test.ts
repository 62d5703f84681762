import { type Acesso, type AuditLog } from '@pessoa/audit/audit-log';
import { auditPlugin } from '@pessoa/audit/audit-plugin';
import { personMarker } from '@pessoa/audit/person-marks';
import { type Service, serviceNames } from '@pessoa/domain/services';
import type { ConstantPlugin } from '@pessoa/service/graphql/constant-plugin';
import type { RequestContext } from '@pessoa/service/http/request-context';
import { testLog } from '@pessoa/testkit/logs/test-log';
import type { Caller } from 'graphql-jwt-guard';
import type { FetchContext } from '../../src/execution/fetch-context.ts';
import { ANA, cpfNumber } from '../graph/people.ts';
import { MAIN_QUERY } from '../graph/queries.ts';
import { type RouterUnderTest, startRouter } from '../graph/router-under-test.ts';
import { startSubgraph, type TestSubgraph } from '../graph/subgraphs.ts';
import { composeWithAuthorization } from '../graph/supergraph.ts';

const ALL_SCOPES = [
  'divida:read',
  'score:read',
  'score:detalhe',
  'evento:read',
  'evento:movimentacao',
  'cadastro:read',
];

const callerWith = (scopes: readonly string[], policies: readonly string[] = []): Caller => ({
  isAuthenticated: true,
  scopes: new Set(scopes),
  policies: new Set(policies),
});

const clock = { now: () => new Date('2026-11-28T12:00:00Z') };
const markPerson = personMarker(new Uint8Array(32));

describe('An operation of which the caller is denied a part', () => {
  let subgraphs: Record<Service, TestSubgraph>;
  let router: RouterUnderTest;
  let caller: Caller;
  const acessos: Acesso[] = [];
  const facts: RequestContext['facts'] = { interactionId: 'i-1', startedAt: 0 };
  const viewer = { clientId: 'c', sujeito: 's', finalidade: 'COBRANCA', consentimentos: new Map() };

  beforeAll(async () => {
    const started = await Promise.all(serviceNames.map(async (name) => [name, await startSubgraph(name)] as const));
    subgraphs = Object.fromEntries(started) as typeof subgraphs;
    const auditLog: AuditLog = {
      record: async (rows) => void acessos.push(...rows),
      faults: async () => [],
      close: async () => {},
    };
    const audit = auditPlugin<RequestContext>({ auditLog, servico: 'router', markPerson, clock, logger: testLog().logger }); // prettier-ignore
    router = await startRouter(
      composeWithAuthorization(),
      { debt: subgraphs.debt.url, score: subgraphs.score.url, event: subgraphs.event.url },
      {
        caller: () => caller,
        context: { viewer, facts } as object,
        plugins: [audit as unknown as ConstantPlugin<FetchContext>],
      },
    );
  });
  beforeEach(() => {
    acessos.splice(0);
    for (const name of serviceNames) subgraphs[name].calls.splice(0);
  });
  afterAll(async () => {
    await router.close();
    await Promise.all(serviceNames.map((name) => subgraphs[name].close()));
  });

  const fetched = (): string[] => serviceNames.flatMap((name) => subgraphs[name].calls.map(({ query }) => `${name}: ${query}`)); // prettier-ignore
  const audited = () => acessos.map(({ cpfHash: person, resultado, campos }) => ({ person, resultado, campos }));

  it('asks no source for what is denied, and says why each part is', async () => {
    caller = callerWith(['divida:read', 'evento:read', 'evento:movimentacao']);
    const { status, data, errors } = await router.ask(MAIN_QUERY, { cpf: ANA });
    const refusal = (path: string, reason: object) => ({
      message: 'Your token does not give access to this.',
      path: path.split('.'),
      extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', ...reason },
    });
    expect({ status, data, errors }).toEqual({
      status: 200,
      data: {
        pessoa: {
          nome: `Pessoa ${ANA.slice(0, 9)}`,
          dividas: { nodes: [{ credor: { nome: 'Loja Fictícia' }, valorOriginal: '1234.56' }] },
          score: null,
          eventos: {
            ultimaConsulta: { dataHora: '2026-11-01T12:00:00.000Z' },
            movimentacaoFinanceira: null,
            ultimaCompraCartao: null,
          },
        },
      },
      errors: [
        refusal('pessoa.score', { motivo: 'ESCOPO', escopos: ['score:read'] }),
        refusal('pessoa.eventos.movimentacaoFinanceira', { motivo: 'CONSENTIMENTO' }),
        refusal('pessoa.eventos.ultimaCompraCartao', { motivo: 'CONSENTIMENTO' }),
      ],
    });
    expect({ services: fetched().map((call) => call.split(':')[0]), sent: fetched().join() }).toEqual({
      services: ['debt', 'event'],
      sent: expect.not.stringMatching(/movimentacaoFinanceira|ultimaCompraCartao|score/),
    });
    expect(audited()).toEqual([
      {
        person: markPerson(ANA).cpfHash,
        resultado: 'PARCIAL',
        campos: ['nome', 'dividas.nodes', 'eventos.ultimaConsulta'],
      },
    ]);
  });

  it('is null when all of it is denied: nothing is fetched, and each person has a record', async () => {
    caller = callerWith(['divida:read']);
    const people = [1, 2, 3].map(cpfNumber);
    const query =
      'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { score { valor } eventos { consultas { totalCount } } } }';
    const { status, data, errors } = await router.ask(query, { cpfs: people });
    expect({ status, data, paths: errors.map(({ path }) => path?.join('.')), fetched: fetched() }).toEqual({
      status: 200,
      data: null,
      paths: ['pessoas.score', 'pessoas.eventos'],
      fetched: [],
    });
    expect(audited()).toEqual(
      people.map((cpf) => ({ person: markPerson(cpf).cpfHash, resultado: 'NEGADO', campos: [] })),
    );
  });

  it('is the short way’s from its second time on, with a plan for each set of rights', async () => {
    const query = `query Direitos { pessoa(cpf: "${ANA}") { nome score { valor } } }`;
    const answers: unknown[] = [];
    await router.ask(query); // a document is kept from its second time on
    const before = router.executorRuns();
    for (const scopes of [ALL_SCOPES, ['divida:read'], ALL_SCOPES, ['divida:read'], ['score:read'], ALL_SCOPES]) {
      caller = callerWith(scopes);
      const { data } = await router.ask(query);
      answers.push(data);
    }
    const nome = `Pessoa ${ANA.slice(0, 9)}`;
    const score = { valor: 1 };
    expect({ answers, executorRuns: router.executorRuns() - before }).toEqual({
      answers: [{ nome, score }, { nome, score: null }, { nome, score }, { nome, score: null }, { nome: null, score }, { nome, score }].map((pessoa) => ({ pessoa })), // prettier-ignore
      executorRuns: 3,
    });
  });

  it('keeps the errors of its sources beside the denials', async () => {
    caller = callerWith(['divida:read', 'score:read']);
    await subgraphs.score.close();
    const { data, errors } = await router.ask(MAIN_QUERY, { cpf: ANA });
    subgraphs.score = await startSubgraph('score');
    expect({
      data: data as object,
      errors: errors.map(({ path, extensions }) => `${path?.join('.')} ${String(extensions?.['code'])}`),
    }).toEqual({
      data: { pessoa: expect.objectContaining({ nome: `Pessoa ${ANA.slice(0, 9)}`, score: null, eventos: null }) },
      errors: ['pessoa.eventos UNAUTHORIZED_FIELD_OR_TYPE', 'pessoa.score FONTE_INDISPONIVEL'],
    });
  });
});
