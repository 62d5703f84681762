import type { Cpf } from '@pessoa/domain/cpf';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type AuditUnderQuestion, type Finished, openAuditUnderQuestion, rowsOf } from '../audit/audit-under-question.ts'; // prettier-ignore
import { auditMessage, csvLine, type EntryOfTest, jsonLine, type LineOfTest, type LogFolder, openLogFolder } from './log-text.ts'; // prettier-ignore

const nextCpf = cpfSequence(519_000_000);

describe('npm run audit:reads', () => {
  let audit: AuditUnderQuestion;
  let folder: LogFolder;
  let ana: Cpf;
  let bia: Cpf;
  beforeAll(async () => {
    audit = await openAuditUnderQuestion('audit-reads');
    folder = await openLogFolder();
  });
  afterAll(async () => {
    await folder.remove();
    await audit.close();
  });
  beforeEach(() => void ([ana, bia] = [nextCpf(), nextCpf()]));

  const add = (cpf: Cpf, acesso: Record<string, unknown> = {}) =>
    audit.add({ cpf_hash: audit.cpfHash(cpf), ...acesso });
  const read = (people: readonly Cpf[], entry: EntryOfTest = {}): string =>
    auditMessage({ values: [`{${people.join(',')}}`], ...entry });
  const byHand = (entry: EntryOfTest): string => auditMessage({ text: 'SELECT * FROM pessoa', ...entry });
  /** A log whose lines are of one session, one after the other. */
  const csvLog = (...lines: LineOfTest[]): string =>
    lines.map((line, index) => csvLine({ sessionLine: index + 1, ...line })).join('');

  async function check(text: string, ...args: string[]): Promise<Finished> {
    const file = await folder.write('base.csv', text);
    const finished = await audit.run([file, '--base', 'a', '--format', 'ndjson', ...args]);
    for (const cpf of [ana, bia]) expect(finished.stdout + finished.stderr).not.toContain(cpf);
    return finished;
  }
  const questionsAbout = async (cpf: Cpf): Promise<number> =>
    (await audit.questions()).filter((row) => row['cpf_hash'] === audit.cpfHash(cpf)).length;

  it('finds nothing when each person whom a service bound has a record, one that was not answered too', async () => {
    await add(ana, { data_hora: '2026-11-20T12:00:00.030Z' });
    await add(bia, { data_hora: '2026-11-20T12:00:01Z', resultado: 'FALHA', campos: [] });
    const log = csvLog({ message: read([ana, bia]) }, { message: read([ana], { statement: 2, values: [ana, '11'] }) });
    expect(await check(log)).toEqual({ code: 0, stdout: '', stderr: '0 reads around the API\n' });
    expect(await questionsAbout(ana)).toBe(0);
  });

  it('finds the record of a read under seal, and says no more of it than of another', async () => {
    const seal = { finalidade: 'PREVENCAO_FRAUDE', sigilo_referencia: 'FRAUDE-1', sigilo_ate: '2027-11-01T03:00:00Z' };
    await add(ana, seal);
    expect(await check(csvLog({ message: read([ana]) }))).toEqual({
      code: 0,
      stdout: '',
      stderr: '0 reads around the API\n',
    });
  });

  it('reports a read without a record by its role, instant, kind and keyed hash, and writes that down', async () => {
    await add(ana);
    const answer = await check(csvLog({ message: read([ana, bia]) }));
    expect(answer).toMatchObject({ code: 1, stderr: '1 reads around the API\n' });
    expect(rowsOf(answer)).toEqual([
      {
        dataHora: '2026-11-20T12:00:00.000Z',
        base: 'base_a',
        papel: 'base_a_reader',
        achado: 'SEM_REGISTRO',
        comando: 'SELECT',
        tabela: 'public.pessoa',
        sessao: '6924a001.1f:1',
        pessoa: audit.cpfHash(bia),
      },
    ]);
    expect([await questionsAbout(ana), await questionsAbout(bia)]).toEqual([0, 1]);
  });

  it.each([
    ['10 s before', '2026-11-20T11:59:50.000Z', 0],
    ['10 s after', '2026-11-20T12:00:10.000Z', 0],
    ['more than 10 s before', '2026-11-20T11:59:49.999Z', 1],
    ['more than 10 s after', '2026-11-20T12:00:10.001Z', 1],
  ])('takes a record %s', async (_, data_hora, code) => {
    await add(ana, { data_hora });
    expect(await check(csvLog({ message: read([ana]) }))).toMatchObject({ code });
    expect(await check(csvLog({ message: read([ana]) }), '--window', '11')).toMatchObject({ code: 0 });
  });

  it.each(['auditoria', 'extracao'])('does not take a record of %s for one of a service', async (servico) => {
    await add(ana, { servico });
    expect(rowsOf(await check(csvLog({ message: read([ana]) })))).toHaveLength(1);
  });

  it('does not take a refused request for a read', async () => {
    await add(ana, { resultado: 'NEGADO', campos: [] });
    expect(rowsOf(await check(csvLog({ message: read([ana]) })))).toHaveLength(1);
  });

  it('finds nothing again in the same log: its own record of the first time does not hide the read', async () => {
    const text = (instant: string): string => csvLog({ instant, sessionStart: instant, message: read([ana]) });
    const soon = new Date(Date.now() - 2_000).toISOString().replace('T', ' ').replace('Z', ' UTC');
    for (const times of [1, 2]) {
      expect(rowsOf(await check(text(soon), '--window', '1'))).toHaveLength(1);
      expect(await questionsAbout(ana)).toBe(times);
    }
  });

  it.each<[string, LineOfTest, EntryOfTest, string, boolean]>([
    ['a scan', {}, {}, 'SEM_CPF', false],
    ['a scan with another parameter', {}, { values: ['REGULAR'] }, 'SEM_CPF', false],
    ['a count with a condition', {}, { text: `SELECT count(*) AS "rows" FROM public.pessoa WHERE nome LIKE 'A%'` }, 'SEM_CPF', false],
    ['a count of a view', {}, { text: 'SELECT count(*) AS "rows" FROM "pg_temp"."v"' }, 'SEM_CPF', false],
    ['a count of another schema', {}, { text: 'SELECT count(*) AS "rows" FROM outra.pessoa' }, 'SEM_CPF', false],
    ['a cursor', {}, { command: 'DECLARE CURSOR' }, 'SEM_CPF', false],
    ['a CPF in the text', {}, { text: 'SELECT * FROM pessoa WHERE cpf = $CPF' }, 'CPF_NO_TEXTO', true],
    ['an owner', { role: 'base_a_owner' }, {}, 'OUTRO_PAPEL', false],
    ['an owner that changes what it reads', { role: 'base_a_owner' }, { statementClass: 'WRITE', command: 'UPDATE' }, 'OUTRO_PAPEL', false],
    ['an owner with a parameter', { role: 'base_a_owner' }, { values: ['$CPF'] }, 'OUTRO_PAPEL', true],
    ['whoever switches pgaudit off, in any database', { role: 'postgres', database: 'postgres' }, { statementClass: 'MISC', command: 'SET', relation: '', text: "SET pgaudit.log = 'none'" }, 'REGISTRO_ALTERADO', false],
  ])('reports a read by hand, whoever has a record: %s', async (_, line, entry, achado, hasPerson) => {
    await add(ana);
    const filled = JSON.parse(JSON.stringify(entry).replaceAll('$CPF', ana)) as EntryOfTest;
    const answer = await check(csvLog({ message: read([ana]) }, { ...line, session: 'b.1', sessionLine: 1, message: byHand(filled) })); // prettier-ignore
    expect(rowsOf(answer)).toEqual([
      expect.objectContaining({ papel: line.role ?? 'base_a_reader', achado, pessoa: hasPerson ? audit.cpfHash(ana) : null }),
    ]);
    expect(answer.code).toBe(1);
  }); // prettier-ignore

  it('reports a count of a view that has the name of a table, in whichever order pgaudit names both', async () => {
    await add(ana);
    const text = 'SELECT count(*) AS "rows" FROM "pg_temp_3"."pessoa"';
    const [view, table] = ['pg_temp_3.pessoa', 'public.pessoa'].map((relation) => byHand({ statement: 2, text, relation })); // prettier-ignore
    for (const messages of [
      [view!, table!],
      [table!, view!],
    ]) {
      const log = csvLog(...[read([ana]), ...messages].map((message) => ({ message })));
      expect(rowsOf(await check(log))).toEqual([expect.objectContaining({ achado: 'SEM_CPF', tabela: 'public.pessoa' })]); // prettier-ignore
    }
  });

  const ddl = (text: string, command = text.split(' ', 2).join(' ')): string =>
    auditMessage({ statementClass: 'DDL', command, relation: '', text });

  it.each([
    'ALTER TABLE pessoa RENAME TO x; SELECT * FROM x; ALTER TABLE x RENAME TO pessoa',
    'ALTER TABLE x RENAME TO "pessoa"',
    'ALTER INDEX pessoa RENAME TO x',
    'ALTER TABLE U&"pesso\\0061" RENAME TO x',
    'ALTER TABLE public.Pessoa\n  SET /* */ SCHEMA arquivo',
    'ALTER SCHEMA public RENAME TO x',
    'ALTER TABLE pessoa ATTACH PARTITION x DEFAULT',
    'ALTER TABLE pessoa DETACH PARTITION x',
    'CREATE TABLE x PARTITION OF pessoa DEFAULT',
    'CREATE TABLE x () INHERITS (pessoa)',
    'ALTER TABLE x NO INHERIT pessoa',
    'CREATE VIEW x AS SELECT * FROM pessoa',
    'CREATE RULE x AS ON INSERT TO y DO ALSO SELECT * FROM pessoa',
  ])('reports what may hide a read behind another name, whoever did it: %s', async (text) => {
    await add(ana);
    for (const role of ['base_a_owner', 'base_a_reader']) {
      const log = csvLog({ message: read([ana]) }, { role, session: 'b.1', sessionLine: 1, message: ddl(text) });
      const answer = await check(log);
      expect(rowsOf(answer)).toEqual([expect.objectContaining({ papel: role, achado: 'ESQUEMA_ALTERADO', tabela: '', pessoa: null })]); // prettier-ignore
      expect(answer.code).toBe(1);
    }
  });

  it('does not report other changes of a schema, nor the migrations of a role in --bulk', async () => {
    await add(ana);
    const owner: LineOfTest = { role: 'base_a_owner', session: 'b.1' };
    const log = csvLog(
      { message: read([ana]) },
      { ...owner, sessionLine: 1, message: ddl('ALTER TABLE credor RENAME TO credora') },
      { ...owner, sessionLine: 2, message: ddl('CREATE INDEX x ON pessoa (nome)') },
      { ...owner, sessionLine: 3, message: ddl('ALTER TABLE pessoa ADD COLUMN apelido text') },
    );
    expect(await check(log)).toMatchObject({ code: 0, stdout: '' });
    const migration = csvLine({ ...owner, sessionLine: 4, message: ddl('ALTER TABLE pessoa RENAME TO x') });
    expect(await check(log + migration, '--bulk', 'base_a_owner')).toEqual({
      code: 0,
      stdout: '',
      stderr: '1 statements of base_a_owner were not compared\n0 reads around the API\n',
    });
  });

  it('counts a statement once, though pgaudit has a line for each of its tables', async () => {
    const other: LineOfTest = { session: 'b.1', message: read([bia]) };
    const log = csvLog(
      { message: read([ana]) },
      { ...other, sessionLine: 1 },
      { sessionLine: 2, message: read([ana], { relation: 'public.divida' }) },
      { ...other, sessionLine: 2, message: read([bia], { relation: 'public.divida' }) },
    );
    expect(rowsOf(await check(log)).map((row) => row['pessoa'])).toEqual([ana, bia].map(audit.cpfHash));
  });

  it('leaves out what reads nobody: other databases, tables without people, inserts, counts of all rows, other lines', async () => {
    const log = csvLog(
      { database: 'outra', message: byHand({}) },
      { message: byHand({ relation: 'public.credor', text: 'SELECT * FROM credor' }) },
      { message: byHand({ relation: 'pg_catalog.pg_class', text: "SELECT FROM pg_class WHERE relname = 'pessoa'" }) },
      { message: byHand({ relation: '', text: 'SELECT 1' }) },
      { message: byHand({ relation: '', command: 'PREPARE', text: 'PREPARE p AS SELECT * FROM pessoa' }) },
      { role: 'base_a_owner', message: byHand({ statementClass: 'WRITE', command: 'INSERT' }) },
      { message: byHand({ text: 'SELECT count(*) AS "rows" FROM public.pessoa' }) },
      { message: byHand({ statement: 2, text: 'SELECT count(*) AS "rows" FROM "public"."pessoa"' }) },
      { message: `duration: 12 ms  statement: SELECT * FROM pessoa WHERE cpf = '${ana}'` },
    );
    expect(await check(log)).toMatchObject({ code: 0, stdout: '' });
  });

  it('does not compare roles that read without naming people, and says how many statements that were', async () => {
    const log = csvLog(
      { message: auditMessage({ relation: 'public.credor' }) },
      { role: 'copia', message: byHand({}) },
      { role: 'copia', message: byHand({ statement: 2 }) },
    );
    expect(await check(log, '--bulk', 'copia')).toEqual({
      code: 0,
      stdout: '',
      stderr: '2 statements of copia were not compared\n0 reads around the API\n',
    });
  });

  it('also counts tables that only the owner of the base knows, such as those behind a view', async () => {
    const message = byHand({ relation: 'cadastro."Clientes"', text: 'SELECT * FROM cadastro."Clientes"' });
    expect(await check(csvLog({ message }))).toMatchObject({ code: 0 });
    expect(rowsOf(await check(csvLog({ message }), '--table', 'cadastro.Clientes'))).toHaveLength(1);
  });

  it('reads jsonlog, several files, more reads than a page, and other names', async () => {
    const people = Array.from({ length: 60 }, () => nextCpf());
    const lines = Array.from({ length: 20 }, (_, index) => jsonLine({ role: 'leitor', database: 'bureau', sessionLine: index + 1, message: read(people, { statement: index + 1 }) })); // prettier-ignore
    const first = await folder.write('a.json', lines.slice(0, 10).join(''));
    const second = await folder.write('b.json', lines.slice(10).join(''));
    const args = ['--base', 'a', '--database', 'bureau', '--reader', 'leitor', '--format', 'csv'];
    const answer = await audit.run([first, second, ...args]);
    expect(answer).toMatchObject({ code: 1, stderr: '1200 reads around the API\n' });
    const [heading, ...rows] = answer.stdout.trimEnd().split('\r\n');
    expect(heading).toBe('dataHora,base,papel,achado,comando,tabela,sessao,pessoa');
    expect(rows).toHaveLength(1_200);
  });

  it('looks at the period that is named', async () => {
    const log = csvLog(
      { instant: '2026-11-20 11:00:00 UTC', sessionStart: '2026-11-20 11:00:00 UTC', message: read([ana]) },
      { instant: '2026-11-20 12:00:00 UTC', message: read([bia], { statement: 2 }) },
    );
    const answer = await check(log, '--from', '2026-11-20T12:00:00Z');
    expect(rowsOf(answer).map((row) => row['pessoa'])).toEqual([audit.cpfHash(bia)]);
    expect(await check(log, '--to', '2026-11-20T11:00:00Z', '--from', '2026-11-20T10:59:00Z')).toMatchObject({
      code: 1, // the log begins later
      stdout: '',
    });
  });

  describe('says why the log proves nothing, and ends with exit code 1', () => {
    beforeEach(() => add(ana));
    it.each<[string, () => string, string[], RegExp]>([
      ['no line', () => '', [], /^the log is empty$/m],
      ['a beginning after --from', () => csvLog({ message: read([ana]) }), ['--from', '2026-11-20T11:00:00Z'], /^the log begins at 2026-11-20T12:00:00\.000Z, after --from/m],
      ['an end before --to', () => csvLog({ message: read([ana]) }), ['--to', '2026-11-20T13:00:00Z'], /^the log ends at 2026-11-20T12:00:00\.000Z, before the end/m],
      ['lines of a session missing', () => csvLog({ message: read([ana]) }, { sessionLine: 3, message: 'x' }), [], /^lines are missing in 1 places, first before base\.csv:3:/m],
      ['files in another order', () => csvLog({ sessionLine: 2, message: read([ana]) }, { sessionLine: 1, message: 'x' }), [], /^lines are missing in 1 places/m],
      ['the first lines of a session missing', () => csvLog({ message: read([ana]) }, { session: 'b.1', sessionLine: 2, sessionStart: '2026-11-20 12:00:01 UTC', message: 'x' }), [], /^lines are missing in 1 places/m],
      ['settings changed', () => csvLog({ message: read([ana]) }, { role: '', message: 'parameter "pgaudit.log" changed to "none"' }), [], /^settings of the log changed 1 times, first at base\.csv:3: reads may be missing$/m],
      ['no relations, and names of tables in texts', () => csvLog({ message: read([ana], { relation: '' }) }), [], /^1 statements name a table and no relation, first at base\.csv:1: is pgaudit\.log_relation off\?/m],
      ['no pgaudit', () => csvLog({ message: 'x' }), [], /^pgaudit wrote nothing about base_a_reader: it is not loaded/m],
      ['another name of the role', () => csvLog({ message: read([ana]) }), ['--reader', 'leitor', '--reader', 'base_a_reader'], /^pgaudit wrote nothing about leitor: /m],
    ])('%s', async (_, text, args, message) => {
      const answer = await check(text(), ...args);
      expect({ code: answer.code, stdout: answer.stdout }).toEqual({ code: 1, stdout: '' });
      expect(answer.stderr).toMatch(message);
    }); // prettier-ignore

    it.each<[string, EntryOfTest, RegExp]>([
      ['parameters', { parameters: '<not logged>' }, /^base\.csv:1: pgaudit\.log_parameter or pgaudit\.log_statement is off: /m],
      ['statements', { text: '<not logged>' }, /^base\.csv:1: pgaudit\.log_parameter or pgaudit\.log_statement is off: /m],
      ['statements that change a schema', { statementClass: 'DDL', command: 'ALTER TABLE', relation: '', text: '<not logged>' }, /^base\.csv:1: pgaudit\.log_parameter or pgaudit\.log_statement is off: /m],
      ['each statement once', { text: '<previously logged>' }, /^base\.csv:1: pgaudit\.log_statement_once is on: /m],
      ['short parameters only', { parameters: '1,<long param suppressed>' }, /^base\.csv:1: pgaudit\.log_parameter_max_size is set: /m],
    ])('a log with settings that lack something: %s', async (_, entry, message) => {
      const answer = await check(csvLog({ message: auditMessage(entry) }));
      expect(answer).toMatchObject({ code: 1, stdout: '' });
      expect(answer.stderr).toMatch(/^the report is not whole: it ended after 0 reads$/m);
      expect(answer.stderr).toMatch(message);
    }); // prettier-ignore

    it('a line that is garbled, after what was found before it', async () => {
      const many = Array.from({ length: 501 }, (_, index) => ({ message: read([bia], { statement: index + 1 }) }));
      const answer = await check(`${csvLog(...many)}"x\n`);
      expect(rowsOf(answer)).toHaveLength(500);
      expect(answer.stderr).toMatch(/^the report is not whole: it ended after 500 reads\nbase\.csv:1003: the file ends within a line$/m); // prettier-ignore
    });
  });

  it('begins with a session that was open before the log, and forgets none', async () => {
    await add(ana);
    expect(await check(csvLog({ sessionLine: 812, message: read([ana]) }, { sessionLine: 813, message: 'x' }))).toMatchObject({ code: 0 }); // prettier-ignore
  });

  it.each([
    [['--base', 'a'], 'name at least one LOG'],
    [['x.csv'], '--base is required'],
    [['x.csv', '--base', 'd'], '--base: BASE is one of a, b, c'],
    [['x.csv', '--base', 'a', '--window', '0'], '--window is a whole number of seconds from 1 to 300'],
    [['x.csv', '--base', 'a', '--window', '301'], '--window is a whole number of seconds from 1 to 300'],
    [['x.csv', '--base', 'a', '--bulk', 'base_a_reader'], 'base_a_reader is both --reader and --bulk'],
    [['x.csv', '--base', 'a', '--from', '2026-11-02', '--to', '2026-11-01'], '--from begins not before its end'],
  ])('is refused with its usage: %j', async (args, message) => {
    const { code, stdout, stderr } = await audit.run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('usage: npm run --silent audit:reads');
  });

  it('is refused without the scope auditoria:read, and nothing is read', async () => {
    const file = await folder.write('base.csv', csvLog({ message: read([bia]) }));
    const AUDIT_TOKEN = await audit.environment.token({ scope: 'score:read' });
    const { code, stdout, stderr } = await audit.run([file, '--base', 'a'], { AUDIT_TOKEN });
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'AUDIT_TOKEN lacks the scope auditoria:read\n' }); // prettier-ignore
    expect(await questionsAbout(bia)).toBe(0);
  });

  it('tells nothing about a person when the audit cannot keep that it was asked', async () => {
    const file = await folder.write('base.csv', csvLog({ message: read([bia]) }));
    const lock = await audit.bases.auditoria.owner.connect();
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE acesso IN SHARE MODE');
    try {
      const refused = await audit.run([file, '--base', 'a'], { AUDIT_TIMEOUT_MILLIS: '300' });
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/^the audit cannot be written, so nothing more is shown: /m);
    } finally {
      await lock.query('ROLLBACK');
      lock.release();
    }
  });
});
