import type { Cpf } from '@pessoa/domain/cpf';
import { type DebtUnderTest, openDebt } from '../debt-under-test.ts';

describe('The filter of `dividas`', () => {
  let debt: DebtUnderTest;
  let cpf: Cpf;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    debt = await openDebt();
    cpf = await debt.newPessoa();
    const rows = {
      conta: { modalidade: 'ENERGIA', natureza: 'PEFIN', vencimento: '2026-01-01', valor_original: '50.00' },
      luz: { modalidade: 'ENERGIA', natureza: 'COBRANCA', vencimento: '2026-02-01', valor_original: '99.99' },
      cartao: { modalidade: 'CARTAO_CREDITO', natureza: 'REFIN', vencimento: '2026-03-01', valor_original: '100.00' },
      carro: {
        modalidade: 'FINANCIAMENTO_VEICULO',
        natureza: 'ACAO_JUDICIAL',
        situacao: 'CONTESTADA',
        vencimento: '2026-04-01',
        valor_original: '90.00',
        valor_atualizado: '100.01',
      },
      caida: {
        modalidade: 'CARTAO_CREDITO',
        natureza: 'PROTESTO',
        situacao: 'EM_NEGOCIACAO',
        vencimento: '2026-05-01',
        valor_original: '500.00',
        valor_atualizado: '10.00',
      },
    };
    for (const [name, fields] of Object.entries(rows)) ids[name] = await debt.newDivida(cpf, fields);
  });
  afterAll(() => debt.close());

  const filtered = (filtro: object) =>
    debt.ask(
      'query ($cpf: CPF!, $filtro: FiltroDivida) { pessoa(cpf: $cpf) { dividas(filtro: $filtro) { totalCount nodes { id } } } }',
      {
        variables: { cpf, filtro },
      },
    );

  it.each<[object, string[]]>([
    [{}, ['caida', 'carro', 'cartao', 'luz', 'conta']],
    [{ modalidades: null, valorMinimo: null, vencimentoDe: null }, ['caida', 'carro', 'cartao', 'luz', 'conta']],
    [{ modalidades: ['ENERGIA'] }, ['luz', 'conta']],
    [{ modalidades: ['ENERGIA', 'CARTAO_CREDITO', 'ENERGIA'] }, ['caida', 'cartao', 'luz', 'conta']],
    [{ modalidades: ['TRIBUTO'] }, []],
    [{ naturezas: ['PEFIN', 'REFIN'] }, ['cartao', 'conta']],
    [{ situacoes: ['CONTESTADA', 'EM_NEGOCIACAO'] }, ['caida', 'carro']],
    [{ valorMinimo: '100.00' }, ['carro', 'cartao']],
    [{ valorMinimo: '100.01' }, ['carro']],
    [{ valorMinimo: '0.00' }, ['caida', 'carro', 'cartao', 'luz', 'conta']],
    [{ valorMinimo: '999999999999999.99' }, []],
    [{ vencimentoDe: '2026-03-01' }, ['caida', 'carro', 'cartao']],
    [{ vencimentoAte: '2026-02-01' }, ['luz', 'conta']],
    [{ vencimentoDe: '2026-02-01', vencimentoAte: '2026-03-01' }, ['cartao', 'luz']],
    [{ vencimentoDe: '2026-03-01', vencimentoAte: '2026-03-01' }, ['cartao']],
    [{ vencimentoDe: '0001-01-01', vencimentoAte: '9999-12-31' }, ['caida', 'carro', 'cartao', 'luz', 'conta']],
    [
      { modalidades: ['CARTAO_CREDITO'], naturezas: ['PROTESTO'], situacoes: ['EM_NEGOCIACAO'], valorMinimo: '10.00' },
      ['caida'],
    ],
    [{ modalidades: ['CARTAO_CREDITO'], naturezas: ['PEFIN'] }, []],
  ])('%j selects exactly the debts that match, newest first, and totalCount counts them', async (filtro, names) => {
    const { body } = await filtered(filtro);
    const nodes = names.map((name) => ({ id: ids[name] }));
    expect(body).toEqual({ data: { pessoa: { dividas: { totalCount: names.length, nodes } } } });
  });

  it.each<[object, string]>([
    [{ modalidades: ['CARTAO'] }, 'BAD_USER_INPUT'],
    [{ valorMinimo: '100' }, 'BAD_USER_INPUT'],
    [{ valorMinimo: 100 }, 'BAD_USER_INPUT'],
    [{ vencimentoDe: '2026-02-30' }, 'BAD_USER_INPUT'],
    [{ vencimentoDe: '0000-01-01' }, 'BAD_USER_INPUT'],
    [{ credor: 'Banco' }, 'BAD_USER_INPUT'],
  ])('%j is refused as bad input', async (filtro, code) => {
    const { status, body } = await filtered(filtro);
    expect(status).toBe(400);
    expect(body.errors).toEqual([expect.objectContaining({ extensions: { code } })]);
  });

  it('a period that ends before it begins is refused at the path of the list', async () => {
    const { status, body } = await filtered({ vencimentoDe: '2026-03-02', vencimentoAte: '2026-03-01' });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { pessoa: { dividas: null } },
      errors: [
        {
          message: '`vencimentoAte` comes before `vencimentoDe`.',
          path: ['pessoa', 'dividas'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });

  it('does not affect the summary or another list of the same person', async () => {
    const { body } = await debt.ask(
      `{ pessoa(cpf: "${cpf}") { resumoDividas { quantidade } contas: dividas(filtro: { modalidades: [ENERGIA] }) { totalCount }
         todas: dividas(first: 1) { totalCount nodes { id } } } }`,
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          resumoDividas: { quantidade: 5 },
          contas: { totalCount: 2 },
          todas: { totalCount: 5, nodes: [{ id: ids['caida'] }] },
        },
      },
    });
  });
});
