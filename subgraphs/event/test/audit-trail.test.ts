import type { Cpf } from '@pessoa/domain/cpf';
import { addTitular } from '@pessoa/testkit/base-c-rows';
import { type EventUnderTest, NOW, startEventUnderTest } from './event-under-test.ts';

const INQUIRY_AND_PURCHASE = `query Ambas ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } ultimaCompraCartao { id } } } }`;

describe('The audit of Event', () => {
  let event: EventUnderTest;

  beforeAll(async () => {
    event = await startEventUnderTest();
  });
  afterAll(() => event.close());

  const person = () => addTitular(event.bases.baseC.owner);
  const auditRowsOf = async (cpf: Cpf): Promise<Record<string, unknown>[]> => {
    const { rows } = await event.bases.auditoria.owner.query(
      'SELECT * FROM acesso WHERE cpf_hash = $1 ORDER BY operacao',
      [event.cpfHash(cpf)],
    );
    return rows as Record<string, unknown>[];
  };

  it('says who read which fields of whom, for what purpose and by which consent, before the answer leaves', async () => {
    const cpf = await person();
    const { headers } = await event.get(`/evento/ultcompracartao/${cpf}`, {
      clientId: 'loja',
      subject: 'ana',
      finalidade: 'COBRANCA',
      consentimento: [cpf],
    });
    expect(await auditRowsOf(cpf)).toMatchObject([
      {
        client_id: 'loja',
        sujeito: 'ana',
        campos: ['eventos.ultimaCompraCartao'],
        finalidade: 'COBRANCA',
        consentimento: 'consentimento-1',
        pelo_titular: false,
        resultado: 'ATENDIDO',
        data_hora: new Date(NOW),
        interacao: headers.get('x-fapi-interaction-id'),
        operacao: 'UltimaCompraCartao',
        servico: 'event',
      },
    ]);
  });

  it('has the number of a court order only when the purpose was a court order', async () => {
    const ordemJudicial = '0001234-03.2026.8.26.0100';
    for (const finalidade of ['ORDEM_JUDICIAL', 'COBRANCA'] as const) {
      const cpf = await person();
      await event.get(`/evento/ultcompracartao/${cpf}`, { finalidade, ordemJudicial, consentimento: [cpf] });
      const [auditRow] = await auditRowsOf(cpf);
      expect(auditRow).toMatchObject({
        finalidade,
        ordem_judicial: finalidade === 'ORDEM_JUDICIAL' ? ordemJudicial : null,
      });
    }
  });

  it('says what was refused, and whether the holder asked', async () => {
    const cpf = await person();
    await event.get(`/evento/${cpf}`, { consentimento: [] });
    expect(await auditRowsOf(cpf)).toMatchObject([{ campos: ['eventos.ultimaConsulta'], resultado: 'PARCIAL' }]);
    const refusedPerson = await person();
    await event.get(`/evento/${refusedPerson}`, { scope: '' });
    expect(await auditRowsOf(refusedPerson)).toMatchObject([{ campos: [], resultado: 'NEGADO' }]);
    const holder = await person();
    await event.get(`/evento/${holder}`, { cpf: holder });
    expect(await auditRowsOf(holder)).toMatchObject([{ pelo_titular: true, finalidade: 'CONSULTA_DO_TITULAR' }]);
  });

  it('has a row for a request to each REST route', async () => {
    const ana = await person();
    const token = { consentimento: [ana] };
    for (const route of ['/evento/', '/evento/movtofinanceiro/', '/evento/ultcompracartao/'])
      await event.get(route + ana, token);
    const operations = (await auditRowsOf(ana)).map(({ operacao }) => operacao);
    expect(operations).toEqual(['Evento', 'MovimentacaoFinanceira', 'UltimaCompraCartao']);
  });

  it('has no row for a request of the router, which writes its own', async () => {
    const cpf = await person();
    const { status } = await event.ask(INQUIRY_AND_PURCHASE, { cpf });
    expect(status).toBe(200);
    expect(await auditRowsOf(cpf)).toEqual([]);
  });

  it('leaves the CPF out of the log, which names a person by the hash', async () => {
    const cpf = await person();
    await event.ask(INQUIRY_AND_PURCHASE, { cpf });
    await event.get(`/evento/${cpf}`, { consentimento: [cpf] });
    const lines = event.environment.logLines().join('');
    expect(lines).toContain(event.cpfHash(cpf));
    expect(lines).not.toContain(cpf);
  });
});
