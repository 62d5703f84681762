import { EXEMPLO, openScore, type PerfilRows, type ScoreUnderTest } from './score-under-test.ts';

describe('A value that Base B should not hold', () => {
  let score: ScoreUnderTest;
  beforeAll(async () => {
    score = await openScore();
    await score.bases.baseB.owner.query(
      'ALTER TABLE bem ALTER onerado DROP NOT NULL; ALTER TABLE fonte_de_renda ALTER comprovada DROP NOT NULL',
    );
  });
  afterAll(() => score.close());

  const PERFIL = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf score { valor } perfil {
    idade endereco { uf atualizadoEm } bens { tipo onerado dataAvaliacao uf }
    fontesDeRenda { tipo periodicidade comprovada cnpjPagador desde }
  } } }`;
  const asked = async (rows: PerfilRows) => {
    const cpf = await score.newTitular({ ...EXEMPLO, ...rows });
    return { cpf, ...(await score.ask(PERFIL, { variables: { cpf } })).body };
  };

  it.each<[string, PerfilRows, (string | number)[]]>([
    ['an unknown kind of asset', { bens: [{ tipo: 'XPTO' }] }, ['bens', 0, 'tipo']],
    ['a kind in small letters', { bens: [{ tipo: 'veiculo' }] }, ['bens', 0, 'tipo']],
    ['no letters where a kind belongs', { bens: [{ tipo: '' }] }, ['bens', 0, 'tipo']],
    ['NULL for what is never null', { bens: [{ onerado: null }] }, ['bens', 0, 'onerado']],
    ['an unknown period', { fontesDeRenda: [{ periodicidade: 'XPTO' }] }, ['fontesDeRenda', 0, 'periodicidade']],
    ['NULL of a source', { fontesDeRenda: [{ comprovada: null }] }, ['fontesDeRenda', 0, 'comprovada']],
  ])('costs its row, and the note reads it as missing: %s', async (_, rows, place) => {
    const { cpf, data, errors } = await asked(rows);
    expect({ data, errors }).toEqual({
      data: {
        pessoa: {
          cpf,
          score: { valor: expect.any(Number) },
          perfil: expect.objectContaining({ idade: 36, [place[0]!]: [null] }),
        },
      },
      errors: [
        {
          message: expect.any(String),
          path: ['pessoa', 'perfil', ...place],
          extensions: { code: 'FONTE_INVALIDA', fonte: 'score' },
        },
      ],
    });
    expect((await score.get(`/score/${cpf}`)).body).toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'score' });
    expect(score.environment.logLines().join('')).not.toContain('XPTO');
  });

  it.each<[string, PerfilRows, (string | number)[]]>([
    ['an unknown UF', { endereco: { uf: 'ZZ' } }, ['endereco', 'uf']],
    [
      'a CNPJ with wrong check digits',
      { fontesDeRenda: [{ cnpj_pagador: '11222333000182' }] },
      ['fontesDeRenda', 0, 'cnpjPagador'],
    ],
    ['a day that is none', { bens: [{ data_avaliacao: 'infinity' }] }, ['bens', 0, 'dataAvaliacao']],
    ['blanks for a UF', { bens: [{ uf: '  ' }] }, ['bens', 0, 'uf']],
    ['an instant that is none', { endereco: { atualizado_em: 'infinity' } }, ['endereco', 'atualizadoEm']],
    ['an income since 12026', { fontesDeRenda: [{ desde: '12026-01-01' }] }, ['fontesDeRenda', 0, 'desde']],
    ['an income since ever', { fontesDeRenda: [{ desde: '-infinity' }] }, ['fontesDeRenda', 0, 'desde']],
  ])('costs its own field where that may be null: %s', async (_, rows, place) => {
    const { data, errors } = await asked(rows);
    expect(data).toMatchObject({ pessoa: { perfil: { idade: 36 } } });
    expect(errors).toMatchObject([
      { path: ['pessoa', 'perfil', ...place], extensions: { code: 'FONTE_INVALIDA', fonte: 'score' } },
    ]);
  });

  it.each<[string, PerfilRows, (string | number)[], string]>([
    ['an asset without a number', { bens: [{}, { valor_estimado: 'NaN' }] }, ['bens', 1], 'patrimonioLiquido'],
    ['a balance without one', { bens: [{ saldo_devedor: 'NaN' }, {}] }, ['bens', 0], 'patrimonioLiquido'],
    ['an income without one', { fontesDeRenda: [{}, { valor: 'NaN' }] }, ['fontesDeRenda', 1], 'rendaMensal'],
  ])('costs its row and what is made of all rows: %s', async (_, rows, place, sum) => {
    const cpf = await score.newTitular({ ...EXEMPLO, ...rows });
    const { body } = await score.ask(
      `query ($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } perfil { idade bens { id } fontesDeRenda { id } ${sum} } } }`,
      { variables: { cpf } },
    );
    const [list, at] = place as ['bens' | 'fontesDeRenda', number];
    const { pessoa } = body.data as unknown as { pessoa: { score: unknown; perfil: Record<string, unknown[]> } };
    expect(pessoa.score).toBe(null);
    expect(pessoa.perfil['idade']).toBe(36);
    expect(pessoa.perfil[list]!.map((row) => row === null)).toEqual([at === 0, at === 1]);
    expect(body.errors?.map(({ path, extensions }) => [path?.join('.'), extensions?.['code']]).toSorted()).toEqual(
      [
        ['pessoa.score', 'FONTE_INVALIDA'],
        [`pessoa.perfil.${place.join('.')}`, 'FONTE_INVALIDA'],
        [`pessoa.perfil.${sum}`, 'FONTE_INVALIDA'],
      ].toSorted(),
    );
    expect((await score.get(`/score/${cpf}`)).body).toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'score' });
  });

  it('is none: sums of the largest amounts have room', async () => {
    const largest = '999999999999999.99';
    const cpf = await score.newTitular({
      bens: [{ valor_estimado: largest }, { valor_estimado: largest }],
      fontesDeRenda: [
        { valor: largest, periodicidade: 'DIARIA' },
        { valor: largest, periodicidade: 'DIARIA' },
      ],
    });
    const { body } = await score.ask(
      `{ pessoa(cpf: "${cpf}") { perfil { patrimonioLiquido rendaMensal } score { valor } } }`,
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          perfil: { patrimonioLiquido: '1999999999999999.98', rendaMensal: '41999999999999999.58' },
          score: { valor: expect.any(Number) },
        },
      },
    });
  });
});
