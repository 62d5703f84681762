import { text } from 'node:stream/consumers';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type AuditUnderQuestion, type Finished, openAuditUnderQuestion } from './audit-under-question.ts';

const NOVEMBER = ['--from', '2026-11-01', '--to', '2026-11-30'];

describe('npm run audit', () => {
  let audit: AuditUnderQuestion;
  let ana: Cpf;
  beforeEach(async () => {
    audit = await openAuditUnderQuestion();
    ana = cpfSequence(518_000_000)();
  });
  afterEach(() => audit.close());

  const addRead = () => audit.add({ cpf_hash: audit.cpfHash(ana) });
  const questionsAbout = async (): Promise<unknown[]> => (await audit.questions()).map((row) => row['cpf_hash']);

  describe('keeps the audit', () => {
    const lockRecords = async () => {
      const client = await audit.bases.auditoria.owner.connect();
      await client.query('BEGIN');
      await client.query('LOCK TABLE acesso IN SHARE MODE');
      return client;
    };

    it.each<[string, (person: Cpf) => string[]]>([
      ['a person', (person) => ['--cpf', person, ...NOVEMBER]],
      ['a client', () => ['--client', 'loja', ...NOVEMBER]],
      ['an incident', () => ['--incident', '2026-11-01..2026-11-29']],
    ])('before the first row leaves, and nothing leaves that it cannot write: %s', async (_, args) => {
      await addRead();
      const lock = await lockRecords();
      try {
        const refused = await audit.run([...args(ana), '--format', 'csv'], { AUDIT_TIMEOUT_MILLIS: '300' });
        expect(refused).toMatchObject({ code: 1, stdout: '' });
        expect(refused.stderr).toMatch(/^the audit cannot be written, so nothing more is shown: /m);
      } finally {
        await lock.query('ROLLBACK');
        lock.release();
      }
      expect((await audit.run([...args(ana), '--format', 'csv'])).stdout).toContain(audit.cpfHash(ana));
    });

    it('also when the reader of its output goes away, and says that the answer is not whole', async () => {
      await addRead();
      const child = audit.start(['--client', 'loja', ...NOVEMBER]);
      child.stdout!.destroy();
      const ended = new Promise((resolve) => child.on('close', resolve));
      expect(await text(child.stderr!)).toMatch(
        /^the answer is not whole: it ended after 0 records\nnobody reads the output any more$/m,
      );
      expect(await ended).toBe(1);
      expect(await questionsAbout()).toEqual([audit.cpfHash(ana)]);
    });
  });

  describe('is refused', () => {
    const token = (request: Parameters<typeof audit.environment.token>[0]) =>
      audit.environment.token({ scope: 'auditoria:read', ...request });
    it.each<[string, () => Promise<NodeJS.ProcessEnv>, RegExp]>([
      [
        'without a token',
        async () => ({ AUDIT_TOKEN: '' }),
        /AUDIT_TOKEN: is required: a token with the scope auditoria:read/,
      ],
      [
        'with a token without the scope',
        async () => ({ AUDIT_TOKEN: await token({ scope: 'score:read score:extracao' }) }),
        /^AUDIT_TOKEN lacks the scope auditoria:read$/m,
      ],
      [
        'with a token that expired',
        async () => ({ AUDIT_TOKEN: await token({ ttlSeconds: -60 }) }),
        /^AUDIT_TOKEN is refused: /m,
      ],
      [
        'with the token of a holder',
        async () => ({ AUDIT_TOKEN: await token({ cpf: ana }) }),
        /^AUDIT_TOKEN is a token of a holder$/m,
      ],
      [
        'without a purpose',
        async () => ({ AUDIT_TOKEN: await token({ finalidade: 'CURIOSIDADE' as never }) }),
        /^FINALIDADE_AUSENTE: /m,
      ],
      [
        'when the audit does not answer',
        async () => ({ AUDIT_URL: 'postgresql://writer:segredo@127.0.0.1:1/auditoria' }),
        /^the audit does not answer: /m,
      ],
      [
        'with a role that cannot write',
        async () => ({ AUDIT_URL: audit.bases.auditoria.readerUrl }),
        /^the audit cannot be kept:\npublic\.acesso \(our role may not insert\)$/m,
      ],
      [
        'with the reader of an audit and without that audit, for another one must not answer',
        async () => ({ AUDIT_URL: '' }),
        /AUDIT_URL: is required with AUDIT_READER_URL$/m,
      ],
      ['without the role that reads', async () => ({ AUDIT_READER_URL: '' }), /AUDIT_READER_URL: /],
    ])('%s, and nothing is read', async (_, variables, message) => {
      await addRead();
      const { code, stdout, stderr } = await audit.run(['--cpf', ana], await variables());
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(message) });
      expect(stderr).not.toMatch(/eyJ|segredo/);
      expect(stderr).not.toContain(ana);
      expect(await audit.questions()).toEqual([]);
    });

    it.each<[string, (person: Cpf) => Promise<Finished>]>([
      ['as an argument without its option', (person) => audit.run([person])],
      ['in a client', (person) => audit.run(['--client', person, '--from', person])],
      [
        'with a wrong digit',
        (person) => audit.run(['--cpf', `${person.slice(0, 10)}${(Number(person[10]) + 1) % 10}`]),
      ],
    ])('with its usage or a code, and without the CPF: a CPF %s', async (_, refused) => {
      const { code, stdout, stderr } = await refused(ana);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/usage: npm run --silent audit|^CPF_INVALIDO: This is not a valid CPF\.\n$/);
      expect(stderr).not.toContain(ana.slice(0, 10));
    });
  });
});
