import type { Cpf } from '@pessoa/domain/cpf';
import { addCompras, addTitular } from '@pessoa/testkit/base-c-rows';
import { cacheCounts } from '@pessoa/testkit/cache-counts';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { type EventUnderTest, NOW, startEventUnderTest } from '../event-under-test.ts';

const COMPRA = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaCompraCartao {
  id dataHora valor valorMoedaOrigem moedaOrigem estabelecimento bandeira finalCartao emissor { nome ispb compe }
  formaPagamento parcelas presencial aprovada } } } }`;

describe('A cached last purchase', () => {
  let event: EventUnderTest;
  let log: StatementLog;
  const clock = { millis: Date.parse(NOW), now: () => new Date(clock.millis) };

  beforeAll(async () => {
    event = await startEventUnderTest({
      clock,
      envFrom: async ({ baseC }) => {
        log = await openStatementLog(baseC.readerUrl);
        return { BASE_C_URL: log.url };
      },
    });
  });
  beforeEach(() => log.clear());
  afterAll(async () => {
    await event.close();
    await log.close();
  });

  const ask = async (cpf: Cpf, query = COMPRA, token = {}) => (await event.ask(query, { cpf, token })).body;
  const purchaseStatements = (): number => log.statements().filter(({ text }) => text.includes('compra_cartao')).length;

  it('is answered as Base C gave it for 45 seconds, without a statement on purchases', async () => {
    const cpf = await addTitular(event.bases.baseC.owner);
    await addCompras(event.bases.baseC.owner, cpf, { id: 'compra-1', valor: '999999999999999.99' });
    const first = await ask(cpf);
    expect(first.data).toMatchObject({
      pessoa: { eventos: { ultimaCompraCartao: { id: 'compra-1', valor: '999999999999999.99' } } },
    });
    expect(purchaseStatements()).toBe(1);
    clock.millis += 44_999;
    expect(await ask(cpf)).toEqual(first);
    expect(purchaseStatements()).toBe(1);
    await addCompras(event.bases.baseC.owner, cpf, { id: 'compra-2', data_hora: '2026-11-22T14:59:59Z' });
    clock.millis += 1;
    expect((await ask(cpf)).data).toMatchObject({ pessoa: { eventos: { ultimaCompraCartao: { id: 'compra-2' } } } });
    expect(purchaseStatements()).toBe(2);
  });

  it('is cached for a person without a purchase too', async () => {
    const cpf = await addTitular(event.bases.baseC.owner);
    for (let round = 0; round < 2; round++) {
      expect(await ask(cpf)).toEqual({ data: { pessoa: { eventos: { ultimaCompraCartao: null } } } });
    }
    expect(purchaseStatements()).toBe(1);
  });

  it('is not shown once Base C no longer knows the person', async () => {
    const cpf = await addTitular(event.bases.baseC.owner);
    await ask(cpf);
    await event.bases.baseC.owner.query('DELETE FROM titular WHERE cpf = $1', [cpf]);
    expect((await ask(cpf)).data).toEqual({ pessoa: { eventos: null } });
  });

  it('is not shown without its scope, without the person’s consent, or to another holder', async () => {
    const [cpf, otherHolder] = [await addTitular(event.bases.baseC.owner), await addTitular(event.bases.baseC.owner)];
    await addCompras(event.bases.baseC.owner, cpf, { id: 'segredo' });
    await ask(cpf);
    const before = await cacheCounts(event.metricsUrl);
    for (const token of [
      { scope: 'evento:read' },
      { consentimento: [otherHolder] },
      { cpf: otherHolder, consentimento: [] },
    ]) {
      const { data, errors } = await ask(cpf, COMPRA, token);
      expect(JSON.stringify(data)).not.toContain('segredo');
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
    }
    expect(await cacheCounts(event.metricsUrl)).toEqual(before);
  });

  it('is in the audit for each request, and the newest inquiry is never cached', async () => {
    const cpf = await addTitular(event.bases.baseC.owner);
    for (let time = 0; time < 2; time++) await event.get(`/evento/ultcompracartao/${cpf}`, { consentimento: [cpf] });
    const { rows } = await event.bases.auditoria.owner.query('SELECT campos FROM acesso WHERE cpf_hash = $1', [
      event.cpfHash(cpf),
    ]);
    expect(rows).toHaveLength(2);
    const statementsOnConsulta = async () => {
      await ask(cpf, 'query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } } } }');
      return log.statements().filter(({ text }) => /\bconsulta\b/.test(text)).length;
    };
    expect(await statementsOnConsulta()).toBe(1);
    expect(await statementsOnConsulta()).toBe(2);
  });
});
