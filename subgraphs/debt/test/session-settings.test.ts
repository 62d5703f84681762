import type { Cpf } from '@pessoa/domain/cpf';
import { setInDatabase } from '@pessoa/testkit/database-settings';
import { hostileSettings } from '@pessoa/testkit/hostile-settings';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const INSTANT = '2026-05-01T01:02:03.456Z';
const DEBTS = 12;

const ASK = `query ($cpf: CPF!, $after: String) {
  pessoa(cpf: $cpf) {
    nome endereco { atualizadoEm }
    resumoDividas { quantidade valorTotal primeiraOcorrencia ultimaOcorrencia }
    dividas(first: 5, after: $after) {
      nodes { id vencimento dataInclusao valorAtualizado } pageInfo { hasNextPage endCursor }
    }
  }
}`;

const settings: [string, Record<string, string>][] = [
  ['time zone is three hours west of UTC', { TimeZone: 'America/Sao_Paulo' }],
  ['dates start with the day', { DateStyle: 'SQL, DMY' }],
  ['dates start with the month', { DateStyle: 'SQL, MDY' }],
  ['dates have the German form', { DateStyle: 'German' }],
  ['settings are those of the hostile test run', { ...hostileSettings, search_path: 'public' }],
];

describe.each(settings)('Debt on a database whose %s', (_, hostile) => {
  let debt: DebtUnderTest;
  let cpf: Cpf;
  beforeAll(async () => {
    debt = await openDebt(async ({ baseA }) => {
      await setInDatabase(baseA.readerUrl, hostile);
      return {};
    });
    cpf = await debt.newPessoa({ endereco: { logradouro: 'Rua das Amostras', atualizado_em: INSTANT } });
    for (let n = 0; n < DEBTS; n++) {
      await debt.newDivida(cpf, { vencimento: n < 8 ? '2026-03-04' : '2026-04-03', valor_atualizado: '110.50' });
    }
  });
  afterAll(() => debt?.close());

  it('shows every debt once over the pages, with the dates that Base A has', async () => {
    const days: string[] = [];
    const ids = new Set<string>();
    let after: string | null = null;
    for (let page = 0; page < 4; page++) {
      const { body } = await debt.ask(ASK, { variables: { cpf, after } });
      const { pessoa } = body.data as never as Answer;
      expect(pessoa).toMatchObject({
        nome: 'Ana Fictícia',
        endereco: { atualizadoEm: INSTANT },
        resumoDividas: {
          quantidade: DEBTS,
          valorTotal: '1326.00',
          primeiraOcorrencia: '2026-03-04',
          ultimaOcorrencia: '2026-04-03',
        },
      });
      for (const { id, vencimento } of pessoa.dividas.nodes) {
        ids.add(id);
        days.push(vencimento);
      }
      if (!pessoa.dividas.pageInfo.hasNextPage) break;
      after = pessoa.dividas.pageInfo.endCursor;
    }
    expect(ids.size).toBe(DEBTS);
    expect(days).toEqual([...Array(4).fill('2026-04-03'), ...Array(8).fill('2026-03-04')]);
  });
});

interface Answer {
  readonly pessoa: {
    readonly dividas: {
      readonly nodes: readonly { readonly id: string; readonly vencimento: string }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}
