import type { Cpf } from '@pessoa/domain/cpf';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const TODAY = '2026-11-22T15:00:00Z';
const SITUACOES = [
  'EM_ABERTO', 'EM_NEGOCIACAO', 'ACORDO_VIGENTE', 'QUITADA', 'BAIXADA_POR_PRAZO', 'CONTESTADA', 'SUSPENSA_JUDICIALMENTE',
]; // prettier-ignore
const SHOWN = ['EM_ABERTO', 'EM_NEGOCIACAO', 'ACORDO_VIGENTE', 'CONTESTADA'];

describe('What the law lets third parties see of a person’s debts', () => {
  let debt: DebtUnderTest;

  beforeAll(async () => void (debt = await openDebt()));
  afterEach(() => debt.setNow(TODAY));
  afterAll(() => debt.close());

  const DIVIDAS = `query ($cpf: CPF!, $filtro: FiltroDivida) {
    pessoa(cpf: $cpf) { dividas(filtro: $filtro, first: 100) { totalCount nodes { id situacao } } resumoDividas { quantidade } }
  }`;

  async function seen(cpf: Cpf, options: { filtro?: object; token?: string } = {}) {
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

  it('is a debt for five years from its due date, and not one day longer', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, {
      vencimento: '2021-11-22',
      data_comunicacao: '2022-01-01',
      data_inclusao: '2022-02-01',
    });

    debt.setNow('2026-11-21T15:00:00Z');
    expect(await seen(cpf)).toMatchObject({ totalCount: 1, quantidade: 1, nodes: [{ situacao: 'EM_ABERTO' }] });
    debt.setNow('2026-11-22T15:00:00Z');
    expect(await seen(cpf)).toMatchObject({ totalCount: 1, quantidade: 1 });
    debt.setNow('2026-11-23T15:00:00Z');
    expect(await seen(cpf)).toMatchObject({ totalCount: 0, quantidade: 0, nodes: [] });
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
  ])('of %s is shown on %s: %s, whatever 29 February is between', async (vencimento, day, isShown) => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { vencimento, data_comunicacao: vencimento, data_inclusao: vencimento });
    debt.setNow(`${day}T15:00:00Z`);
    expect(await seen(cpf)).toMatchObject({ totalCount: isShown ? 1 : 0, quantidade: isShown ? 1 : 0 });
  });

  it('ends with the day of São Paulo, not with that of UTC', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, {
      vencimento: '2021-11-22',
      data_comunicacao: '2022-01-01',
      data_inclusao: '2022-02-01',
    });

    debt.setNow('2026-11-23T02:59:59Z');
    expect(await seen(cpf)).toMatchObject({ totalCount: 1 });
    debt.setNow('2026-11-23T03:00:00Z');
    expect(await seen(cpf)).toMatchObject({ totalCount: 0 });
  });

  it('is not brought back by a filter that asks for the time before', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, {
      vencimento: '2021-11-21',
      data_comunicacao: '2022-01-01',
      data_inclusao: '2022-02-01',
    });
    expect(await seen(cpf, { filtro: { vencimentoDe: '2000-01-01', vencimentoAte: '2021-12-31' } })).toMatchObject({
      totalCount: 0,
    });
  });

  it.each([
    ['never told', null, '2026-02-11', false],
    ['told the day after it was entered', '2026-02-12', '2026-02-11', false],
    ['told the day it was entered', '2026-02-11', '2026-02-11', true],
    ['told the day before it was entered', '2026-02-10', '2026-02-11', true],
  ])('is nothing the consumer was %s', async (_, data_comunicacao, data_inclusao, isShown) => {
    const cpf = await debt.newPessoa();
    const id = await debt.newDivida(cpf, { data_comunicacao, data_inclusao });
    expect(await seen(cpf)).toMatchObject({ ids: isShown ? [id] : [], quantidade: isShown ? 1 : 0 });
    expect(await seen(cpf, { token: await holder(cpf) })).toMatchObject({ ids: [id], quantidade: 1 });
  });

  it.each([
    ['due today', { vencimento: '2026-11-22' }, true],
    ['due tomorrow', { vencimento: '2026-11-23' }, false],
    ['due in a year that no text of ours can write', { vencimento: '12026-01-01' }, false],
    ['due never', { vencimento: 'infinity' }, false],
    ['due before all days', { vencimento: '-infinity' }, false],
    ['told and entered today', { data_comunicacao: '2026-11-22', data_inclusao: '2026-11-22' }, true],
    ['to be entered tomorrow', { data_inclusao: '2026-11-23' }, false],
    ['to be entered next week', { data_inclusao: '2026-11-29' }, false],
    ['to be told and entered tomorrow', { data_comunicacao: '2026-11-23', data_inclusao: '2026-11-23' }, false],
  ])('is nothing that is still to come: %s', async (_, fields, isShown) => {
    const cpf = await debt.newPessoa();
    const id = await debt.newDivida(cpf, fields);
    const expected = { ids: isShown ? [id] : [], totalCount: isShown ? 1 : 0, quantidade: isShown ? 1 : 0 };
    expect(await seen(cpf)).toMatchObject(expected);
    expect(await seen(cpf, { filtro: { vencimentoAte: '9999-12-31' } })).toMatchObject(expected);
    expect(await seen(cpf, { token: await holder(cpf) })).toMatchObject({ ids: [id], quantidade: 1 });
  });

  it('begins with the day of São Paulo, not with that of UTC', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { data_inclusao: '2026-11-23' });
    debt.setNow('2026-11-23T02:59:59Z');
    expect(await seen(cpf)).toMatchObject({ totalCount: 0, quantidade: 0 });
    debt.setNow('2026-11-23T03:00:00Z');
    expect(await seen(cpf)).toMatchObject({ totalCount: 1, quantidade: 1 });
  });

  it('is what is owed, negotiated or contested, each marked as such', async () => {
    const cpf = await debt.newPessoa();
    for (const situacao of SITUACOES) await debt.newDivida(cpf, { situacao });
    const { nodes, totalCount, quantidade } = await seen(cpf);
    expect(nodes.map(({ situacao }) => situacao).toSorted()).toEqual(SHOWN.toSorted());
    expect([totalCount, quantidade]).toEqual([4, 4]);
  });

  it.each(SITUACOES.filter((situacao) => !SHOWN.includes(situacao)))(
    'is never %s, whatever the filter asks for',
    async (situacao) => {
      const cpf = await debt.newPessoa();
      await debt.newDivida(cpf, { situacao });
      await debt.newDivida(cpf, { situacao: 'EM_ABERTO' });
      expect(await seen(cpf, { filtro: { situacoes: [situacao] } })).toMatchObject({ nodes: [], totalCount: 0 });
      expect(await seen(cpf, { filtro: { situacoes: [situacao, 'EM_ABERTO'] } })).toMatchObject({
        nodes: [{ situacao: 'EM_ABERTO' }],
        totalCount: 1,
      });
    },
  );

  it('is less than the holder sees, who sees all', async () => {
    const cpf = await debt.newPessoa();
    const ids = [];
    for (const situacao of SITUACOES) ids.push(await debt.newDivida(cpf, { situacao }));
    ids.push(
      await debt.newDivida(cpf, { vencimento: '1999-12-31' }),
      await debt.newDivida(cpf, { data_comunicacao: null }),
    );
    const all = await seen(cpf, { token: await holder(cpf) });
    expect(all.ids.toSorted()).toEqual(ids.toSorted());
    expect([all.totalCount, all.quantidade]).toEqual([9, 9]);
    expect(await seen(cpf, { token: await holder(cpf), filtro: { situacoes: ['QUITADA'] } })).toMatchObject({
      totalCount: 1,
    });
  });

  it('does not grow for a purpose: a court order or a collector sees no more', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { situacao: 'QUITADA' });
    for (const finalidade of ['ORDEM_JUDICIAL', 'COBRANCA', 'PREVENCAO_FRAUDE'] as const) {
      const token = await debt.token({ finalidade, ordemJudicial: '0001234-03.2026.8.26.0100' });
      expect(await seen(cpf, { token })).toMatchObject({ totalCount: 0, quantidade: 0 });
    }
  });
});
