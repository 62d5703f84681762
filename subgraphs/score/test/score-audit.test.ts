import { randomUUID } from 'node:crypto';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { unreachableServer } from '@pessoa/testkit/lost-servers';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');

describe('The audit of Score', () => {
  let score: ScoreUnderTest;
  let hashOf: (cpf: Cpf) => string;

  beforeAll(async () => {
    score = await openScore();
    hashOf = cpfHasher(Buffer.from(score.environment.env['CPF_HASH_KEY']!, 'base64url'));
  });
  afterAll(() => score.close());

  async function auditRowsOf(cpf: Cpf): Promise<Record<string, unknown>[]> {
    const { rows } = await score.bases.auditoria.owner.query<Record<string, unknown>>(
      'SELECT * FROM acesso WHERE cpf_hash = $1',
      [hashOf(cpf)],
    );
    return rows;
  }

  it('has the row of an inquiry before the answer leaves', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    const interacao = randomUUID();
    await score.get(`/score/${cpf}`, {
      token: await score.token({ clientId: 'cliente-de-teste' }),
      headers: { 'x-fapi-interaction-id': interacao },
    });
    expect(await auditRowsOf(cpf)).toEqual([
      expect.objectContaining({
        client_id: 'cliente-de-teste',
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
    expect(JSON.stringify(await auditRowsOf(cpf))).not.toContain(cpf);
  });

  it.each([
    ['score:read score:detalhe cadastro:read', 'ATENDIDO', true],
    ['score:read', 'PARCIAL', true],
    ['divida:read', 'NEGADO', false],
  ])(
    'has for a token with %s the result %s, with the fields that the answer gave',
    async (scope, resultado, hasScore) => {
      const cpf = await score.newTitular();
      await score.get(`/score/${cpf}`, { token: await score.token({ scope }) });
      const rows = await auditRowsOf(cpf);
      expect(rows).toMatchObject([{ resultado }]);
      const campos = rows[0]!['campos'] as string[];
      expect(campos.includes('score.valor')).toBe(hasScore);
      expect(campos.includes('perfil.idade')).toBe(resultado === 'ATENDIDO');
    },
  );

  it('marks an inquiry of the holder as their own, and has one about a person that Base B does not know', async () => {
    const cpf = await score.newTitular();
    await score.get(`/score/${cpf}`, { token: await score.token({ cpf }) });
    await score.get(`/score/${UNKNOWN}`);
    expect(await auditRowsOf(cpf)).toMatchObject([{ pelo_titular: true, operacao: 'Score', resultado: 'ATENDIDO' }]);
    expect(await auditRowsOf(UNKNOWN)).toMatchObject([
      { pelo_titular: false, operacao: 'Score', resultado: 'ATENDIDO' },
    ]);
  });

  it('leaves no data of the person in the log', async () => {
    const cpf = await score.newTitular({
      endereco: { logradouro: 'Rua das Amostras' },
      bens: [{ descricao: 'Iate Fictício', valor_estimado: '7777777.00' }],
    });
    const token = await score.token();
    await score.get(`/score/${cpf}`, { token });
    await score.ask(`{ pessoa(cpf: "${cpf}") { perfil { bens { descricao } endereco { logradouro } } } }`, { token });
    await score.ask(`{ pessoa(cpf: "${cpf}") { nota } }`, { token });
    const log = score.environment.logLines().join('');
    const password = new URL(score.bases.baseB.readerUrl).password;
    for (const secret of [cpf, 'Amostras', 'Iate', '7777777', token.split('.')[2]!, password]) {
      expect(secret).not.toBe('');
      expect(log.includes(secret)).toBe(false);
    }
  });

  it('stops the answer when its row cannot be written', async () => {
    const scoreWithoutAudit = await openScore(async ({ auditoria }) => ({
      AUDIT_URL: await unreachableServer(auditoria.writerUrl),
    }));
    const cpf = await scoreWithoutAudit.newTitular(EXEMPLO);
    const restAnswer = await scoreWithoutAudit.get(`/score/${cpf}`);
    await scoreWithoutAudit.close();
    expect(restAnswer).toMatchObject({ status: 503, body: { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' } });
  });
});
