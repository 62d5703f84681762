import { randomUUID } from 'node:crypto';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { unreachable } from '@pessoa/testkit/lost-servers';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');

describe('What Score answers about a person', () => {
  let score: ScoreUnderTest;
  let hashOf: (cpf: Cpf) => string;

  beforeAll(async () => {
    score = await openScore();
    hashOf = cpfHasher(Buffer.from(score.environment.env['CPF_HASH_KEY']!, 'base64url'));
  });
  afterAll(() => score.close());

  async function accessesTo(cpf: Cpf): Promise<Record<string, unknown>[]> {
    const { rows } = await score.bases.auditoria.owner.query<Record<string, unknown>>(
      'SELECT * FROM acesso WHERE cpf_hash = $1',
      [hashOf(cpf)],
    );
    return rows;
  }

  it('is in the audit when the answer is there', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    const interacao = randomUUID();
    await score.get(`/score/${cpf}`, {
      token: await score.token({ clientId: 'loja-ficticia' }),
      headers: { 'x-fapi-interaction-id': interacao },
    });
    expect(await accessesTo(cpf)).toEqual([
      expect.objectContaining({
        client_id: 'loja-ficticia',
        campos: expect.arrayContaining(['score.valor', 'score.faixa', 'perfil.idade', 'perfil.bens']),
        finalidade: 'CONCESSAO_CREDITO',
        pelo_titular: false,
        resultado: 'ATENDIDO',
        data_hora: new Date('2026-11-22T15:00:00Z'),
        interacao,
        operacao: 'Score',
        servico: 'score',
      }),
    ]);
    expect(JSON.stringify(await accessesTo(cpf))).not.toContain(cpf);
  });

  it.each([
    ['score:read score:detalhe', 'ATENDIDO', true],
    ['score:read', 'PARCIAL', true],
    ['divida:read', 'NEGADO', false],
  ])('with the scopes %s is %s, with the fields that were given', async (scope, resultado, isGiven) => {
    const cpf = await score.newTitular();
    await score.get(`/score/${cpf}`, { token: await score.token({ scope }) });
    const rows = await accessesTo(cpf);
    expect(rows).toMatchObject([{ resultado }]);
    const campos = rows[0]!['campos'] as string[];
    expect([campos.includes('score.valor'), campos.includes('perfil.idade')]).toEqual([
      isGiven,
      resultado === 'ATENDIDO',
    ]);
  });

  it('is written down for the holder as their own, and for someone Base B does not know', async () => {
    const cpf = await score.newTitular();
    await score.get(`/score/${cpf}`, { token: await score.token({ cpf }) });
    await score.get(`/score/${UNKNOWN}`);
    expect(await accessesTo(cpf)).toMatchObject([{ pelo_titular: true, operacao: 'Score', resultado: 'ATENDIDO' }]);
    expect(await accessesTo(UNKNOWN)).toMatchObject([
      { pelo_titular: false, operacao: 'Score', resultado: 'ATENDIDO' },
    ]);
  });

  it('leaves nothing of the person in the log', async () => {
    const cpf = await score.newTitular({
      endereco: { logradouro: 'Rua das Amostras' },
      bens: [{ descricao: 'Iate Fictício', valor_estimado: '7777777.00' }],
    });
    const token = await score.token();
    await score.get(`/score/${cpf}`, { token });
    await score.ask(`{ pessoa(cpf: "${cpf}") { perfil { bens { descricao } endereco { logradouro } } } }`, { token });
    await score.ask(`{ pessoa(cpf: "${cpf}") { nota } }`, { token });
    const text = score.environment.logLines().join('');
    const password = new URL(score.bases.baseB.readerUrl).password;
    for (const secret of [cpf, 'Amostras', 'Iate', '7777777', token.split('.')[2]!, password]) {
      expect(secret).not.toBe('');
      expect(text.includes(secret)).toBe(false);
    }
  });

  it('does not leave when it cannot be written down', async () => {
    const unwritten = await openScore(async ({ auditoria }) => ({ AUDIT_URL: await unreachable(auditoria.writerUrl) }));
    const cpf = await unwritten.newTitular(EXEMPLO);
    const rest = await unwritten.get(`/score/${cpf}`);
    await unwritten.close();
    expect([rest.status, rest.body]).toMatchObject([503, { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' }]);
  });
});
