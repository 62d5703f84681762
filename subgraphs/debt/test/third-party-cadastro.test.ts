import { cpfFromBase } from '@pessoa/domain/cpf';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const QUERY = 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { endereco { uf } } }';

describe.each([
  ['never', 'OPERADOR'],
  ['consent', 'CONSENTIMENTO'],
])('With THIRD_PARTY_CADASTRO=%s', (setting, motivo) => {
  let debt: DebtUnderTest;
  let log: StatementLog;

  beforeAll(async () => {
    debt = await openDebt(async ({ baseA }) => {
      log = await openStatementLog(baseA.readerUrl);
      return { BASE_A_URL: log.url, THIRD_PARTY_CADASTRO: setting };
    });
  });
  afterAll(async () => {
    await debt.close();
    await log.close();
  });

  it('a refused address is read from the base for nobody, known or not, with the same answer', async () => {
    const cpf = await debt.newPessoa({ endereco: { uf: 'SP' } });
    const token = await debt.token({ consentimento: [] });
    log.clear();
    const answers = await Promise.all([cpf, UNKNOWN].map((of) => debt.ask(QUERY, { variables: { cpf: of }, token })));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual({
        data: { pessoa: { endereco: null } },
        errors: [
          {
            message: 'Your token does not give access to this.',
            path: ['pessoa', 'endereco'],
            extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo },
          },
        ],
      });
    }
    expect(log.statements()).toEqual([]);
    expect((await debt.ask(QUERY, { variables: { cpf }, token: await debt.token({ cpf }) })).body).toEqual({
      data: { pessoa: { endereco: { uf: 'SP' } } },
    });
    expect(log.statements()).toHaveLength(1);
  });
});
