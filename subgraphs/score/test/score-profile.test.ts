import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

describe('The profile of a person', () => {
  let score: ScoreUnderTest;

  beforeAll(async () => void (score = await openScore()));
  afterAll(() => score.close());

  const perfilOf = async (cpf: string, fields: string) =>
    (await score.ask(`{ pessoa(cpf: "${cpf}") { perfil { ${fields} } } }`)).body;

  it('has every field as Base B has it', async () => {
    const cpf = await score.newTitular({
      nascimento: '1985-11-23',
      endereco: {
        logradouro: 'Avenida das Amostras',
        numero: '200',
        complemento: 'casa 2',
        bairro: 'Centro',
        cidade: 'Recife',
        uf: 'PE',
        cep: '50010000',
        codigo_ibge: '2611606',
        atualizado_em: '2026-05-05T10:00:00Z',
      },
      bens: [
        {
          id: 'b-1',
          tipo: 'IMOVEL',
          descricao: 'Apartamento fictício',
          valor_estimado: '300000.00',
          data_avaliacao: '2026-02-02',
          onerado: true,
          saldo_devedor: '120000.50',
          percentual_propriedade: 50,
          uf: 'PE',
        },
      ],
      fontesDeRenda: [
        {
          id: 'f-1',
          tipo: 'SERVIDOR_PUBLICO',
          pagador: 'Prefeitura Fictícia',
          cnpj_pagador: '12ABC34501DE35',
          ocupacao: 'Professora',
          valor: '5000.01',
          periodicidade: 'MENSAL',
          desde: '2010-01-01',
          comprovada: true,
        },
      ],
    });
    const body = await perfilOf(
      cpf,
      `idade endereco { logradouro numero complemento bairro cidade uf cep codigoIbge atualizadoEm }
       bens { id tipo descricao valorEstimado dataAvaliacao onerado saldoDevedor percentualPropriedade uf } patrimonioLiquido
       fontesDeRenda { id tipo pagador cnpjPagador ocupacao valor periodicidade desde comprovada } rendaMensal desatualizado`,
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          perfil: {
            idade: 40,
            endereco: {
              logradouro: 'Avenida das Amostras',
              numero: '200',
              complemento: 'casa 2',
              bairro: 'Centro',
              cidade: 'Recife',
              uf: 'PE',
              cep: '50010000',
              codigoIbge: '2611606',
              atualizadoEm: '2026-05-05T10:00:00.000Z',
            },
            bens: [
              {
                id: 'b-1',
                tipo: 'IMOVEL',
                descricao: 'Apartamento fictício',
                valorEstimado: '300000.00',
                dataAvaliacao: '2026-02-02',
                onerado: true,
                saldoDevedor: '120000.50',
                percentualPropriedade: 50,
                uf: 'PE',
              },
            ],
            patrimonioLiquido: '89999.75',
            fontesDeRenda: [
              {
                id: 'f-1',
                tipo: 'SERVIDOR_PUBLICO',
                pagador: 'Prefeitura Fictícia',
                cnpjPagador: '12ABC34501DE35',
                ocupacao: 'Professora',
                valor: '5000.01',
                periodicidade: 'MENSAL',
                desde: '2010-01-01',
                comprovada: true,
              },
            ],
            rendaMensal: '5000.01',
            desatualizado: false,
          },
        },
      },
    });
  });

  it('has empty lists and nulls, never zeros, for a person of whom Base B has only the CPF', async () => {
    const cpf = await score.newTitular();
    expect(
      await perfilOf(cpf, 'idade endereco { uf } bens { id } patrimonioLiquido fontesDeRenda { id } rendaMensal'),
    ).toEqual({
      data: {
        pessoa: {
          perfil: {
            idade: null,
            endereco: null,
            bens: [],
            patrimonioLiquido: null,
            fontesDeRenda: [],
            rendaMensal: null,
          },
        },
      },
    });
  });

  it('shows of an asset or a source what there is of it, and the whole as its share where the base says none', async () => {
    const cpf = await score.newTitular({ bens: [{}], fontesDeRenda: [{ pagador: null }] });
    expect(
      await perfilOf(
        cpf,
        'bens { valorEstimado saldoDevedor dataAvaliacao percentualPropriedade uf } fontesDeRenda { pagador cnpjPagador desde }',
      ),
    ).toEqual({
      data: {
        pessoa: {
          perfil: {
            bens: [
              { valorEstimado: null, saldoDevedor: null, dataAvaliacao: null, percentualPropriedade: 100, uf: null },
            ],
            fontesDeRenda: [{ pagador: null, cnpjPagador: null, desde: null }],
          },
        },
      },
    });
  });

  it('has amounts as text to the centavo, however large, and a net worth that may be negative', async () => {
    const cpf = await score.newTitular({
      bens: [{ valor_estimado: '0.00', saldo_devedor: '999999999999999.99' }],
      fontesDeRenda: [{ valor: '999999999999999.99', periodicidade: 'ANUAL' }],
    });
    expect(await perfilOf(cpf, 'bens { saldoDevedor } patrimonioLiquido rendaMensal')).toEqual({
      data: {
        pessoa: {
          perfil: {
            bens: [{ saldoDevedor: '999999999999999.99' }],
            patrimonioLiquido: '-999999999999999.99',
            rendaMensal: '83333333333333.33',
          },
        },
      },
    });
  });

  it('agrees with the score: its sums fall into the bins of the factors', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    const { body } = await score.ask(
      `{ pessoa(cpf: "${cpf}") { perfil { rendaMensal patrimonioLiquido } score { fatores { codigo faixaDoValor } } } }`,
    );
    expect(body).toMatchObject({
      data: {
        pessoa: {
          perfil: { rendaMensal: '4700.00', patrimonioLiquido: '27500.00' },
          score: {
            fatores: expect.arrayContaining([
              { codigo: 'RENDA_MENSAL', faixaDoValor: 'de R$ 3.000,00 a R$ 4.999,99' },
              { codigo: 'PATRIMONIO_LIQUIDO', faixaDoValor: 'de R$ 10.000,00 a R$ 49.999,99' },
            ]),
          },
        },
      },
    });
  });

  it('lists each person’s own assets and incomes, by id', async () => {
    const ids = (kind: string, order: number[]) => order.map((number) => ({ id: `z-${kind}-${number}` }));
    const ana = await score.newTitular({ bens: ids('b', [3, 1, 2]), fontesDeRenda: ids('f', [2, 1]) });
    const bia = await score.newTitular({ bens: ids('b', [0, 9]), fontesDeRenda: [] });
    const { body } = await score.ask(
      'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { perfil { bens { id } fontesDeRenda { id } } } }',
      {
        variables: { cpfs: [ana, bia] },
      },
    );
    expect(body).toEqual({
      data: {
        pessoas: [
          { perfil: { bens: ids('b', [1, 2, 3]), fontesDeRenda: ids('f', [1, 2]) } },
          { perfil: { bens: ids('b', [0, 9]), fontesDeRenda: [] } },
        ],
      },
    });
  });

  describe('fails', () => {
    const faultAt = (path: (string | number)[]) => ({
      message: 'A data source gave an answer that cannot be used.',
      path,
      extensions: { code: 'FONTE_INVALIDA', fonte: 'score' },
    });
    const scoresAndAges = async (cpfs: string[]) =>
      (
        await score.ask('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { score { valor } perfil { idade } } }', {
          variables: { cpfs },
        })
      ).body;

    it.each([
      [
        'bem',
        `INSERT INTO bem (id, cpf, tipo, descricao, onerado) SELECT $1 || n, $1, 'OUTROS', 'x', false FROM generate_series(1, $2::int) n`,
      ],
      [
        'fonte_de_renda',
        `INSERT INTO fonte_de_renda (id, cpf, tipo, valor, periodicidade, comprovada)
         SELECT $1 || n, $1, 'OUTROS', 1, 'MENSAL', false FROM generate_series(1, $2::int) n`,
      ],
    ])('with more than 500 rows of %s: a score over a part of them would be wrong', async (_, statement) => {
      const [most, tooMany] = [await score.newTitular(), await score.newTitular()];
      await score.bases.baseB.owner.query(statement, [most, 500]);
      await score.bases.baseB.owner.query(statement, [tooMany, 501]);
      expect(await scoresAndAges([most, tooMany])).toEqual({
        data: {
          pessoas: [
            { score: { valor: expect.any(Number) }, perfil: { idade: null } },
            { score: null, perfil: null },
          ],
        },
        errors: expect.arrayContaining([faultAt(['pessoas', 1, 'score']), faultAt(['pessoas', 1, 'perfil'])]),
      });
    });

    it('quickly, and for that person alone, with an absurd 100,000 assets', async () => {
      const [absurd, other] = [await score.newTitular(), await score.newTitular({ nascimento: '1990-01-01' })];
      await score.bases.baseB.owner.query(
        `INSERT INTO bem (id, cpf, tipo, descricao, onerado) SELECT $1 || n, $1, 'OUTROS', 'x', false FROM generate_series(1, 100000) n`,
        [absurd],
      );
      await score.bases.baseB.owner.query('ANALYZE bem');
      const start = performance.now();
      const body = await scoresAndAges([absurd, other]);
      expect(performance.now() - start).toBeLessThan(800);
      expect(body).toMatchObject({
        data: { pessoas: [{ score: null, perfil: null }, { perfil: { idade: 36 } }] },
        errors: [{ extensions: { code: 'FONTE_INVALIDA' } }, { extensions: { code: 'FONTE_INVALIDA' } }],
      });
      const logLines = score.environment
        .logLines()
        .filter((line) => line.includes('bem has more than 500 rows for one CPF'));
      expect(logLines.length).toBeGreaterThan(0);
    });

    it('in the fields that depend on an amount that is not a number', async () => {
      const cpf = await score.newTitular({ fontesDeRenda: [{ valor: 'NaN' }] });
      expect(await scoresAndAges([cpf])).toMatchObject({
        data: { pessoas: [{ score: null, perfil: { idade: null } }] },
        errors: [{ path: ['pessoas', 0, 'score'], extensions: { code: 'FONTE_INVALIDA' } }],
      });
    });
  });
});
