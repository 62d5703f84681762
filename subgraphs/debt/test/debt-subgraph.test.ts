import { cpfFromBase } from '@pessoa/domain/cpf';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');

describe('The Debt subgraph', () => {
  let debt: DebtUnderTest;

  beforeAll(async () => void (debt = await openDebt()));
  afterEach(() => debt.setNow('2026-11-22T15:00:00Z'));
  afterAll(() => debt.close());

  it('answers every field of a person as Base A has it', async () => {
    const cpf = await debt.newPessoa({
      nome: 'João d’Ávila Fictício',
      endereco: {
        logradouro: 'Rua das Amostras',
        numero: '100',
        complemento: 'ap 1',
        bairro: 'Centro',
        cidade: 'São Paulo',
        uf: 'SP',
        cep: '01310100',
        codigo_ibge: '3550308',
        atualizado_em: '2026-03-01T12:34:56.789Z',
      },
    });
    const id = await debt.newDivida(cpf, {
      valor_atualizado: '123.45',
      parcelas_em_atraso: 3,
      principal: false,
      uf: 'RJ',
    });
    const { body } = await debt.ask(
      `query ($cpf: CPF!) { pessoa(cpf: $cpf) {
        cpf nome situacaoCadastral
        endereco { logradouro numero complemento bairro cidade uf cep codigoIbge atualizadoEm }
        dividas { desatualizado totalCount nodes {
          id credor { nome cnpj } contrato modalidade natureza situacao valorOriginal valorAtualizado vencimento
          dataInclusao dataComunicacao diasEmAtraso parcelasEmAtraso principal uf } }
        resumoDividas { quantidade valorTotal primeiraOcorrencia ultimaOcorrencia desatualizado } } }`,
      { variables: { cpf } },
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          cpf,
          nome: 'João d’Ávila Fictício',
          situacaoCadastral: 'REGULAR',
          endereco: {
            logradouro: 'Rua das Amostras',
            numero: '100',
            complemento: 'ap 1',
            bairro: 'Centro',
            cidade: 'São Paulo',
            uf: 'SP',
            cep: '01310100',
            codigoIbge: '3550308',
            atualizadoEm: '2026-03-01T12:34:56.789Z',
          },
          dividas: {
            desatualizado: false,
            totalCount: 1,
            nodes: [
              {
                id,
                credor: { nome: 'Banco Fictício', cnpj: '11222333000181' },
                contrato: '0012345678',
                modalidade: 'CARTAO_CREDITO',
                natureza: 'PEFIN',
                situacao: 'EM_ABERTO',
                valorOriginal: '100.00',
                valorAtualizado: '123.45',
                vencimento: '2026-01-10',
                dataInclusao: '2026-02-11',
                dataComunicacao: '2026-02-01',
                diasEmAtraso: 316,
                parcelasEmAtraso: 3,
                principal: false,
                uf: 'RJ',
              },
            ],
          },
          resumoDividas: {
            quantidade: 1,
            valorTotal: '123.45',
            primeiraOcorrencia: '2026-01-10',
            ultimaOcorrencia: '2026-01-10',
            desatualizado: false,
          },
        },
      },
    });
  });

  it('answers empty lists and null dates for a person without debts or address', async () => {
    const cpf = await debt.newPessoa();
    const { body } = await debt.ask(
      `{ pessoa(cpf: "${cpf}") { endereco { uf } dividas { totalCount nodes { id } edges { cursor }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
        resumoDividas { quantidade valorTotal primeiraOcorrencia ultimaOcorrencia } } }`,
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          endereco: null,
          dividas: {
            totalCount: 0,
            nodes: [],
            edges: [],
            pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
          },
          resumoDividas: { quantidade: 0, valorTotal: '0.00', primeiraOcorrencia: null, ultimaOcorrencia: null },
        },
      },
    });
  });

  it('answers null, without error, for a CPF that Base A does not know', async () => {
    const { status, body } = await debt.ask(
      `{ pessoa(cpf: "${UNKNOWN}") { cpf nome situacaoCadastral endereco { uf } dividas { totalCount } resumoDividas { quantidade } } }`,
    );
    const pessoa = {
      cpf: UNKNOWN,
      nome: null,
      situacaoCadastral: null,
      endereco: null,
      dividas: null,
      resumoDividas: null,
    };
    expect(body).toEqual({ data: { pessoa } });
    expect(status).toBe(200);
  });

  it('accepts a CPF with punctuation and answers with digits', async () => {
    const cpf = await debt.newPessoa();
    const formatted = cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
    const asLiteral = await debt.ask(`{ pessoa(cpf: "${formatted}") { cpf nome } }`);
    const asVariable = await debt.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf nome } }', {
      variables: { cpf: formatted },
    });
    expect(asLiteral.body).toEqual({ data: { pessoa: { cpf, nome: 'Ana Fictícia' } } });
    expect(asVariable.body).toEqual(asLiteral.body);
  });

  it.each(['52998224724', '11111111111', '529.982.24725', '', ' 52998224725'])(
    'refuses an invalid CPF, as a literal and as a variable, without repeating it (case %#)',
    async (cpf) => {
      const asLiteral = await debt.ask(`{ pessoa(cpf: ${JSON.stringify(cpf)}) { nome } }`);
      const asVariable = await debt.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }', { variables: { cpf } });
      for (const { status, body } of [asLiteral, asVariable]) {
        expect(status).toBe(400);
        expect(body.errors).toEqual([expect.objectContaining({ extensions: { code: 'CPF_INVALIDO' } })]);
        if (cpf) expect(JSON.stringify(body)).not.toContain(cpf);
      }
    },
  );

  it.each([
    ['0012345678', '******5678'],
    ['12345', '*2345'],
    ['1234', '****'],
    ['12', '**'],
    ['', ''],
  ])('shows the contract number %j as %j without divida:read:completo', async (contrato, masked) => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { contrato });
    const query = `{ pessoa(cpf: "${cpf}") { dividas { nodes { contrato } } } }`;
    const withoutScope = await debt.ask(query, { token: await debt.token({ scope: 'divida:read' }) });
    expect(withoutScope.body).toEqual({ data: { pessoa: { dividas: { nodes: [{ contrato: masked }] } } } });
    const withScope = await debt.ask(query, { token: await debt.token({ scope: 'divida:read divida:read:completo' }) });
    expect(withScope.body).toEqual({ data: { pessoa: { dividas: { nodes: [{ contrato }] } } } });
  });

  it.each([
    ['EM_ABERTO', '2026-11-22T15:00:00Z', 2],
    ['EM_ABERTO', '2026-11-23T02:59:59Z', 2],
    ['EM_ABERTO', '2026-11-23T03:00:00Z', 3],
    ['EM_ABERTO', '2026-11-20T15:00:00Z', 0],
    ['EM_ABERTO', '2026-11-19T15:00:00Z', 0],
    ['CONTESTADA', '2026-11-22T15:00:00Z', 2],
    ['QUITADA', '2026-11-22T15:00:00Z', 0],
    ['BAIXADA_POR_PRAZO', '2026-11-22T15:00:00Z', 0],
    ['SUSPENSA_JUDICIALMENTE', '2026-11-22T15:00:00Z', 2],
  ])('a debt that is %s, due on 20 November, is at %s %i days late', async (situacao, instant, dias) => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { situacao, vencimento: '2026-11-20' });
    debt.setNow(instant);
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { dividas { nodes { diasEmAtraso } } } }`, {
      token: await debt.token({ cpf }),
    });
    expect(body).toEqual({ data: { pessoa: { dividas: { nodes: [{ diasEmAtraso: dias }] } } } });
  });

  it('sums the current amounts to the centavo, or the original amounts where Base A has no current one', async () => {
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { valor_original: '0.10', valor_atualizado: '0.20', vencimento: '2025-05-05' });
    await debt.newDivida(cpf, { valor_original: '0.10', vencimento: '2026-06-06' });
    await debt.newDivida(cpf, { valor_original: '99999999999999.99' });
    const { body } = await debt.ask(
      `{ pessoa(cpf: "${cpf}") { resumoDividas { quantidade valorTotal primeiraOcorrencia ultimaOcorrencia } } }`,
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          resumoDividas: {
            quantidade: 3,
            valorTotal: '100000000000000.29',
            primeiraOcorrencia: '2025-05-05',
            ultimaOcorrencia: '2026-06-06',
          },
        },
      },
    });
  });
});
