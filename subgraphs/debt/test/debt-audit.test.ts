import { randomUUID } from 'node:crypto';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { systemClock } from '@pessoa/domain/data';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/platform/internal-identity';
import { getIntrospectionQuery } from 'graphql';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';
import { unreachable } from '@pessoa/testkit/lost-servers';

const UNKNOWN = cpfFromBase('909090909');

describe('What Debt answers about a person', () => {
  let debt: DebtUnderTest;
  let hashOf: (cpf: Cpf) => string;

  beforeAll(async () => {
    debt = await openDebt();
    hashOf = cpfHasher(Buffer.from(debt.environment.env['CPF_HASH_KEY']!, 'base64url'));
  });
  afterAll(() => debt.close());

  async function accessesTo(cpf: Cpf): Promise<Record<string, unknown>[]> {
    const { rows } = await debt.bases.auditoria.owner.query<Record<string, unknown>>(
      'SELECT * FROM acesso WHERE cpf_hash = $1 ORDER BY data_hora, id',
      [hashOf(cpf)],
    );
    return rows;
  }
  const countAll = async (): Promise<number> => {
    const { rows } = await debt.bases.auditoria.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM acesso');
    return rows[0]!.n;
  };

  it('is in the audit when the answer is there: who, which fields, why, when, under which id', async () => {
    const cpf = await debt.newPessoa();
    const interaction = randomUUID();
    const token = await debt.token({
      clientId: 'loja-ficticia',
      subject: 'operador-7',
      finalidade: 'VENDA_A_PRAZO',
      consentimento: [cpf],
    });
    await debt.ask(
      `query Ficha { pessoa(cpf: "${cpf}") { cpf apelido: nome endereco { uf cidade } dividas(first: 1) { totalCount nodes { id } } } }`,
      { token, headers: { 'x-fapi-interaction-id': interaction } },
    );
    expect(await accessesTo(cpf)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        cpf_hash: hashOf(cpf),
        client_id: 'loja-ficticia',
        sujeito: 'operador-7',
        campos: ['nome', 'endereco.uf', 'endereco.cidade', 'dividas.totalCount', 'dividas.nodes'],
        finalidade: 'VENDA_A_PRAZO',
        consentimento: 'consentimento-1',
        ordem_judicial: null,
        pelo_titular: false,
        resultado: 'ATENDIDO',
        data_hora: new Date('2026-11-22T15:00:00Z'),
        interacao: interaction,
        operacao: 'Ficha',
        servico: 'debt',
      },
    ]);
  });

  it('names the person by a keyed hash and by nothing else', async () => {
    const cpf = await debt.newPessoa({ nome: 'Carla Fictícia' });
    await debt.newDivida(cpf);
    await debt.get(`/divida/${cpf}`);
    const text = JSON.stringify(await accessesTo(cpf));
    for (const secret of [cpf, cpf.slice(0, 9), 'Carla', '0012345678']) expect(text).not.toContain(secret);
  });

  it.each([
    ['divida:read', 'ATENDIDO', ['nome']],
    ['score:read', 'NEGADO', []],
  ])('with the scope %s is %s', async (scope, resultado, campos) => {
    const cpf = await debt.newPessoa();
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`, { token: await debt.token({ scope }) });
    expect(await accessesTo(cpf)).toMatchObject([{ resultado, campos }]);
  });

  it('is PARCIAL when a part of it was refused, and lists only what was given', async () => {
    const cpf = await debt.newPessoa();
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nome dividas(first: 0) { totalCount } } }`);
    expect(await accessesTo(cpf)).toMatchObject([{ resultado: 'PARCIAL', campos: ['nome'] }]);
  });

  it('is marked as the holder’s own when it is', async () => {
    const cpf = await debt.newPessoa();
    await debt.get(`/divida/${cpf}`, { token: await debt.token({ cpf }) });
    expect(await accessesTo(cpf)).toMatchObject([
      { pelo_titular: true, finalidade: 'CONSULTA_DO_TITULAR', operacao: 'Divida' },
    ]);
  });

  it('is written down for each person of a list, and for one that Base A does not know', async () => {
    const [ana, bia] = [await debt.newPessoa(), await debt.newPessoa()];
    await debt.ask('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }', {
      variables: { cpfs: [ana, bia, UNKNOWN] },
    });
    for (const cpf of [ana, bia, UNKNOWN]) {
      expect(await accessesTo(cpf)).toMatchObject([
        { resultado: 'ATENDIDO', campos: ['nome'], operacao: '(anonymous)' },
      ]);
    }
  });

  it('is written down as denied when a holder asks for somebody else', async () => {
    const [own, other] = [await debt.newPessoa(), await debt.newPessoa()];
    await debt.get(`/divida/${other}`, { token: await debt.token({ cpf: own }) });
    expect(await accessesTo(other)).toMatchObject([{ resultado: 'NEGADO', campos: [], pelo_titular: false }]);
    expect(await accessesTo(own)).toEqual([]);
  });

  it('leaves no trace where nothing of a person was asked for or nobody was let in', async () => {
    const cpf = await debt.newPessoa();
    const before = await countAll();
    await debt.ask(`{ pessoa(cpf: "${cpf}") { cpf __typename } }`);
    await debt.ask(getIntrospectionQuery());
    await debt.get(`/divida/${cpf}`, { token: null });
    await debt.get(`/divida/${cpf}`, { token: await debt.token({ finalidade: null }) });
    await debt.ask(`{ pessoa(cpf: "52998224724") { nome } }`);
    expect(await countAll()).toBe(before);
  });

  it('is written down by the router when the router asks, whose identity cannot be borrowed', async () => {
    const cpf = await debt.newPessoa();
    const key = Buffer.from(debt.environment.env['INTERNAL_KEY']!, 'base64url');
    const token = await debt.token();
    const interactionId = randomUUID();
    const identity = internalIdentitySigner(key, systemClock)(`Bearer ${token}`);
    const asked = (as: string, by: string) =>
      debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`, {
        token: by,
        headers: { [INTERNAL_IDENTITY_HEADER]: as, 'x-fapi-interaction-id': interactionId },
      });
    await asked(identity, token);
    expect(await accessesTo(cpf)).toEqual([]);
    await asked(identity, await debt.token({ clientId: 'outro' }));
    await asked(`${Date.now()}.forged`, token);
    expect(await accessesTo(cpf)).toHaveLength(2);
  });
});

describe('When the audit cannot be written', () => {
  let debt: DebtUnderTest;

  beforeAll(async () => {
    debt = await openDebt(async ({ auditoria }) => ({ AUDIT_URL: await unreachable(auditoria.writerUrl) }));
  });
  afterAll(() => debt.close());

  it('nothing about a person leaves: 503 without data, by both doors', async () => {
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const byGraphql = await debt.ask(`{ pessoa(cpf: "${cpf}") { cpf nome } }`);
    expect([byGraphql.status, byGraphql.headers.get('retry-after')]).toEqual([503, '5']);
    expect(byGraphql.body).toEqual({
      errors: [
        {
          message: 'A data source is unavailable; try again.',
          extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' },
        },
      ],
    });
    const byRest = await debt.get(`/divida/${cpf}`);
    expect([byRest.status, byRest.headers.get('retry-after'), byRest.body]).toMatchObject([
      503,
      '5',
      { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' },
    ]);
    expect(JSON.stringify([byGraphql.body, byRest.body])).not.toMatch(/Ana|pessoa"/);
  });

  it('what is not about a person is still answered', async () => {
    expect((await debt.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });
});
