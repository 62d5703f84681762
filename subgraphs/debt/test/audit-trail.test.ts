import { randomUUID } from 'node:crypto';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { type CpfCipher, cpfCipher } from '@pessoa/domain/cpf-cipher';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { unreachableServer } from '@pessoa/testkit/lost-servers';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');

describe('The audit of Debt', () => {
  let debt: DebtUnderTest;
  let hashOf: (cpf: Cpf) => string;
  let cipher: CpfCipher;

  beforeAll(async () => {
    debt = await openDebt();
    const key = Buffer.from(debt.environment.env['CPF_HASH_KEY']!, 'base64url');
    hashOf = cpfHasher(key);
    cipher = cpfCipher(key);
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

  it('says who read which fields of whom, when, for what purpose and with which interaction id, before the answer leaves', async () => {
    const cpf = await debt.newPessoa();
    const interaction = randomUUID();
    const token = await debt.token({
      clientId: 'cliente-de-teste',
      subject: 'operador-7',
      finalidade: 'VENDA_A_PRAZO',
      consentimento: [cpf],
    });
    await debt.get(`/divida/${cpf}`, { token, headers: { 'x-fapi-interaction-id': interaction } });
    expect(await accessesTo(cpf)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        cpf_hash: hashOf(cpf),
        cpf_cifrado: Buffer.from(cipher.encrypt(cpf), 'hex'),
        client_id: 'cliente-de-teste',
        sujeito: 'operador-7',
        campos: expect.arrayContaining(['nome', 'endereco.cidade', 'dividas.nodes', 'resumoDividas.quantidade']),
        finalidade: 'VENDA_A_PRAZO',
        consentimento: 'consentimento-1',
        ordem_judicial: null,
        pelo_titular: false,
        resultado: 'ATENDIDO',
        data_hora: new Date('2026-11-22T15:00:00Z'),
        interacao: interaction,
        sigilo_referencia: null,
        sigilo_ate: null,
        operacao: 'Divida',
        servico: 'debt',
      },
    ]);
  });

  it('names the person only by a keyed hash', async () => {
    const cpf = await debt.newPessoa({ nome: 'Carla Fictícia' });
    await debt.newDivida(cpf);
    await debt.get(`/divida/${cpf}`);
    const rows = JSON.stringify(await accessesTo(cpf));
    for (const secret of [cpf, cpf.slice(0, 9), 'Carla', '0012345678']) expect(rows).not.toContain(secret);
  });

  it.each([
    ['divida:read cadastro:read', 'ATENDIDO'],
    ['divida:read', 'PARCIAL'],
    ['score:read', 'NEGADO'],
  ])('records a request with the scope %s as %s', async (scope, resultado) => {
    const cpf = await debt.newPessoa();
    await debt.get(`/divida/${cpf}`, { token: await debt.token({ scope }) });
    const [row, ...others] = await accessesTo(cpf);
    expect({
      resultado: row!['resultado'],
      hasNome: (row!['campos'] as string[]).includes('nome'),
      hasEndereco: (row!['campos'] as string[]).includes('endereco.uf'),
      others,
    }).toEqual({
      resultado,
      hasNome: resultado !== 'NEGADO',
      hasEndereco: resultado === 'ATENDIDO',
      others: [],
    });
  });

  it.each([
    ['nome', ['nome', 'resumoDividas.desatualizado']],
    ['endereco', expect.not.arrayContaining(['nome', 'resumoDividas.valorTotal'])],
    ['nome,resumo', expect.not.arrayContaining(['endereco.uf', 'dividas.nodes'])],
  ])('has only the fields that a request with campos=%s read', async (parts, campos) => {
    const cpf = await debt.newPessoa();
    expect((await debt.get(`/divida/${cpf}?campos=${parts}`)).status).toBe(200);
    expect(await accessesTo(cpf)).toEqual([
      expect.objectContaining({ campos, operacao: 'Divida', resultado: 'ATENDIDO' }),
    ]);
  });

  it('has a row for a CPF that Base A does not know', async () => {
    await debt.get(`/divida/${UNKNOWN}`);
    expect(await accessesTo(UNKNOWN)).toMatchObject([{ resultado: 'ATENDIDO', operacao: 'Divida' }]);
  });

  it('marks a request of the holder', async () => {
    const cpf = await debt.newPessoa();
    await debt.get(`/divida/${cpf}`, { token: await debt.token({ cpf }) });
    expect(await accessesTo(cpf)).toMatchObject([
      { pelo_titular: true, finalidade: 'CONSULTA_DO_TITULAR', operacao: 'Divida' },
    ]);
  });

  it('records a denial when a holder asks about another person', async () => {
    const [own, other] = [await debt.newPessoa(), await debt.newPessoa()];
    await debt.get(`/divida/${other}`, { token: await debt.token({ cpf: own }) });
    expect(await accessesTo(other)).toMatchObject([{ resultado: 'NEGADO', campos: [], pelo_titular: false }]);
    expect(await accessesTo(own)).toEqual([]);
  });

  it('has no row for a request without a token, without a purpose or with an invalid CPF', async () => {
    const cpf = await debt.newPessoa();
    const before = await countAll();
    await debt.get(`/divida/${cpf}`, { token: null });
    await debt.get(`/divida/${cpf}`, { token: await debt.token({ finalidade: null }) });
    await debt.get('/divida/52998224724');
    expect(await countAll()).toBe(before);
  });

  it('has no row for a request of the router, which writes its own', async () => {
    const cpf = await debt.newPessoa();
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    expect(body.data).toEqual({ pessoa: { nome: 'Ana Fictícia' } });
    expect(await accessesTo(cpf)).toEqual([]);
  });
});

describe('An unreachable audit', () => {
  let debt: DebtUnderTest;

  beforeAll(async () => {
    debt = await openDebt(async ({ auditoria }) => ({ AUDIT_URL: await unreachableServer(auditoria.writerUrl) }));
  });
  afterAll(() => debt.close());

  it('makes a request about a person 503, without data', async () => {
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const { status, headers, body } = await debt.get(`/divida/${cpf}`);
    expect({ status, retryAfter: headers.get('retry-after'), body }).toMatchObject({
      status: 503,
      retryAfter: '5',
      body: { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' },
    });
    expect(JSON.stringify(body)).not.toMatch(/Ana|pessoa"/);
  });

  it('does not affect a request about no person', async () => {
    expect((await debt.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });
});
