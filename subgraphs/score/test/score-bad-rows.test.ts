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
    idade endereco { uf } bens { tipo onerado dataAvaliacao uf } fontesDeRenda { tipo periodicidade comprovada cnpjPagador }
  } } }`;
  const asked = async (rows: PerfilRows) => {
    const cpf = await score.newTitular({ ...EXEMPLO, ...rows });
    return { cpf, ...(await score.ask(PERFIL, { variables: { cpf } })).body };
  };

  it.each<[string, PerfilRows, (string | number)[]]>([
    ['an unknown kind of asset', { bens: [{ tipo: 'XPTO' }] }, ['bens', 0, 'tipo']],
    ['NULL for what is never null', { bens: [{ onerado: null }] }, ['bens', 0, 'onerado']],
    ['an unknown period', { fontesDeRenda: [{ periodicidade: 'XPTO' }] }, ['fontesDeRenda', 0, 'periodicidade']],
    ['NULL of a source', { fontesDeRenda: [{ comprovada: null }] }, ['fontesDeRenda', 0, 'comprovada']],
  ])('costs the profile, and the note reads it as missing: %s', async (_, rows, place) => {
    const { cpf, data, errors } = await asked(rows);
    expect({ data, errors }).toEqual({
      data: { pessoa: { cpf, score: { valor: expect.any(Number) }, perfil: null } },
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
  ])('costs its own field where that may be null: %s', async (_, rows, place) => {
    const { data, errors } = await asked(rows);
    expect(data).toMatchObject({ pessoa: { perfil: { idade: 36 } } });
    expect(errors).toMatchObject([
      { path: ['pessoa', 'perfil', ...place], extensions: { code: 'FONTE_INVALIDA', fonte: 'score' } },
    ]);
  });
});
