import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('GET /divida/{cpf} on Debt itself', () => {
  let debt: DebtUnderTest;
  let cpf: Cpf;

  beforeAll(async () => {
    debt = await openDebt();
    cpf = await debt.newPessoa({ nome: 'Ana Fictícia', endereco: { logradouro: 'Rua das Amostras', uf: 'SP' } });
  });
  afterAll(() => debt.close());

  it('is the person’s name, address, debts and their summary', async () => {
    const own = await debt.newPessoa({ nome: 'Bia Fictícia', endereco: { logradouro: 'Rua das Amostras', uf: 'SP' } });
    const id = await debt.newDivida(own, { valor_atualizado: '110.10' });
    const { status, headers, body } = await debt.get(`/divida/${own}`);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(headers.has('link')).toBe(false);
    expect(body).toEqual({
      cpf: own,
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

  it('is an empty list for someone without debts, and 404 for someone Base A does not know', async () => {
    expect(await debt.get(`/divida/${cpf}`)).toMatchObject({
      status: 200,
      body: { cpf, dividas: [], resumo: { quantidade: 0 } },
    });
    expect(await debt.get(`/divida/${UNKNOWN}`)).toMatchObject({
      status: 404,
      body: { code: 'NAO_ENCONTRADO', status: 404 },
    });
  });

  it('takes the CPF with its punctuation', async () => {
    const formatted = cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
    expect(await debt.get(`/divida/${formatted}`)).toMatchObject({ status: 200, body: { cpf } });
  });

  it('is paged by `limite`, and `Link` leads to the next page, to the end, once each', async () => {
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
  ])('with ?%s is refused with %s', async (query, code) => {
    const { status, headers, body } = await debt.get(`/divida/${cpf}?${query}`);
    expect([status, headers.get('content-type')]).toEqual([400, expect.stringContaining('application/problem+json')]);
    expect(body).toMatchObject({ code, status: 400, type: `/erros/${code}` });
  });

  it.each(['52998224724', '11111111111', '5299822472', '529982247-25', 'abc', '%20'])(
    'refuses what is no CPF (%s)',
    async (text) => {
      const { status, body } = await debt.get(`/divida/${text}`);
      expect([status, body]).toMatchObject([400, { code: 'CPF_INVALIDO' }]);
      expect(JSON.stringify(body)).not.toContain(text);
    },
  );

  it('is 401 without a token, 403 without a purpose, and 403 without the scope', async () => {
    const nobody = await debt.get(`/divida/${cpf}`, { token: null });
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
    expect(nobody.body).toMatchObject({ code: 'UNAUTHENTICATED' });
    const aimless = await debt.get(`/divida/${cpf}`, { token: await debt.token({ finalidade: null }) });
    expect([aimless.status, aimless.body]).toMatchObject([403, { code: 'FINALIDADE_AUSENTE' }]);
    const scopeless = await debt.get(`/divida/${cpf}`, { token: await debt.token({ scope: 'score:read' }) });
    expect([scopeless.status, scopeless.body]).toMatchObject([403, { code: 'UNAUTHORIZED_FIELD_OR_TYPE' }]);
  });

  it('is the same 403 for somebody else’s token, whether the CPF exists or not', async () => {
    const token = await debt.token({ cpf: await debt.newPessoa() });
    const [known, unknown] = [
      await debt.get(`/divida/${cpf}`, { token }),
      await debt.get(`/divida/${UNKNOWN}`, { token }),
    ];
    expect(known).toMatchObject({ status: 403, body: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } });
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
  });

  it('carries the interaction id it is given, or one of its own', async () => {
    const given = '5E9E93A8-8B7F-4C5E-9A43-0A8F1B2C3D4E';
    const mirrored = await debt.get(`/divida/${cpf}`, { headers: { 'x-fapi-interaction-id': given } });
    expect(mirrored.headers.get('x-fapi-interaction-id')).toBe(given.toLowerCase());
    for (const id of ['not-a-uuid', '']) {
      const made = await debt.get(`/divida/${cpf}`, { headers: { 'x-fapi-interaction-id': id } });
      expect(made.headers.get('x-fapi-interaction-id')).toMatch(UUID);
    }
    const refused = await debt.get(`/divida/${cpf}`, { token: null, headers: { 'x-fapi-interaction-id': given } });
    expect(refused.headers.get('x-fapi-interaction-id')).toBe(given.toLowerCase());
  });

  it('is not served for the other services’ routes', async () => {
    for (const path of [`/score/${cpf}`, `/evento/${cpf}`, '/divida', '/']) {
      expect(await debt.get(path)).toMatchObject({ status: 404, body: { code: 'ROTA_DESCONHECIDA' } });
    }
  });
});
