import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('GET /divida/{cpf} of Debt', () => {
  let debt: DebtUnderTest;
  let cpf: Cpf;

  beforeAll(async () => {
    debt = await openDebt();
    cpf = await debt.newPessoa({ nome: 'Ana Fictícia', endereco: { logradouro: 'Rua das Amostras', uf: 'SP' } });
  });
  afterAll(() => debt.close());

  it('shows the person’s name, address, debts and their summary', async () => {
    const bia = await debt.newPessoa({ nome: 'Bia Fictícia', endereco: { logradouro: 'Rua das Amostras', uf: 'SP' } });
    const id = await debt.newDivida(bia, { valor_atualizado: '110.10' });
    const { status, headers, body } = await debt.get(`/divida/${bia}`);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(headers.has('link')).toBe(false);
    expect(body).toEqual({
      cpf: bia,
      nome: 'Bia Fictícia',
      endereco: {
        logradouro: 'Rua das Amostras',
        numero: null,
        complemento: null,
        bairro: null,
        cidade: null,
        uf: 'SP',
        cep: null,
        codigoIbge: null,
        atualizadoEm: null,
      },
      dividas: [
        {
          id,
          credor: { nome: 'Banco Fictício', cnpj: '11222333000181' },
          contrato: '0012345678',
          modalidade: 'CARTAO_CREDITO',
          natureza: 'PEFIN',
          situacao: 'EM_ABERTO',
          valorOriginal: '100.00',
          valorAtualizado: '110.10',
          vencimento: '2026-01-10',
          dataInclusao: '2026-02-11',
          dataComunicacao: '2026-02-01',
          diasEmAtraso: 316,
          parcelasEmAtraso: null,
          principal: true,
          uf: null,
        },
      ],
      resumo: {
        quantidade: 1,
        valorTotal: '110.10',
        primeiraOcorrencia: '2026-01-10',
        ultimaOcorrencia: '2026-01-10',
        desatualizado: false,
      },
    });
  });

  it('is an empty list for a person without debts, and 404 for a CPF that Base A does not know', async () => {
    expect(await debt.get(`/divida/${cpf}`)).toMatchObject({
      status: 200,
      body: { cpf, dividas: [], resumo: { quantidade: 0 } },
    });
    expect(await debt.get(`/divida/${UNKNOWN}`)).toMatchObject({
      status: 404,
      body: { code: 'NAO_ENCONTRADO', status: 404 },
    });
  });

  it('accepts a CPF with punctuation', async () => {
    const formatted = cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
    expect(await debt.get(`/divida/${formatted}`)).toMatchObject({ status: 200, body: { cpf } });
  });

  it('is paged by `limite`, and `Link` leads through all pages, with every debt once', async () => {
    const many = await debt.newPessoa();
    const ids: string[] = [];
    for (let index = 0; index < 11; index++) ids.push(await debt.newDivida(many, { vencimento: '2026-04-04' }));
    const seen: string[] = [];
    let pages = 0;
    for (let path: string | undefined = `/divida/${many}?limite=4`; path; pages++) {
      const { status, headers, body } = await debt.get(path);
      expect(status).toBe(200);
      const { dividas, resumo } = body as unknown as { dividas: { id: string }[]; resumo: { quantidade: number } };
      expect(resumo.quantidade).toBe(11);
      seen.push(...dividas.map(({ id }) => id));
      path = /^<(\/[^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(ids.toReversed());
  });

  it.each([
    ['limite=0', 'BAD_USER_INPUT'],
    ['limite=101', 'LIMITE_EXCEDIDO'],
    ['limite=ten', 'BAD_USER_INPUT'],
    ['limite=1&limite=2', 'BAD_USER_INPUT'],
    ['cursor=garbage', 'BAD_USER_INPUT'],
    ['pagina=2', 'BAD_USER_INPUT'],
  ])('refuses ?%s with %s', async (query, code) => {
    const { status, headers, body } = await debt.get(`/divida/${cpf}?${query}`);
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 400,
      type: expect.stringContaining('application/problem+json'),
    });
    expect(body).toMatchObject({ code, status: 400, type: `/erros/${code}` });
  });

  it.each(['52998224724', '11111111111', '5299822472', '529982247-25', 'abc', '%20'])(
    'refuses an invalid CPF (%s)',
    async (cpfParameter) => {
      const { status, body } = await debt.get(`/divida/${cpfParameter}`);
      expect({ status, body }).toMatchObject({ status: 400, body: { code: 'CPF_INVALIDO' } });
      expect(JSON.stringify(body)).not.toContain(cpfParameter);
    },
  );

  it('is 401 without a token, 403 without a purpose, and 403 without the scope', async () => {
    const withoutToken = await debt.get(`/divida/${cpf}`, { token: null });
    expect(withoutToken).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(withoutToken.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const withoutPurpose = await debt.get(`/divida/${cpf}`, { token: await debt.token({ finalidade: null }) });
    expect(withoutPurpose).toMatchObject({ status: 403, body: { code: 'FINALIDADE_AUSENTE' } });
    const withoutScope = await debt.get(`/divida/${cpf}`, { token: await debt.token({ scope: 'score:read' }) });
    expect(withoutScope).toMatchObject({ status: 403, body: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
  });

  it('is the same 403 for the token of another holder, whether Base A knows the CPF or not', async () => {
    const token = await debt.token({ cpf: await debt.newPessoa() });
    const [known, unknown] = [
      await debt.get(`/divida/${cpf}`, { token }),
      await debt.get(`/divida/${UNKNOWN}`, { token }),
    ];
    expect(known).toMatchObject({ status: 403, body: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
    expect({ status: unknown.status, body: unknown.body }).toEqual({ status: known.status, body: known.body });
  });

  it('repeats the interaction id of the request, or makes one if the request has no valid one', async () => {
    const interactionId = '5E9E93A8-8B7F-4C5E-9A43-0A8F1B2C3D4E';
    const mirrored = await debt.get(`/divida/${cpf}`, { headers: { 'x-fapi-interaction-id': interactionId } });
    expect(mirrored.headers.get('x-fapi-interaction-id')).toBe(interactionId.toLowerCase());
    for (const id of ['not-a-uuid', '']) {
      const made = await debt.get(`/divida/${cpf}`, { headers: { 'x-fapi-interaction-id': id } });
      expect(made.headers.get('x-fapi-interaction-id')).toMatch(UUID);
    }
    const refused = await debt.get(`/divida/${cpf}`, {
      token: null,
      headers: { 'x-fapi-interaction-id': interactionId },
    });
    expect(refused.headers.get('x-fapi-interaction-id')).toBe(interactionId.toLowerCase());
  });

  it('is the only route of Debt: those of other services are 404', async () => {
    for (const path of [`/score/${cpf}`, `/evento/${cpf}`, '/divida', '/']) {
      expect(await debt.get(path)).toMatchObject({ status: 404, body: { code: 'ROTA_DESCONHECIDA' } });
    }
  });
});
