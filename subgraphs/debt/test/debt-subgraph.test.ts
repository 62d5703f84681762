import { cpfFromBase } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import type { RunningService } from '@pessoa/platform/process';
import { graphql } from '@pessoa/testkit/graphql-client';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';
import { startDebt } from '../src/debt-subgraph.ts';

const ANA = cpfFromBase('101010101');
const UNKNOWN = cpfFromBase('909090909');

describe('the Debt subgraph', () => {
  let bases: TestBases;
  let environment: TestEnvironment;
  let debt: RunningService;

  beforeAll(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
    debt = await startDebt(readConfig(environment.env), environment.logger, fixedClock('2026-11-22T15:00:00Z'));
    await insert(bases.baseA.owner, 'pessoa', { cpf: ANA, nome: 'Ana Fictícia', situacao_cadastral: 'REGULAR' });
  });
  afterAll(async () => {
    await debt.close();
    await environment.close();
    await bases.drop();
  });

  it('answers a person by CPF', async () => {
    const token = await environment.token();
    const { status, body } = await graphql(debt.url, {
      token,
      query: 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf nome dividas { totalCount nodes { id } } resumoDividas { quantidade valorTotal } } }',
      variables: { cpf: ANA },
    });
    expect(body).toEqual({
      data: {
        pessoa: { cpf: ANA, nome: 'Ana Fictícia', dividas: { totalCount: 0, nodes: [] }, resumoDividas: { quantidade: 0, valorTotal: '0.00' } },
      },
    });
    expect(status).toBe(200);
  });

  it('answers null, without error, for a CPF that Base A does not know', async () => {
    const token = await environment.token();
    const { body } = await graphql(debt.url, { token, query: `{ pessoa(cpf: "${UNKNOWN}") { cpf nome dividas { totalCount } } }` });
    expect(body).toEqual({ data: { pessoa: { cpf: UNKNOWN, nome: null, dividas: null } } });
  });
});
