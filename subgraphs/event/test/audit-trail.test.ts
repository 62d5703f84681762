import { addTitular } from './base-c-rows.ts';
import { type EventUnderTest, NOW, startEventUnderTest } from './event-under-test.ts';
import { systemClock } from '@pessoa/domain/data';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/platform/internal-identity';
import type { Cpf } from '@pessoa/domain/cpf';
import { graphql } from '@pessoa/testkit/graphql-client';

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
    const { headers } = await event.ask(BOTH, {
      cpf,
      token: { clientId: 'loja', subject: 'ana', finalidade: 'COBRANCA' },
    });
    expect(await recordsOf(cpf)).toMatchObject([
      {
        client_id: 'loja',
        sujeito: 'ana',
        campos: ['eventos.ultimaConsulta', 'eventos.ultimaCompraCartao'],
        finalidade: 'COBRANCA',
        consentimento: 'consentimento-1',
        pelo_titular: false,
        resultado: 'ATENDIDO',
        data_hora: new Date(NOW),
        interacao: headers.get('x-fapi-interaction-id'),
        operacao: 'Ambas',
        servico: 'event',
      },
    ]);
  });

  it('says what was refused, and that the holder read', async () => {
    const cpf = await person();
    await event.ask(BOTH, { cpf, token: { consentimento: [] } });
    expect(await recordsOf(cpf)).toMatchObject([{ campos: ['eventos.ultimaConsulta'], resultado: 'PARCIAL' }]);
    const other = await person();
    await event.ask(BOTH, { cpf: other, token: { scope: '' } });
    expect(await recordsOf(other)).toMatchObject([{ campos: [], resultado: 'NEGADO' }]);
    const own = await person();
    await event.ask(BOTH, { cpf: own, token: { cpf: own } });
    expect(await recordsOf(own)).toMatchObject([{ pelo_titular: true, finalidade: 'CONSULTA_DO_TITULAR' }]);
  });

  it('has a read by each REST route and each person of a list', async () => {
    const [ana, bia] = [await person(), await person()];
    const token = { consentimento: [ana, bia] };
    for (const route of ['/evento/', '/evento/movtofinanceiro/', '/evento/ultcompracartao/'])
      await event.get(route + ana, token);
    await event.ask('query Lista ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { ultimaConsulta { id } } } }', {
      cpf: ana,
      variables: { cpf: undefined, cpfs: [ana, bia] },
    });
    const operations = (await recordsOf(ana)).map(({ operacao }) => operacao);
    expect(operations).toEqual(['Evento', 'Lista', 'MovimentacaoFinanceira', 'UltimaCompraCartao']);
    expect(await recordsOf(bia)).toHaveLength(1);
  });

  it('is left to the router when the router asks', async () => {
    const cpf = await person();
    const token = await event.environment.token();
    const interactionId = '7d7f1c8e-3a55-4b52-9f63-0f6a9b0f5d11';
    const key = Buffer.from(event.environment.env['INTERNAL_KEY']!, 'base64url');
    const identity = internalIdentitySigner(key, systemClock)(`Bearer ${token}`);
    const headers = { 'x-fapi-interaction-id': interactionId, [INTERNAL_IDENTITY_HEADER]: identity };
    const { status } = await graphql(event.url, { query: BOTH, variables: { cpf }, token, headers });
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
