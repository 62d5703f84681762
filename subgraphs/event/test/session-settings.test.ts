import { randomUUID } from 'node:crypto';
import { baseC } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import { openBase } from '@pessoa/subgraph/base/base';
import {
  addAcessos,
  addCompras,
  addConsultas,
  addMovimentacoes,
  addTitular,
  newCpf,
} from '@pessoa/testkit/base-c-rows';
import { setInDatabase } from '@pessoa/testkit/database-settings';
import { hostileSettings } from '@pessoa/testkit/hostile-settings';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { PrismaClient } from '../src/generated/prisma/client.ts';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

const POSTINGS = 33;
const INSTANT = '2026-11-20T01:30:00.123Z'; // of the day before in São Paulo

const PAGE = `query ($cpf: CPF!, $after: String) {
  pessoa(cpf: $cpf) { eventos {
    movimentacaoFinanceira(first: 10, after: $after) { nodes { id dataHora valor } pageInfo { hasNextPage endCursor } }
  } }
}`;
const REST = `query ($cpf: CPF!) {
  pessoa(cpf: $cpf) { eventos {
    consultas(first: 50) { nodes { dataHora } }
    ultimaCompraCartao { dataHora valor }
    deUmDia: movimentacaoFinanceira(first: 100, filtro: { de: "2026-11-19", ate: "2026-11-19" }) { nodes { dataHora } }
  } }
}`;

/** What a server, a database, a role or another client of a pooler may have set for the session. */
const settings: [string, Record<string, string>][] = [
  ['is three hours west', { TimeZone: 'America/Sao_Paulo' }],
  ['is five hours and three quarters east', { TimeZone: 'Asia/Kathmandu' }],
  ['writes days first', { DateStyle: 'SQL, DMY', TimeZone: 'America/New_York' }],
  ['writes as Germans do', { DateStyle: 'German', TimeZone: 'Europe/Berlin' }],
  ['writes as PostgreSQL used to', { DateStyle: 'Postgres, MDY' }],
  ['is all of what the hostile run sets', { ...hostileSettings, search_path: 'public' }],
  ['ends every statement at once', { statement_timeout: '1ms', lock_timeout: '1ms' }],
];

describe.each(settings)('Event over a session that %s', (_, hostile) => {
  let event: EventUnderTest;
  let cpf: Cpf;

  beforeAll(async () => {
    event = await startEventUnderTest({
      async envFrom({ baseC, auditoria }: TestBases) {
        await setInDatabase(baseC.readerUrl, hostile);
        await setInDatabase(auditoria.readerUrl, hostile);
        return {};
      },
    });
    cpf = newCpf();
    const { baseC, auditoria } = event.bases;
    await addTitular(baseC.owner, cpf);
    // One instant for most of them, so that pages are cut within it.
    const rows = Array.from({ length: POSTINGS }, (__, n) => ({
      id: randomUUID(),
      data_hora: n < 20 ? INSTANT : `2026-11-19T${String(n - 20).padStart(2, '0')}:59:59.999Z`,
    }));
    await addMovimentacoes(baseC.owner, cpf, ...rows);
    await addConsultas(baseC.owner, cpf, { data_hora: INSTANT });
    await addAcessos(auditoria.owner, event.cpfHash(cpf), { data_hora: INSTANT });
    await addCompras(baseC.owner, cpf, { data_hora: INSTANT });
  });
  afterAll(() => event?.close());

  it('gives every posting once, page by page, at its instant', async () => {
    const seen = new Map<string, string>();
    let after: string | null = null;
    for (let page = 0; page < 5; page++) {
      const { body } = await event.ask(PAGE, { cpf, variables: { after } });
      const list = (body.data as never as Answer).pessoa.eventos.movimentacaoFinanceira;
      for (const { id, dataHora } of list.nodes) {
        expect(seen.has(id)).toBe(false);
        seen.set(id, dataHora);
      }
      if (!list.pageInfo.hasNextPage) break;
      after = list.pageInfo.endCursor;
    }
    expect(seen.size).toBe(POSTINGS);
    expect([...seen.values()].filter((instant) => instant === INSTANT)).toHaveLength(20);
  });

  it('gives reads and purchases at their instants, and knows the days of São Paulo', async () => {
    const { body } = await event.ask(REST, { cpf });
    const { ultimaCompraCartao, consultas, deUmDia } = (body.data as never as RestAnswer).pessoa.eventos;
    expect(ultimaCompraCartao).toEqual({ dataHora: INSTANT, valor: '10.00' });
    // Those before it are of this suite's own asking.
    expect(consultas.nodes.slice(-2)).toEqual([{ dataHora: INSTANT }, { dataHora: INSTANT }]);
    // 19 November in São Paulo is 03:00Z to 03:00Z: the twenty are in it, and of the others those from 03:00Z on.
    expect(deUmDia.nodes).toHaveLength(30);
  });
});

interface RestAnswer {
  readonly pessoa: {
    readonly eventos: {
      readonly ultimaCompraCartao: unknown;
      readonly consultas: { readonly nodes: readonly unknown[] };
      readonly deUmDia: { readonly nodes: readonly unknown[] };
    };
  };
}

interface Answer {
  readonly pessoa: {
    readonly eventos: {
      readonly movimentacaoFinanceira: {
        readonly nodes: readonly { readonly id: string; readonly dataHora: string }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    };
  };
}

describe('A table of the same name', () => {
  const addNamesake = async ({ baseC }: TestBases): Promise<void> => {
    await baseC.owner.query('CREATE SCHEMA antes; CREATE TABLE antes.movimentacao (LIKE movimentacao)');
    await setInDatabase(baseC.readerUrl, { search_path: 'antes, public' });
  };

  it('that comes first on the search path, and is not granted, is not read', async () => {
    const event = await startEventUnderTest({
      async envFrom(bases) {
        await addNamesake(bases);
        return {};
      },
    });
    const cpf = await addTitular(event.bases.baseC.owner, newCpf());
    await addMovimentacoes(event.bases.baseC.owner, cpf, { id: 'a-certa' });
    const { body } = await event.ask(PAGE, { cpf });
    expect((body.data as never as Answer).pessoa.eventos.movimentacaoFinanceira.nodes).toMatchObject([
      { id: 'a-certa' },
    ]);
    await event.close();
  });

  it('that is granted too is named by the check, with both schemas', async () => {
    const bases = await openTestBases();
    await addNamesake(bases);
    await bases.baseC.owner.query(
      'GRANT USAGE ON SCHEMA antes TO base_c_reader; GRANT SELECT ON antes.movimentacao TO base_c_reader',
    );
    const base = openBase({
      url: bases.baseC.readerUrl,
      fonte: 'evento',
      budget: { acquireMillis: 10_000, statementMillis: 10_000 },
      contract: baseC.contract,
      createClient: (adapter) => new PrismaClient({ adapter }),
    });
    expect(await base.missing()).toEqual([
      'movimentacao (is in the schemas antes, public: our role may select it in one only)',
    ]);
    await expect(base.read((_, { table }) => Promise.resolve(table('movimentacao')))).rejects.toMatchObject({
      code: 'FONTE_INVALIDA',
    });
    await base.close();
    await bases.drop();
  });
});
