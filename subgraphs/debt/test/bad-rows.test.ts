import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

interface Dividas {
  readonly totalCount: number;
  readonly nodes: readonly ({ id: string } | null)[];
  readonly edges: readonly { cursor: unknown; node: unknown }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

describe('A bad value in Base A', () => {
  let debt: DebtUnderTest;
  beforeAll(async () => {
    debt = await openDebt();
    await debt.bases.baseA.owner.query(`
      ALTER TABLE divida ALTER principal DROP NOT NULL, ALTER contrato DROP NOT NULL, ALTER vencimento DROP NOT NULL, ALTER data_inclusao DROP NOT NULL;
      INSERT INTO credor VALUES ('credor-ruim', 'Credor Ruim', '11222333000182')`);
  });
  afterAll(() => debt.close());

  const DIVIDAS = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf outro: nome quais: dividas { nodes {
    id credor { nome cnpj } contrato modalidade natureza situacao valorOriginal valorAtualizado vencimento dataInclusao
    dataComunicacao parcelasEmAtraso principal uf
  } } } }`;

  it.each([
    ['an unknown modalidade', { modalidade: 'FIADO-XPTO' }, 'modalidade', 'Divida.modalidade'],
    ['an unknown natureza', { natureza: 'FIADO-XPTO' }, 'natureza', 'Divida.natureza'],
    ['an amount that is no number', { valor_original: 'NaN' }, 'valorOriginal', 'Divida.valorOriginal'],
    ['an amount below zero', { valor_original: '-0.01' }, 'valorOriginal', 'Divida.valorOriginal'],
    ['NULL for what is never null', { principal: null }, 'principal', 'Divida.principal'],
    ['NULL for a number that is masked', { contrato: null }, 'contrato', 'Divida.contrato'],
    ['a day of a year with five digits', { data_inclusao: '12026-02-11' }, 'dataInclusao', 'Divida.dataInclusao'],
    ['a day at -infinity', { data_inclusao: '-infinity' }, 'dataInclusao', 'Divida.dataInclusao'],
    ['no day of entry', { data_inclusao: null }, 'dataInclusao', 'Divida.dataInclusao'],
    ['a day before Christ', { data_inclusao: '0044-03-15 BC' }, 'dataInclusao', 'Divida.dataInclusao'],
  ])('costs its row, and neither the list nor the person: %s', async (_, fields, field, campo) => {
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const ids: string[] = [];
    for (const row of [{ vencimento: '2026-01-12' }, fields, { vencimento: '2026-01-08' }])
      ids.push(await debt.newDivida(cpf, row));
    const token = await debt.token({ cpf });
    const { status, body } = await debt.ask(DIVIDAS, { variables: { cpf }, token });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        pessoa: {
          cpf,
          outro: 'Ana Fictícia',
          quais: { nodes: [expect.objectContaining({ id: ids[0] }), null, expect.objectContaining({ id: ids[2] })] },
        },
      },
      errors: [
        {
          message: expect.any(String),
          path: ['pessoa', 'quais', 'nodes', 1, field],
          extensions: { code: 'FONTE_INVALIDA', fonte: 'divida' },
        },
      ],
    });
    expect(debt.environment.logLines().at(-2)).toContain(`"campo":"${campo}"`);
    expect((await debt.get(`/divida/${cpf}`, { token })).body).toMatchObject({
      code: 'FONTE_INVALIDA',
      fonte: 'divida',
    });
    expect(debt.environment.logLines().join('')).not.toMatch(/XPTO|NaN/);
  });

  it('neither shows nor counts a debt whose creditor is missing', async () => {
    await debt.bases.baseA.owner.query('ALTER TABLE divida DROP CONSTRAINT IF EXISTS divida_credor_id_fkey');
    const cpf = await debt.newPessoa();
    const id = await debt.newDivida(cpf, { valor_original: '40.00' });
    await debt.newDivida(cpf, { credor_id: 'nobody', valor_original: '60.00' });
    const { body } = await debt.ask(
      'query ($cpf: CPF!) { pessoa(cpf: $cpf) { dividas { totalCount nodes { id } } resumoDividas { quantidade valorTotal } } }',
      { variables: { cpf } },
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          dividas: { totalCount: 1, nodes: [{ id }] },
          resumoDividas: { quantidade: 1, valorTotal: '40.00' },
        },
      },
    });
  });

  it.each([
    ['a CNPJ with wrong check digits', { credor_id: 'credor-ruim' }, ['credor', 'cnpj']],
    ['an unknown UF', { uf: 'ZZ' }, ['uf']],
    ['a current amount below zero', { valor_atualizado: '-10.00' }, ['valorAtualizado']],
    ['instalments below zero', { parcelas_em_atraso: -1 }, ['parcelasEmAtraso']],
    ['notified at -infinity', { data_comunicacao: '-infinity' }, ['dataComunicacao']],
    ['notified before Christ', { data_comunicacao: '0044-03-15 BC' }, ['dataComunicacao']],
  ])('costs only its field where the field is nullable: %s', async (_, fields, place) => {
    const cpf = await debt.newPessoa();
    const id = await debt.newDivida(cpf, fields);
    const { body } = await debt.ask(DIVIDAS, { variables: { cpf } });
    expect(body.errors).toHaveLength(1);
    expect(body).toMatchObject({
      data: { pessoa: { quais: { nodes: [{ id }] } } },
      errors: [
        {
          path: ['pessoa', 'quais', 'nodes', 0, ...place],
          extensions: { code: 'FONTE_INVALIDA', fonte: 'divida' },
        },
      ],
    });
  });

  it.each([1, 2, 5])('does not stop a client that pages by %i, wherever it stands in the order', async (first) => {
    const cpf = await debt.newPessoa();
    const bad = [
      { vencimento: null },
      { vencimento: null },
      { vencimento: 'infinity' },
      { vencimento: '12026-01-01' },
      { principal: null },
      { vencimento: '0044-03-15 BC' },
      { vencimento: '-infinity' },
    ];
    for (const fields of bad) await debt.newDivida(cpf, fields);
    const good = [await debt.newDivida(cpf), await debt.newDivida(cpf, { vencimento: '2025-01-10' })];
    const token = await debt.token({ cpf });
    const PAGES = `query ($cpf: CPF!, $first: Int, $after: String) { pessoa(cpf: $cpf) { dividas(first: $first, after: $after) {
      totalCount nodes { id vencimento principal } edges { cursor node { id vencimento principal } } pageInfo { hasNextPage endCursor }
    } } }`;
    const seen: unknown[] = [];
    let errorCount = 0;
    for (let after: string | null = null, hasNextPage = true; hasNextPage && seen.length <= 9;) {
      const { body } = await debt.ask(PAGES, { variables: { cpf, first, after }, token });
      const { dividas } = (body.data as unknown as { pessoa: { dividas: Dividas } }).pessoa;
      expect(dividas.totalCount).toBe(9);
      expect(dividas.edges.map(({ node }) => node)).toEqual(dividas.nodes);
      expect(dividas.edges.every(({ cursor }) => typeof cursor === 'string')).toBe(true);
      seen.push(...dividas.nodes.map((node) => node?.id ?? null));
      errorCount += body.errors?.length ?? 0;
      after = dividas.pageInfo.endCursor;
      hasNextPage = dividas.pageInfo.hasNextPage;
    }
    expect(seen).toHaveLength(9);
    expect(seen.filter((id) => id !== null).toSorted()).toEqual(good.toSorted());
    expect(errorCount).toBe(14); // each in `nodes` and in `edges`
  });

  it('is FONTE_INVALIDA for an unknown situação cadastral', async () => {
    const cpf = await debt.newPessoa();
    await debt.bases.baseA.owner.query("UPDATE pessoa SET situacao_cadastral = 'XPTO' WHERE cpf = $1", [cpf]);
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { situacaoCadastral } }`);
    expect(body).toMatchObject({
      data: { pessoa: { situacaoCadastral: null } },
      errors: [{ path: ['pessoa', 'situacaoCadastral'], extensions: { code: 'FONTE_INVALIDA', fonte: 'divida' } }],
    });
    expect(debt.environment.logLines().join('')).not.toContain('XPTO');
  });

  it.each([
    ['an instant at infinity', { atualizado_em: 'infinity' }, 'atualizadoEm'],
    ['an instant before Christ', { atualizado_em: '0044-03-15 12:00:00+00 BC' }, 'atualizadoEm'],
    ['an instant of 12026', { atualizado_em: '12026-01-01T00:00:00Z' }, 'atualizadoEm'],
    ['a CEP of blanks', { cep: '        ' }, 'cep'],
    ['a CEP of letters', { cep: 'ABCDEFGH' }, 'cep'],
    ['a CEP of seven digits', { cep: '1001000' }, 'cep'],
    ['an IBGE code of blanks', { codigo_ibge: '' }, 'codigoIbge'],
    ['an unknown UF', { uf: 'ZZ' }, 'uf'],
  ])('costs only its field of an address: %s', async (_, fields, field) => {
    const cpf = await debt.newPessoa({ endereco: { cidade: 'Ficção', ...fields } });
    const { body } = await debt.ask(
      `{ pessoa(cpf: "${cpf}") { nome endereco { cidade uf cep codigoIbge atualizadoEm } } }`,
    );
    expect(body.data).toMatchObject({
      pessoa: { nome: 'Ana Fictícia', endereco: { cidade: 'Ficção', [field]: null } },
    });
    expect(body.errors).toMatchObject([
      { path: ['pessoa', 'endereco', field], extensions: { code: 'FONTE_INVALIDA', fonte: 'divida' } },
    ]);
  });

  it('is not the largest amount: 101 of them are summed', async () => {
    const cpf = await debt.newPessoa();
    for (let index = 0; index < 101; index++) await debt.newDivida(cpf, { valor_original: '999999999999999.99' });
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { resumoDividas { quantidade valorTotal } } }`);
    expect(body).toEqual({
      data: { pessoa: { resumoDividas: { quantidade: 101, valorTotal: '100999999999999998.99' } } },
    });
  });

  it.each([
    { valor_original: 'NaN' },
    { valor_original: '-0.01' },
    { valor_atualizado: '-100.00' },
    { valor_atualizado: 'NaN' },
  ])('makes a sum over it FONTE_INVALIDA: %j', async (fields) => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf);
    await debt.newDivida(cpf, fields);
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { resumoDividas { quantidade valorTotal } } }`);
    expect(body).toMatchObject({
      data: { pessoa: { resumoDividas: null } },
      errors: [{ path: ['pessoa', 'resumoDividas', 'valorTotal'], extensions: { code: 'FONTE_INVALIDA' } }],
    });
  });
});
