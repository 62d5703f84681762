import type { Cpf } from '@pessoa/domain/cpf';
import { addTitular } from '@pessoa/testkit/base-c-rows';
import { type EventUnderTest, NOW, startEventUnderTest } from './event-under-test.ts';

const BOTH = `query Ambas ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } ultimaCompraCartao { id } } } }`;

describe('the record of reads', () => {
  let event: EventUnderTest;

  beforeAll(async () => {
    event = await startEventUnderTest();
  });
  afterAll(() => event.close());

  const person = () => addTitular(event.bases.baseC.owner);
  const recordsOf = async (cpf: Cpf): Promise<Record<string, unknown>[]> => {
    const { rows } = await event.bases.auditoria.owner.query(
      'SELECT * FROM acesso WHERE cpf_hash = $1 ORDER BY operacao',
      [event.cpfHash(cpf)],
    );
    return rows as Record<string, unknown>[];
  };

  it('has who read what of whom, why and by which consent, before the answer leaves', async () => {
    const cpf = await person();
    const { headers } = await event.get(`/evento/ultcompracartao/${cpf}`, {
      clientId: 'loja',
      subject: 'ana',
      finalidade: 'COBRANCA',
      consentimento: [cpf],
    });
    expect(await recordsOf(cpf)).toMatchObject([
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

  it('has a court order where that was the purpose, and nowhere else', async () => {
    const ordemJudicial = '0001234-03.2026.8.26.0100';
    for (const finalidade of ['ORDEM_JUDICIAL', 'COBRANCA'] as const) {
      const cpf = await person();
      await event.get(`/evento/ultcompracartao/${cpf}`, { finalidade, ordemJudicial, consentimento: [cpf] });
      const [record] = await recordsOf(cpf);
      expect(record).toMatchObject({
        finalidade,
        ordem_judicial: finalidade === 'ORDEM_JUDICIAL' ? ordemJudicial : null,
      });
    }
  });

  it('says what was refused, and that the holder read', async () => {
    const cpf = await person();
    await event.get(`/evento/${cpf}`, { consentimento: [] });
    expect(await recordsOf(cpf)).toMatchObject([{ campos: ['eventos.ultimaConsulta'], resultado: 'PARCIAL' }]);
    const other = await person();
    await event.get(`/evento/${other}`, { scope: '' });
    expect(await recordsOf(other)).toMatchObject([{ campos: [], resultado: 'NEGADO' }]);
    const own = await person();
    await event.get(`/evento/${own}`, { cpf: own });
    expect(await recordsOf(own)).toMatchObject([{ pelo_titular: true, finalidade: 'CONSULTA_DO_TITULAR' }]);
  });

  it('has a read by each REST route', async () => {
    const ana = await person();
    const token = { consentimento: [ana] };
    for (const route of ['/evento/', '/evento/movtofinanceiro/', '/evento/ultcompracartao/'])
      await event.get(route + ana, token);
    const operations = (await recordsOf(ana)).map(({ operacao }) => operacao);
    expect(operations).toEqual(['Evento', 'MovimentacaoFinanceira', 'UltimaCompraCartao']);
  });

  it('is left to the router when the router asks', async () => {
    const cpf = await person();
    const { status } = await event.ask(BOTH, { cpf });
    expect(status).toBe(200);
    expect(await recordsOf(cpf)).toEqual([]);
  });

  it('a log line has the person’s hash and never the CPF', async () => {
    const cpf = await person();
    await event.ask(BOTH, { cpf });
    await event.get(`/evento/${cpf}`, { consentimento: [cpf] });
    const lines = event.environment.logLines().join('');
    expect(lines).toContain(event.cpfHash(cpf));
    expect(lines).not.toContain(cpf);
  });
});
