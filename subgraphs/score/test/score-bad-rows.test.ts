import { EXEMPLO, openScore, type PerfilRows, type ScoreUnderTest } from './score-under-test.ts';

describe('A bad value in Base B', () => {
  let score: ScoreUnderTest;
  beforeAll(async () => {
    score = await openScore();
    await score.bases.baseB.owner.query(
      'ALTER TABLE bem ALTER onerado DROP NOT NULL; ALTER TABLE fonte_de_renda ALTER comprovada DROP NOT NULL',
    );
  });
  afterAll(() => score.close());

  const PERFIL = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf score { valor } perfil {
    idade endereco { uf cep codigoIbge atualizadoEm } bens { tipo onerado dataAvaliacao percentualPropriedade uf }
    fontesDeRenda { tipo valor periodicidade comprovada cnpjPagador desde }
  } } }`;
  const askAbout = async (rows: PerfilRows) => {
    const cpf = await score.newTitular({ ...EXEMPLO, ...rows });
    return { cpf, ...(await score.ask(PERFIL, { variables: { cpf } })).body };
  };

  const ANY_SCORE = { score: { valor: expect.any(Number) } };
  const faultAt = (...path: (string | number)[]) => ({
    message: expect.any(String),
    path: ['pessoa', ...path],
    extensions: { code: 'FONTE_INVALIDA', fonte: 'score' },
  });

  it.each<[string, PerfilRows, (string | number)[]]>([
    ['an unknown kind of asset', { bens: [{ tipo: 'XPTO' }] }, ['bens', 0, 'tipo']],
    ['a kind in small letters', { bens: [{ tipo: 'veiculo' }] }, ['bens', 0, 'tipo']],
    ['an empty kind', { bens: [{ tipo: '' }] }, ['bens', 0, 'tipo']],
    ['an unknown period', { fontesDeRenda: [{ periodicidade: 'XPTO' }] }, ['fontesDeRenda', 0, 'periodicidade']],
    ['NULL in an income', { fontesDeRenda: [{ comprovada: null }] }, ['fontesDeRenda', 0, 'comprovada']],
    ['a share of 250', { bens: [{ percentual_propriedade: 250 }] }, ['bens', 0, 'percentualPropriedade']],
    ['a share below zero', { bens: [{ percentual_propriedade: -5 }] }, ['bens', 0, 'percentualPropriedade']],
    ['a share of zero', { bens: [{ percentual_propriedade: 0 }] }, ['bens', 0, 'percentualPropriedade']],
    ['an income below zero', { fontesDeRenda: [{ valor: '-0.01' }] }, ['fontesDeRenda', 0, 'valor']],
  ])('costs its row and the score: %s', async (_, rows, place) => {
    const { cpf, data, errors } = await askAbout(rows);
    expect(data).toEqual({
      pessoa: { cpf, score: null, perfil: expect.objectContaining({ idade: 36, [place[0]!]: [null] }) },
    });
    expect(errors).toHaveLength(2);
    expect(errors).toEqual(expect.arrayContaining([faultAt('score'), faultAt('perfil', ...place)]));
    expect((await score.get(`/score/${cpf}`)).body).toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'score' });
    expect(score.environment.logLines().join('')).not.toContain('XPTO');
  });

  it.each<[string, PerfilRows, (string | number)[]]>([
    ['NULL in a column that is never null', { bens: [{ onerado: null }] }, ['bens', 0, 'onerado']],
    ['an unknown kind of income', { fontesDeRenda: [{ tipo: 'XPTO' }] }, ['fontesDeRenda', 0, 'tipo']],
  ])('costs its row, but not the score, which does not depend on it: %s', async (_, rows, place) => {
    const { cpf, data, errors } = await askAbout(rows);
    expect({ data, errors }).toEqual({
      data: { pessoa: { cpf, ...ANY_SCORE, perfil: expect.objectContaining({ idade: 36, [place[0]!]: [null] }) } },
      errors: [faultAt('perfil', ...place)],
    });
  });

  it.each([
    'infinity',
    '-infinity',
    '0044-03-15 BC',
    '12026-01-01',
    '2999-01-01',
    '2026-11-23',
    '1896-11-22',
    '0001-01-01',
  ])('costs the age and the score, and nothing else: a birth on %s', async (nascimento) => {
    const { cpf, data, errors } = await askAbout({ nascimento });
    expect(data).toMatchObject({
      pessoa: {
        cpf,
        score: null,
        perfil: { idade: null, endereco: null, bens: [{}], fontesDeRenda: [{}, {}] },
      },
    });
    expect(errors).toHaveLength(2);
    expect(errors).toEqual(expect.arrayContaining([faultAt('score'), faultAt('perfil', 'idade')]));
    const lines = score.environment.logLines().join('');
    expect(lines).toContain('"campo":"PerfilFinanceiro.idade","falha":"not a day of the last 130 years"');
    expect(lines).toContain('"campo":"Pessoa.score","falha":"not a day of the last 130 years"');
    expect(lines).not.toContain(nascimento);
    expect(await score.get(`/score/${cpf}`)).toMatchObject({
      status: 503,
      body: { code: 'FONTE_INVALIDA', fonte: 'score' },
    });
  });

  it.each([null, '2026-11-22', '1896-11-23'])('is not a birth on %s', async (nascimento) => {
    const cpf = await score.newTitular(nascimento === null ? {} : { nascimento });
    const { body } = await score.ask(PERFIL, { variables: { cpf } });
    expect(body).toMatchObject({ data: { pessoa: ANY_SCORE } });
    expect(body.errors).toBeUndefined();
    expect((await score.get(`/score/${cpf}`)).status).toBe(200);
  });

  it.each<[string, PerfilRows, (string | number)[]]>([
    ['an unknown UF', { endereco: { uf: 'ZZ' } }, ['endereco', 'uf']],
    [
      'a CNPJ with wrong check digits',
      { fontesDeRenda: [{ cnpj_pagador: '11222333000182' }] },
      ['fontesDeRenda', 0, 'cnpjPagador'],
    ],
    ['a day that does not exist', { bens: [{ data_avaliacao: 'infinity' }] }, ['bens', 0, 'dataAvaliacao']],
    ['a day before Christ', { bens: [{ data_avaliacao: '0044-03-15 BC' }] }, ['bens', 0, 'dataAvaliacao']],
    ['blanks for a UF', { bens: [{ uf: '  ' }] }, ['bens', 0, 'uf']],
    ['an IBGE code of letters', { endereco: { codigo_ibge: 'ABCDEFG' } }, ['endereco', 'codigoIbge']],
  ])('costs its own field when that field is nullable: %s', async (_, rows, place) => {
    const { data, errors } = await askAbout(rows);
    expect(data).toMatchObject({ pessoa: { ...ANY_SCORE, perfil: { idade: 36 } } });
    expect(errors).toEqual([faultAt('perfil', ...place)]);
  });

  it.each<[string, PerfilRows, (string | number)[], string[]]>([
    ['an instant of infinity', { endereco: { atualizado_em: 'infinity' } }, ['endereco', 'atualizadoEm'], []],
    ['an instant before Christ', { endereco: { atualizado_em: '0044-03-15 BC' } }, ['endereco', 'atualizadoEm'], []],
    ['an instant of 12026', { endereco: { atualizado_em: '12026-01-01' } }, ['endereco', 'atualizadoEm'], []],
    ['a CEP of blanks', { endereco: { cep: '        ' } }, ['endereco', 'cep'], []],
    ['a CEP of seven digits', { endereco: { cep: '1001000' } }, ['endereco', 'cep'], []],
    ['a CEP of letters', { endereco: { cep: 'ABCDEFGH' } }, ['endereco', 'cep'], []],
    ['an income since 12026', { fontesDeRenda: [{ desde: '12026-01-01' }] }, ['fontesDeRenda', 0, 'desde'], []],
    ['an income since -infinity', { fontesDeRenda: [{ desde: '-infinity' }] }, ['fontesDeRenda', 0, 'desde'], []],
    ['an asset below zero', { bens: [{ valor_estimado: '-1' }] }, ['bens', 0, 'valorEstimado'], ['patrimonioLiquido']],
    ['a balance below zero', { bens: [{ saldo_devedor: '-1' }] }, ['bens', 0, 'saldoDevedor'], ['patrimonioLiquido']],
  ])('costs its own field, and the score and the sums that depend on it: %s', async (_, rows, place, sums) => {
    const cpf = await score.newTitular({ ...EXEMPLO, ...rows });
    const { body } = await score.ask(
      `query ($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } perfil { idade rendaMensal patrimonioLiquido
        endereco { cep atualizadoEm } bens { valorEstimado saldoDevedor } fontesDeRenda { desde } } } }`,
      { variables: { cpf } },
    );
    expect(body.data).toMatchObject({
      pessoa: { score: null, perfil: { idade: 36, rendaMensal: expect.any(String) } },
    });
    expect(body.errors).toHaveLength(2 + sums.length);
    expect(body.errors).toEqual(
      expect.arrayContaining([
        faultAt('score'),
        faultAt('perfil', ...place),
        ...sums.map((sum) => faultAt('perfil', sum)),
      ]),
    );
  });

  it.each<[string, PerfilRows, string, string]>([
    ['a period', { fontesDeRenda: [{}, { periodicidade: 'XPTO' }] }, 'rendaMensal', 'patrimonioLiquido'],
    ['an income', { fontesDeRenda: [{ valor: '-1' }, {}] }, 'rendaMensal', 'patrimonioLiquido'],
    [
      'a share',
      { bens: [{}, { valor_estimado: '1', percentual_propriedade: 101 }] },
      'patrimonioLiquido',
      'rendaMensal',
    ],
  ])('costs the sum over it when a client asks for the sum alone: %s', async (_, rows, sum, otherSum) => {
    const cpf = await score.newTitular({ ...EXEMPLO, ...rows });
    const { body } = await score.ask(`{ pessoa(cpf: "${cpf}") { perfil { ${sum} ${otherSum} } } }`);
    expect(body).toEqual({
      data: { pessoa: { perfil: { [sum]: null, [otherSum]: expect.any(String) } } },
      errors: [faultAt('perfil', sum)],
    });
  });

  it.each<[string, PerfilRows, (string | number)[], string]>([
    ['an asset of NaN', { bens: [{}, { valor_estimado: 'NaN' }] }, ['bens', 1], 'patrimonioLiquido'],
    ['a balance of NaN', { bens: [{ saldo_devedor: 'NaN' }, {}] }, ['bens', 0], 'patrimonioLiquido'],
    ['an income of NaN', { fontesDeRenda: [{}, { valor: 'NaN' }] }, ['fontesDeRenda', 1], 'rendaMensal'],
  ])('costs its row, and the score and the sum over all rows: %s', async (_, rows, place, sum) => {
    const cpf = await score.newTitular({ ...EXEMPLO, ...rows });
    const { body } = await score.ask(
      `query ($cpf: CPF!) { pessoa(cpf: $cpf) { score { valor } perfil { idade bens { id } fontesDeRenda { id } ${sum} } } }`,
      { variables: { cpf } },
    );
    const [list, index] = place as ['bens' | 'fontesDeRenda', number];
    const { pessoa } = body.data as unknown as { pessoa: { score: unknown; perfil: Record<string, unknown[]> } };
    expect(pessoa.score).toBe(null);
    expect(pessoa.perfil['idade']).toBe(36);
    expect(pessoa.perfil[list]!.map((row) => row === null)).toEqual([index === 0, index === 1]);
    expect(body.errors?.map(({ path, extensions }) => [path?.join('.'), extensions?.['code']]).toSorted()).toEqual(
      [
        ['pessoa.score', 'FONTE_INVALIDA'],
        [`pessoa.perfil.${place.join('.')}`, 'FONTE_INVALIDA'],
        [`pessoa.perfil.${sum}`, 'FONTE_INVALIDA'],
      ].toSorted(),
    );
    expect((await score.get(`/score/${cpf}`)).body).toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'score' });
  });

  it('is not one of the largest amounts: their sums have room', async () => {
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
