import { randomUUID } from 'node:crypto';
import type { Cpf } from '@pessoa/domain/cpf';
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
import { openBaseC } from './base-c-under-test.ts';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

const POSTINGS = 33;
const INSTANT = '2026-11-20T01:30:00.123Z'; // 19 November in São Paulo

const PAGE = `query ($cpf: CPF!, $after: String) {
  pessoa(cpf: $cpf) { eventos {
    movimentacaoFinanceira(first: 10, after: $after) { nodes { id dataHora valor } pageInfo { hasNextPage endCursor } }
  } }
}`;
const REST = `query ($cpf: CPF!) {
  pessoa(cpf: $cpf) { eventos {
    consultas(first: 50) { nodes { dataHora } }
    ultimaCompraCartao { dataHora valor }
    ofOneDay: movimentacaoFinanceira(first: 100, filtro: { de: "2026-11-19", ate: "2026-11-19" }) { nodes { dataHora } }
  } }
}`;

/** Settings that a server, a database, a role or another client of a pooler may have made for the session. */
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
    // Most postings have one instant, so pages end within it.
    const rows = Array.from({ length: POSTINGS }, (__, index) => ({
      id: randomUUID(),
      data_hora: index < 20 ? INSTANT : `2026-11-19T${String(index - 20).padStart(2, '0')}:59:59.999Z`,
    }));
    await addMovimentacoes(baseC.owner, cpf, ...rows);
    await addConsultas(baseC.owner, cpf, { data_hora: INSTANT });
    await addAcessos(auditoria.owner, event.cpfHash(cpf), { data_hora: INSTANT });
    await addCompras(baseC.owner, cpf, { data_hora: INSTANT });
  });
  afterAll(() => event?.close());

  it('gives every posting once, page by page, with its instant', async () => {
    const instants = new Map<string, string>();
    let after: string | null = null;
    for (let page = 0; page < 5; page++) {
      const { body } = await event.ask(PAGE, { cpf, variables: { after } });
      const list = (body.data as never as Answer).pessoa.eventos.movimentacaoFinanceira;
      for (const { id, dataHora } of list.nodes) {
        expect(instants.has(id)).toBe(false);
        instants.set(id, dataHora);
      }
      if (!list.pageInfo.hasNextPage) break;
      after = list.pageInfo.endCursor;
    }
    expect(instants.size).toBe(POSTINGS);
    expect([...instants.values()].filter((instant) => instant === INSTANT)).toHaveLength(20);
  });

  it('gives inquiries and purchases with their instants, and filters by days of São Paulo', async () => {
    const { body } = await event.ask(REST, { cpf });
    const { ultimaCompraCartao, consultas, ofOneDay } = (body.data as never as RestAnswer).pessoa.eventos;
    expect(ultimaCompraCartao).toEqual({ dataHora: INSTANT, valor: '10.00' });
    // The newer ones are the inquiries of these tests themselves.
    expect(consultas.nodes.slice(-2)).toEqual([{ dataHora: INSTANT }, { dataHora: INSTANT }]);
    // 19 November in São Paulo is 03:00Z to 03:00Z: it has the twenty of one instant, and the others from 03:00Z on.
    expect(ofOneDay.nodes).toHaveLength(30);
  });
});

interface RestAnswer {
  readonly pessoa: {
    readonly eventos: {
      readonly ultimaCompraCartao: unknown;
      readonly consultas: { readonly nodes: readonly unknown[] };
      readonly ofOneDay: { readonly nodes: readonly unknown[] };
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

describe('A second table of the same name', () => {
  const addSecondTable = async ({ baseC }: TestBases): Promise<void> => {
    await baseC.owner.query('CREATE SCHEMA antes; CREATE TABLE antes.movimentacao (LIKE movimentacao)');
    await setInDatabase(baseC.readerUrl, { search_path: 'antes, public' });
  };

  it('is not read when our role may not select it, even if it comes first on the search path', async () => {
    const event = await startEventUnderTest({
      async envFrom(bases) {
        await addSecondTable(bases);
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

  it('that our role may select is named by the start check, with both schemas', async () => {
    const bases = await openTestBases();
    await addSecondTable(bases);
    await bases.baseC.owner.query(
      'GRANT USAGE ON SCHEMA antes TO base_c_reader; GRANT SELECT ON antes.movimentacao TO base_c_reader',
    );
    const base = openBaseC(bases.baseC.readerUrl);
    expect(await base.contractFaults()).toEqual([
      'movimentacao (is in the schemas antes, public: our role may select it in one only)',
    ]);
    await expect(base.read((_, { table }) => Promise.resolve(table('movimentacao')))).rejects.toMatchObject({
      code: 'FONTE_INVALIDA',
    });
    await base.close();
    await bases.drop();
  });
});
