import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

describe('A value that Base A should not hold', () => {
  let debt: DebtUnderTest;
  beforeAll(async () => {
    debt = await openDebt();
    await debt.bases.baseA.owner.query(`
      ALTER TABLE divida ALTER principal DROP NOT NULL;
      INSERT INTO credor VALUES ('credor-ruim', 'Credor Ruim', '11222333000182')`);
  });
  afterAll(() => debt.close());

  const DIVIDAS = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf outro: nome quais: dividas { nodes {
    id credor { nome cnpj } contrato modalidade natureza situacao valorOriginal vencimento dataInclusao principal uf
  } } } }`;

  it.each([
    ['an unknown modalidade', { modalidade: 'FIADO-XPTO' }, 'modalidade', 'Divida.modalidade'],
    ['an unknown natureza', { natureza: 'FIADO-XPTO' }, 'natureza', 'Divida.natureza'],
    ['an amount that is no number', { valor_original: 'NaN' }, 'valorOriginal', 'Divida.valorOriginal'],
    ['NULL for what is never null', { principal: null }, 'principal', 'Divida.principal'],
  ])('costs the list and not the person: %s', async (_, fields, field, campo) => {
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    await debt.newDivida(cpf, fields);
    const { status, body } = await debt.ask(DIVIDAS, { variables: { cpf } });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { pessoa: { cpf, outro: 'Ana Fictícia', quais: null } },
      errors: [
        {
          message: expect.any(String),
          path: ['pessoa', 'quais', 'nodes', 0, field],
          extensions: { code: 'FONTE_INVALIDA', fonte: 'divida' },
        },
      ],
    });
    expect(debt.environment.logLines().at(-2)).toContain(`"campo":"${campo}"`);
    expect((await debt.get(`/divida/${cpf}`)).body).toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'divida' });
    expect(debt.environment.logLines().join('')).not.toMatch(/XPTO|NaN/);
  });

  it.each([
    ['a CNPJ with wrong check digits', { credor_id: 'credor-ruim' }, ['credor', 'cnpj']],
    ['an unknown UF', { uf: 'ZZ' }, ['uf']],
  ])('costs its own field where that may be null: %s', async (_, fields, place) => {
    const cpf = await debt.newPessoa();
    const id = await debt.newDivida(cpf, fields);
    const { body } = await debt.ask(DIVIDAS, { variables: { cpf } });
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

  it('is FONTE_INVALIDA for an instant that is none', async () => {
    const cpf = await debt.newPessoa({ endereco: { cidade: 'Ficção', atualizado_em: 'infinity' } });
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { endereco { cidade atualizadoEm } } }`);
    expect(body.errors).toMatchObject([{ extensions: { code: 'FONTE_INVALIDA', fonte: 'divida' } }]);
  });

  it('is FONTE_INVALIDA for a sum over it', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { valor_original: 'NaN' });
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { resumoDividas { quantidade valorTotal } } }`);
    expect(body).toMatchObject({
      data: { pessoa: { resumoDividas: null } },
      errors: [{ path: ['pessoa', 'resumoDividas', 'valorTotal'], extensions: { code: 'FONTE_INVALIDA' } }],
    });
  });
});
