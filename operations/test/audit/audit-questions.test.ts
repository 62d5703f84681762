import { personMarker } from '@pessoa/audit/person-marks';
import { storeDecision } from '@pessoa/audit/store-decision';
import type { Cpf } from '@pessoa/domain/cpf';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type AuditUnderQuestion, openAuditUnderQuestion, rowsOf } from './audit-under-question.ts';

const NDJSON = ['--format', 'ndjson'];
const NOVEMBER = ['--from', '2026-11-01', '--to', '2026-11-30'];
const HOSTILE = `=cmd|'/C calc'!A0 "x",y`;

describe('npm run audit', () => {
  let audit: AuditUnderQuestion;
  let ana: Cpf;
  let bia: Cpf;
  beforeEach(async () => {
    audit = await openAuditUnderQuestion();
    const next = cpfSequence(517_000_000);
    [ana, bia] = [next(), next()];
  });
  afterEach(() => audit.close());

  const add = (cpf: Cpf, acesso: Record<string, unknown> = {}) =>
    audit.add({ cpf_hash: audit.cpfHash(cpf), ...acesso });
  const questionsAbout = async (): Promise<unknown[]> => (await audit.questions()).map((row) => row['cpf_hash']);

  describe('about a person', () => {
    it('says who, when, why, which fields and by which consent, and writes down that it was asked', async () => {
      const interacao = '6f6b2c0e-0000-4000-8000-000000000001';
      await add(ana, {
        campos: ['nome', 'score.valor'],
        consentimento: 'c-1',
        data_hora: '2026-11-20T12:00:00.123Z',
        interacao,
      });
      await add(ana, {
        data_hora: '2026-11-21T12:00:00Z',
        client_id: 'tribunal',
        finalidade: 'ORDEM_JUDICIAL',
        ordem_judicial: '0001',
        campos: [],
        resultado: 'NEGADO',
      });
      await add(bia);
      const answer = await audit.run(['--cpf', ana, ...NOVEMBER, ...NDJSON]);
      expect(answer).toMatchObject({ code: 0, stderr: expect.stringContaining('\n2 records\n') });
      expect(rowsOf(answer)).toEqual([
        {
          dataHora: '2026-11-20T12:00:00.123Z',
          clientId: 'loja',
          sujeito: 'atendente',
          finalidade: 'VENDA_A_PRAZO',
          campos: ['nome', 'score.valor'],
          consentimento: 'c-1',
          ordemJudicial: null,
          sigiloReferencia: null,
          sigiloAte: null,
          fimDoSigilo: null,
          peloTitular: false,
          resultado: 'ATENDIDO',
          interacao,
          operacao: 'Divida',
          servico: 'router',
          pessoa: audit.cpfHash(ana),
        },
        expect.objectContaining({ clientId: 'tribunal', ordemJudicial: '0001', campos: [], resultado: 'NEGADO' }),
      ]);
      expect(await audit.questions()).toEqual([
        expect.objectContaining({
          cpf_hash: audit.cpfHash(ana),
          cpf_cifrado: expect.any(Buffer),
          client_id: 'auditoria',
          campos: ['auditoria.acessos'],
          finalidade: 'PREVENCAO_FRAUDE',
          pelo_titular: false,
          resultado: 'ATENDIDO',
          operacao: 'Auditoria',
        }),
      ]);
    });

    it('takes the CPF from standard input, and shows it nowhere', async () => {
      await add(ana);
      const answer = await audit.run(['--cpf', '-', ...NOVEMBER, ...NDJSON], {}, `${ana}\n`);
      expect(rowsOf(answer)).toHaveLength(1);
      expect(answer.stdout + answer.stderr).not.toContain(ana);
    });

    it('writes down the question also when there is nothing to show', async () => {
      const answer = await audit.run(['--cpf', ana, ...NOVEMBER, '--format', 'csv']);
      expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/^dataHora,clientId,[^\n]*,pessoa\r\n$/) });
      expect(await questionsAbout()).toEqual([audit.cpfHash(ana)]);
    });

    it('shows the next auditor that somebody asked', async () => {
      await audit.run(['--cpf', ana]);
      expect(rowsOf(await audit.run(['--cpf', ana, ...NDJSON]))).toEqual([
        expect.objectContaining({ clientId: 'auditoria', campos: ['auditoria.acessos'], operacao: 'Auditoria' }),
      ]);
    });

    it('shows a read under seal to the auditor, with its seal and the end as it was decided', async () => {
      const referencia = 'FRAUDE-1';
      const seal = { finalidade: 'PREVENCAO_FRAUDE', sigilo_referencia: referencia };
      await add(ana, { ...seal, data_hora: '2026-11-20T12:00:00Z', sigilo_ate: '2027-03-01T03:00:00Z' });
      await add(ana, { ...seal, data_hora: '2026-11-22T12:00:00Z', sigilo_ate: '2027-04-01T03:00:00Z' });
      const decidedAt = new Date('2026-11-21T12:00:00Z');
      const endsAt = new Date('2027-06-01T03:00:00Z');
      const decider = { clientId: 'encarregado', sujeito: 'maria', finalidade: 'PREVENCAO_FRAUDE' } as const;
      await storeDecision(audit.bases.auditoria.owner, { clientId: 'loja', referencia, decidedAt, endsAt }, decider);
      expect(rowsOf(await audit.run(['--cpf', ana, ...NOVEMBER, ...NDJSON]))).toMatchObject([
        { sigiloReferencia: referencia, sigiloAte: '2027-03-01T03:00:00.000Z', fimDoSigilo: '2027-06-01T03:00:00.000Z' },
        { sigiloReferencia: referencia, sigiloAte: '2027-04-01T03:00:00.000Z', fimDoSigilo: '2027-04-01T03:00:00.000Z' },
      ]);
    }); // prettier-ignore

    it('combines with a client, a purpose and a period, by the days of São Paulo', async () => {
      await add(ana, { operacao: 'A', data_hora: '2026-11-01T02:59:59.999Z' });
      await add(ana, { operacao: 'B', data_hora: '2026-11-01T03:00:00Z' });
      await add(ana, { operacao: 'C', data_hora: '2026-11-02T02:59:59.999Z' });
      await add(ana, { operacao: 'D', data_hora: '2026-11-02T03:00:00Z' });
      await add(ana, { operacao: 'E', data_hora: '2026-11-01T12:00:00Z', client_id: 'banco' });
      await add(ana, { operacao: 'F', data_hora: '2026-11-01T12:00:00Z', finalidade: 'COBRANCA' });
      const day = ['--from', '2026-11-01', '--to', '2026-11-01', ...NDJSON];
      const asked = async (...args: string[]) =>
        rowsOf(await audit.run([...args, ...day])).map((row) => row['operacao']);
      expect((await asked('--cpf', ana)).toSorted()).toEqual(['B', 'C', 'E', 'F']);
      expect(await asked('--cpf', ana, '--client', 'banco')).toEqual(['E']);
      expect(await asked('--cpf', ana, '--client', 'loja', '--purpose', 'VENDA_A_PRAZO')).toEqual(['B', 'C']);
    });
  });

  describe('about a client or a purpose', () => {
    it('shows each page the oldest first, with no record twice or left out at its edge, and has one record of each person', async () => {
      // 2,400 records of three people, 800 at each of three instants: the edge of a page lies between equal instants.
      await audit.bases.auditoria.owner.query(
        `INSERT INTO acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, pelo_titular, resultado, data_hora, interacao, operacao, servico)
         SELECT gen_random_uuid(), lpad((n % 3)::text, 32, 'a'), 'loja', 'atendente', '{nome}', 'COBRANCA', false, 'ATENDIDO',
                timestamptz '2026-11-10T12:00:00Z' + (n / 800) * interval '1 second', gen_random_uuid(), 'Divida', 'router'
         FROM generate_series(0, 2399) n`,
      );
      await add(bia, { client_id: 'banco' });
      for (const args of [
        ['--client', 'loja'],
        ['--purpose', 'COBRANCA'],
        ['--client', 'loja', '--purpose', 'COBRANCA'],
      ]) {
        const rows = rowsOf(await audit.run([...args, ...NOVEMBER, ...NDJSON]));
        expect(rows).toHaveLength(2_400);
        expect(new Set(rows.map((row) => row['interacao'])).size).toBe(2_400);
        const instants = rows.map((row) => String(row['dataHora']));
        expect(instants).toEqual(instants.toSorted());
      }
      const [a0, a1, a2] = ['0', '1', '2'].map((digit) => digit.padStart(32, 'a'));
      expect(await questionsAbout()).toEqual([a0, a0, a0, a1, a1, a1, a2, a2, a2]);
    });

    it.each([
      ['a client', ['--client', 'loja', ...NOVEMBER]],
      ['an incident', ['--incident', '2026-11-01..2026-11-30']],
    ])('writes down that %s was asked about in the list of each person, where a record of theirs has the CPF', async (_case, args) => {
      const markPerson = personMarker(Buffer.from(audit.environment.env['CPF_HASH_KEY']!, 'base64url'));
      const cpf_cifrado = Buffer.from(markPerson(ana).cpfCifrado!, 'hex');
      await add(ana, { cpf_cifrado });
      await add(ana);
      await add(bia);
      await audit.run([...args, ...NDJSON]);
      const asked = (await audit.questions()).map((row) => [row['cpf_hash'], row['cpf_cifrado']]);
      expect(new Map(asked as [string, Buffer | null][])).toEqual(
        new Map([
          [audit.cpfHash(ana), cpf_cifrado],
          [audit.cpfHash(bia), null],
        ]),
      );
    }); // prettier-ignore

    it('never shows the records that it writes itself', async () => {
      await audit.run(['--cpf', ana]);
      const rows = rowsOf(await audit.run(['--client', 'auditoria', ...NDJSON]));
      expect(rows).toHaveLength(1);
    });

    it('gives a spreadsheet texts and no formulas, whatever a client is called', async () => {
      await add(ana, { client_id: HOSTILE });
      const { stdout } = await audit.run(['--purpose', 'VENDA_A_PRAZO', ...NOVEMBER, '--format', 'csv']);
      expect(stdout.split('\r\n')[1]).toContain(`,"'=cmd|'/C calc'!A0 ""x"",y",atendente,`);
      expect((await audit.run(['--client', HOSTILE, ...NOVEMBER, ...NDJSON])).stdout).toContain(
        JSON.stringify(HOSTILE),
      );
    });
  });

  describe('about an incident', () => {
    it('lists everybody about whom something was answered, with what and by whom', async () => {
      await add(ana, { data_hora: '2026-11-10T03:00:00Z', campos: ['nome', 'cpf'] });
      await add(ana, {
        data_hora: '2026-11-12T02:59:59.999Z',
        campos: ['nome', 'score.valor'],
        client_id: 'banco',
        resultado: 'PARCIAL',
      });
      await add(ana, { data_hora: '2026-11-12T03:00:00Z', campos: ['dividas.nodes'] });
      await add(bia, { data_hora: '2026-11-11T12:00:00Z', client_id: 'banco' });
      await add(bia, { data_hora: '2026-11-11T12:00:00Z', resultado: 'NEGADO', campos: [] });
      await audit.add({
        cpf_hash: 'c'.padEnd(32, 'c'),
        data_hora: '2026-11-11T12:00:00Z',
        resultado: 'FALHA',
        campos: [],
      });
      await audit.add({
        cpf_hash: 'd'.padEnd(32, 'd'),
        data_hora: '2026-11-11T12:00:00Z',
        servico: 'auditoria',
        client_id: 'auditoria',
      });
      const ofAna = {
        pessoa: audit.cpfHash(ana),
        acessos: 2,
        primeiro: '2026-11-10T03:00:00.000Z',
        ultimo: '2026-11-12T02:59:59.999Z',
        campos: ['cpf', 'nome', 'score.valor'],
        clientes: ['banco', 'loja'],
        emSigilo: 0,
      };
      const incident = ['--incident', '2026-11-10..2026-11-11', ...NDJSON];
      const answer = await audit.run(incident);
      expect(rowsOf(answer)).toHaveLength(2);
      expect(rowsOf(answer)).toEqual(
        expect.arrayContaining([ofAna, expect.objectContaining({ pessoa: audit.cpfHash(bia), acessos: 1 })]),
      );
      expect(answer.stderr).toBe('2 people\n');
      expect(await questionsAbout()).toEqual([...[ana, bia].map(audit.cpfHash), 'd'.padEnd(32, 'd')].toSorted());
      expect(rowsOf(await audit.run([...incident, '--client', 'loja']))).toEqual([
        { ...ofAna, acessos: 1, ultimo: '2026-11-10T03:00:00.000Z', campos: ['cpf', 'nome'], clientes: ['loja'] },
      ]);
      expect(rowsOf(await audit.run([...incident, '--client', 'auditoria']))).toHaveLength(1);
    });

    it('says how many of the reads are under seal: these must not be told', async () => {
      const days = (count: number): string => new Date(Date.now() + count * 86_400_000).toISOString();
      const seal = { finalidade: 'PREVENCAO_FRAUDE', data_hora: days(-1), sigilo_referencia: 'FRAUDE-1' };
      await add(ana, { data_hora: days(-1) });
      await add(ana, { ...seal, sigilo_ate: days(30) });
      await add(ana, { ...seal, sigilo_ate: days(-0.5) });
      const [person] = rowsOf(await audit.run(['--incident', `${days(-2)}..${days(0)}`, ...NDJSON]));
      expect(person).toMatchObject({ pessoa: audit.cpfHash(ana), acessos: 3, emSigilo: 1 });
    });

    it('has everybody once, over many pages', async () => {
      await audit.bases.auditoria.owner.query(
        `INSERT INTO acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, pelo_titular, resultado, data_hora, interacao, operacao, servico)
         SELECT gen_random_uuid(), md5((n / 2)::text), 'loja', 'atendente', '{nome}', 'COBRANCA', false, 'ATENDIDO',
                timestamptz '2026-11-10T12:00:00Z', gen_random_uuid(), 'Divida', 'router'
         FROM generate_series(0, 4999) n`,
      );
      const people = rowsOf(await audit.run(['--incident', '2026-11-10..2026-11-10', ...NDJSON]));
      expect(new Set(people.map((row) => row['pessoa'])).size).toBe(2_500);
      expect(people).toHaveLength(2_500);
      expect(people.every((row) => row['acessos'] === 2)).toBe(true);
      expect(await audit.questions()).toHaveLength(2_500);
    });
  });

  describe('the place in the log', () => {
    it('is a column when the role may read it, and only then', async () => {
      await add(ana);
      await add(ana);
      const { owner } = audit.bases.auditoria;
      await owner.query(`UPDATE transparency.tree SET size = 42, root = sha256('c')`);
      await owner.query(
        `INSERT INTO transparency.leaf (place, acesso_id, nonce, entry)
         SELECT 41, id, sha256('a'), sha256('b') FROM acesso ORDER BY data_hora, id LIMIT 1`,
      );
      const before = await audit.run(['--client', 'loja', ...NOVEMBER, ...NDJSON]);
      expect(rowsOf(before).some((row) => 'indice' in row)).toBe(false);
      expect(before.stderr).toMatch(
        /^without the column indice: the role of AUDIT_READER_URL may not read transparency\.leaf\n/,
      );
      const reader = new URL(audit.bases.auditoria.readerUrl).username;
      await owner.query(`GRANT USAGE ON SCHEMA transparency TO ${reader}`);
      await owner.query(`GRANT SELECT (place, acesso_id) ON transparency.leaf TO ${reader}`);
      const after = await audit.run(['--client', 'loja', ...NOVEMBER, ...NDJSON]);
      expect(rowsOf(after).map((row) => row['indice'])).toEqual([41, null]);
      expect(after.stderr).toBe('2 records\n');
    });
  });
});
