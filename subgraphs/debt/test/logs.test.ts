import { unreachableServer } from '@pessoa/testkit/lost-servers';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

describe('The log of Debt', () => {
  let debt: DebtUnderTest;

  beforeAll(async () => void (debt = await openDebt()));
  afterAll(() => debt.close());

  const lines = (): Record<string, unknown>[] =>
    debt.environment.logLines().map((line) => JSON.parse(line) as Record<string, unknown>);

  it('has one line for each request, with interaction id, client, route, operation, status and duration', async () => {
    const cpf = await debt.newPessoa();
    const before = lines().length;
    const { headers } = await debt.ask(`query Ficha { pessoa(cpf: "${cpf}") { nome } }`, {
      token: await debt.token({ clientId: 'cliente-de-teste' }),
    });
    await debt.get(`/divida/${cpf}`, { token: null });
    expect(lines().slice(before)).toEqual([
      expect.objectContaining({
        interacao: headers.get('x-fapi-interaction-id'),
        cliente: 'cliente-de-teste',
        metodo: 'POST',
        rota: '/graphql',
        operacao: expect.stringMatching(/^\(anônima\) [0-9a-f]{16}$/),
        status: 200,
        ms: expect.any(Number),
      }),
      expect.objectContaining({
        metodo: 'GET',
        rota: '/divida/:cpf',
        operacao: 'Divida',
        status: 401,
        codigo: 'UNAUTHENTICATED',
      }),
    ]);
  });

  it('never has the CPF that an issuer names a client by', async () => {
    const before = lines().length;
    const clientId = await debt.newPessoa();
    await debt.ask(`{ pessoa(cpf: "${clientId}") { nome } }`, { token: await debt.token({ clientId }) });
    expect(lines().slice(before)).toEqual([expect.objectContaining({ cliente: '[CPF]', status: 200 })]);
  });

  it('never has a CPF, a name, a contract number, a token or a connection string', async () => {
    const cpf = await debt.newPessoa({ nome: 'Zuleica Fictícia', endereco: { logradouro: 'Rua das Amostras' } });
    const formatted = cpf.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
    await debt.newDivida(cpf, { contrato: 'C-987654321' });
    const token = await debt.token();
    const expired = await debt.token({ ttlSeconds: -60 });
    await debt.get(`/divida/${formatted}`, { token });
    await debt.get(`/divida/${cpf}?cursor=${cpf}`, { token });
    await debt.get(`/nada/${cpf}`, { token });
    await debt.ask(
      `query Zuleica { pessoa(cpf: "${cpf}") { nome endereco { logradouro } dividas { nodes { contrato } } } }`,
      { token },
    );
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nomes } }`, { token });
    await debt.ask(`{ pessoa(cpf: "${cpf}" `, { token });
    await debt.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { nome } }', { token, variables: { cpf: `${cpf}0` } });
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`, { token: expired });
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`, { token, headers: { 'x-fapi-interaction-id': cpf } });
    // A broken base brings an error of the database driver.
    await debt.bases.baseA.owner.query('ALTER TABLE pessoa RENAME TO outra');
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nome dividas { totalCount } } }`, { token });

    const text = debt.environment.logLines().join('');
    const secrets = {
      cpf,
      formatted,
      nome: 'Zuleica Fict',
      logradouro: 'Amostras',
      contrato: '987654321',
      token: token.split('.')[2]!,
      expired: expired.split('.')[2]!,
      password: new URL(debt.bases.baseA.readerUrl).password,
      auditPassword: new URL(debt.bases.auditoria.writerUrl).password,
    };
    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret).not.toBe('');
      if (text.includes(secret))
        throw new Error(
          `the log has the ${what}: ${text.slice(Math.max(0, text.indexOf(secret) - 200)).slice(0, 400)}`,
        );
    }
    expect(text).not.toMatch(/postgres(ql)?:\/\//);
    expect(lines().length).toBeGreaterThan(10);
  });

  it('has the error code of an unreachable base, without the CPF and the password', async () => {
    const lost = await openDebt(async ({ baseA }) => ({ BASE_A_URL: await unreachableServer(baseA.readerUrl) }));
    const cpf = await lost.newPessoa();
    await lost.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    const text = lost.environment.logLines().join('');
    await lost.close();
    expect(text).toContain('FONTE_INDISPONIVEL');
    for (const secret of [cpf, new URL(lost.bases.baseA.readerUrl).password]) expect(text).not.toContain(secret);
  });
});
