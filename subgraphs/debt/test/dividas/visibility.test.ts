import type { Cpf } from '@pessoa/domain/cpf';
import { type DebtUnderTest, openDebt } from '../debt-under-test.ts';

const TODAY = '2026-11-22T15:00:00Z';
const SITUACOES = [
  'EM_ABERTO', 'EM_NEGOCIACAO', 'ACORDO_VIGENTE', 'QUITADA', 'BAIXADA_POR_PRAZO', 'CONTESTADA', 'SUSPENSA_JUDICIALMENTE',
]; // prettier-ignore
const SHOWN = ['EM_ABERTO', 'EM_NEGOCIACAO', 'ACORDO_VIGENTE', 'CONTESTADA'];

describe('The debts that third parties may see by law', () => {
  let debt: DebtUnderTest;

  beforeAll(async () => void (debt = await openDebt()));
  afterEach(() => debt.setNow(TODAY));
  afterAll(() => debt.close());

  const DIVIDAS = `query ($cpf: CPF!, $filtro: FiltroDivida) {
    pessoa(cpf: $cpf) { dividas(filtro: $filtro, first: 100) { totalCount nodes { id situacao } } resumoDividas { quantidade } }
  }`;

  async function shownDebts(cpf: Cpf, options: { filtro?: object; token?: string } = {}) {
    const { filtro = null, token } = options;
    const { body } = await debt.ask(DIVIDAS, { variables: { cpf, filtro }, ...(token && { token }) });
    expect(body.errors).toBe(undefined);
    const { pessoa } = body.data as unknown as {
      pessoa: {
        dividas: { totalCount: number; nodes: { id: string; situacao: string }[] };
        resumoDividas: { quantidade: number };
      };
    };
    return {
      ...pessoa.dividas,
      ids: pessoa.dividas.nodes.map(({ id }) => id),
      quantidade: pessoa.resumoDividas.quantidade,
    };
  }
  const holder = (cpf: Cpf) => debt.token({ cpf });

  it('a debt older than five years is not shown', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, {
      vencimento: '2021-11-22',
      data_comunicacao: '2022-01-01',
      data_inclusao: '2022-02-01',
    });

    debt.setNow('2026-11-21T15:00:00Z');
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: 1, quantidade: 1, nodes: [{ situacao: 'EM_ABERTO' }] });
    debt.setNow('2026-11-22T15:00:00Z');
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: 1, quantidade: 1 });
    debt.setNow('2026-11-23T15:00:00Z');
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: 0, quantidade: 0, nodes: [] });
  });

  it.each([
    ['2023-02-28', '2028-02-28', true],
    ['2023-02-28', '2028-02-29', false],
    ['2023-03-01', '2028-02-29', true],
    ['2023-03-01', '2028-03-02', false],
    ['2024-02-29', '2029-02-28', true],
    ['2024-02-29', '2029-03-01', true], // Código Civil art. 132 §3
    ['2024-02-29', '2029-03-02', false],
    ['2024-02-28', '2029-03-01', false],
    ['2024-03-01', '2029-03-01', true],
  ])('a debt due on %s is shown on %s: %s', async (vencimento, day, isShown) => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { vencimento, data_comunicacao: vencimento, data_inclusao: vencimento });
    debt.setNow(`${day}T15:00:00Z`);
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: isShown ? 1 : 0, quantidade: isShown ? 1 : 0 });
  });

  it('the five years end at midnight in São Paulo, not in UTC', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, {
      vencimento: '2021-11-22',
      data_comunicacao: '2022-01-01',
      data_inclusao: '2022-02-01',
    });

    debt.setNow('2026-11-23T02:59:59Z');
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: 1 });
    debt.setNow('2026-11-23T03:00:00Z');
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: 0 });
  });

  it('a filter by due date does not show a debt older than five years', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, {
      vencimento: '2021-11-21',
      data_comunicacao: '2022-01-01',
      data_inclusao: '2022-02-01',
    });
    expect(
      await shownDebts(cpf, { filtro: { vencimentoDe: '2000-01-01', vencimentoAte: '2021-12-31' } }),
    ).toMatchObject({
      totalCount: 0,
    });
  });

  it.each([
    ['was never notified', null, '2026-02-11', false],
    ['was notified the day after the entry', '2026-02-12', '2026-02-11', false],
    ['was notified on the day of the entry', '2026-02-11', '2026-02-11', true],
    ['was notified the day before the entry', '2026-02-10', '2026-02-11', true],
  ])(
    'a debt is shown only if the consumer was notified by the day of its entry: the consumer %s',
    async (_, data_comunicacao, data_inclusao, isShown) => {
      const cpf = await debt.newPessoa();
      const id = await debt.newDivida(cpf, { data_comunicacao, data_inclusao });
      expect(await shownDebts(cpf)).toMatchObject({ ids: isShown ? [id] : [], quantidade: isShown ? 1 : 0 });
      expect(await shownDebts(cpf, { token: await holder(cpf) })).toMatchObject({ ids: [id], quantidade: 1 });
    },
  );

  it.each([
    ['due today', { vencimento: '2026-11-22' }, true],
    ['due tomorrow', { vencimento: '2026-11-23' }, false],
    ['due in a year with five digits', { vencimento: '12026-01-01' }, false],
    ['due at infinity', { vencimento: 'infinity' }, false],
    ['due at -infinity', { vencimento: '-infinity' }, false],
    ['notified and entered today', { data_comunicacao: '2026-11-22', data_inclusao: '2026-11-22' }, true],
    ['to be entered tomorrow', { data_inclusao: '2026-11-23' }, false],
    ['to be entered next week', { data_inclusao: '2026-11-29' }, false],
    ['to be notified and entered tomorrow', { data_comunicacao: '2026-11-23', data_inclusao: '2026-11-23' }, false],
  ])('a debt that is due, notified or entered in the future is not shown: %s', async (_, fields, isShown) => {
    const cpf = await debt.newPessoa();
    const id = await debt.newDivida(cpf, fields);
    const expected = { ids: isShown ? [id] : [], totalCount: isShown ? 1 : 0, quantidade: isShown ? 1 : 0 };
    expect(await shownDebts(cpf)).toMatchObject(expected);
    expect(await shownDebts(cpf, { filtro: { vencimentoAte: '9999-12-31' } })).toMatchObject(expected);
    expect(await shownDebts(cpf, { token: await holder(cpf) })).toMatchObject({ ids: [id], quantidade: 1 });
  });

  it('a debt is shown from midnight of its entry in São Paulo, not in UTC', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { data_inclusao: '2026-11-23' });
    debt.setNow('2026-11-23T02:59:59Z');
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: 0, quantidade: 0 });
    debt.setNow('2026-11-23T03:00:00Z');
    expect(await shownDebts(cpf)).toMatchObject({ totalCount: 1, quantidade: 1 });
  });

  it('debts that are open, in negotiation, under agreement or contested are shown with their situation', async () => {
    const cpf = await debt.newPessoa();
    for (const situacao of SITUACOES) await debt.newDivida(cpf, { situacao });
    const { nodes, totalCount, quantidade } = await shownDebts(cpf);
    expect(nodes.map(({ situacao }) => situacao).toSorted()).toEqual(SHOWN.toSorted());
    expect({ totalCount, quantidade }).toEqual({ totalCount: 4, quantidade: 4 });
  });

  it.each(SITUACOES.filter((situacao) => !SHOWN.includes(situacao)))(
    'a debt that is %s is not shown, even if the filter asks for it',
    async (situacao) => {
      const cpf = await debt.newPessoa();
      await debt.newDivida(cpf, { situacao });
      await debt.newDivida(cpf, { situacao: 'EM_ABERTO' });
      expect(await shownDebts(cpf, { filtro: { situacoes: [situacao] } })).toMatchObject({ nodes: [], totalCount: 0 });
      expect(await shownDebts(cpf, { filtro: { situacoes: [situacao, 'EM_ABERTO'] } })).toMatchObject({
        nodes: [{ situacao: 'EM_ABERTO' }],
        totalCount: 1,
      });
    },
  );

  it('the holder sees all debts', async () => {
    const cpf = await debt.newPessoa();
    const ids = [];
    for (const situacao of SITUACOES) ids.push(await debt.newDivida(cpf, { situacao }));
    ids.push(
      await debt.newDivida(cpf, { vencimento: '1999-12-31' }),
      await debt.newDivida(cpf, { data_comunicacao: null }),
    );
    const all = await shownDebts(cpf, { token: await holder(cpf) });
    expect(all.ids.toSorted()).toEqual(ids.toSorted());
    expect(all).toMatchObject({ totalCount: 9, quantidade: 9 });
    expect(await shownDebts(cpf, { token: await holder(cpf), filtro: { situacoes: ['QUITADA'] } })).toMatchObject({
      totalCount: 1,
    });
  });

  it('a court order, a collection and fraud prevention see no more debts than any other purpose', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { situacao: 'QUITADA' });
    for (const finalidade of ['ORDEM_JUDICIAL', 'COBRANCA', 'PREVENCAO_FRAUDE'] as const) {
      const token = await debt.token({ finalidade, ordemJudicial: '0001234-03.2026.8.26.0100' });
      expect(await shownDebts(cpf, { token })).toMatchObject({ totalCount: 0, quantidade: 0 });
    }
  });
});
