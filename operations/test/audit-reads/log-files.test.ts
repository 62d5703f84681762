import { auditEntryOf } from '../../src/audit-reads/audit-entry.ts';
import { logLines } from '../../src/audit-reads/log-files.ts';
import type { LogLine } from '../../src/audit-reads/log-line.ts';
import { auditMessage, csvLine, jsonLine, type LogFolder, openLogFolder } from './log-text.ts';

const TEXT = 'SELECT "a, ""b"""\n\tFROM public.pessoa -- "\r\n WHERE cpf = $1';

describe('the log of a base', () => {
  let folder: LogFolder;
  beforeAll(async () => void (folder = await openLogFolder()));
  afterAll(() => folder.remove());

  const linesOf = async (text: string | Uint8Array, name = 'base.csv'): Promise<LogLine[]> =>
    Array.fromAsync(logLines([await folder.write(name, text)]));

  it.each([
    ['csvlog', csvLine],
    ['jsonlog', jsonLine],
  ])('is read in the form %s, a statement of several lines with quotes included', async (_, lineOf) => {
    const message = auditMessage({ text: TEXT, values: ['{52998224725}', 'a"b'] });
    const lines = await linesOf(lineOf({ message }) + lineOf({ sessionLine: 2, role: '', database: '', message: 'x' }));
    expect(lines).toEqual([
      {
        place: 'base.csv:1',
        instant: new Date('2026-11-20T12:00:00Z'),
        role: 'base_a_reader',
        database: 'base_a',
        session: '6924a001.1f',
        sessionLine: 1,
        sessionStart: new Date('2026-11-20T11:59:00Z'),
        message,
      },
      expect.objectContaining({ role: '', database: '', sessionLine: 2, message: 'x' }),
    ]);
    expect(auditEntryOf(lines[0]!)).toEqual({
      statement: '1.1',
      statementClass: 'READ',
      command: 'SELECT',
      relation: 'public.pessoa',
      text: TEXT,
      parameters: '{52998224725},"a""b"',
    });
    expect(auditEntryOf(lines[1]!)).toBe(undefined);
  });

  it('is read across the parts in which a file comes, and numbers the lines of the file', async () => {
    const message = `ç${'€'.repeat(90_000)}\n`;
    const lines = await linesOf(Array.from({ length: 9 }, (_, index) => csvLine({ sessionLine: index + 1, message })).join('')); // prettier-ignore
    expect(lines.map(({ message: read }) => read === message)).toEqual(Array(9).fill(true));
    expect(lines.at(-1)!.place).toBe('base.csv:17');
  });

  it.each([
    ['2026-11-20 09:00:00.5 -03', '2026-11-20T12:00:00.500Z'],
    ['2026-11-20 12:00:00 GMT', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20 17:30:00.123 +0530', '2026-11-20T12:00:00.123Z'],
  ])('has the instant %s', async (instant, expected) => {
    expect((await linesOf(csvLine({ instant })))[0]!.instant.toISOString()).toBe(expected);
  });

  const [whole] = [csvLine()];
  const columns = (text: string, count: number): string => `${text.trimEnd().split(',').slice(0, count).join(',')}\n`;
  it.each<[string, string | Uint8Array, string]>([
    ['that ends within a line', `${whole}${whole.slice(0, -1)}`, 'base.csv:3: the file ends within a line'],
    ['that ends within a statement', whole + whole.slice(0, -80), 'base.csv:3: the file ends within a line'],
    ['whose beginning is lost', whole.slice(60) + whole, 'base.csv is neither a csvlog nor a jsonlog'],
    ['with a part of a line lost', whole + whole.slice(0, 30) + whole, 'base.csv:3 is cut, garbled'],
    ['with a quote lost', whole + whole.replace('"AUDIT', 'AUDIT') + whole, 'base.csv:3 is cut, garbled'],
    ['with the columns of PostgreSQL 13', columns(csvLine({ message: 'x' }), 24), 'base.csv:1 is cut, garbled'],
    ['with other columns', csvLine({ message: 'x' }).replace('LOG', 'LOG,1'), 'base.csv:1 is cut, garbled'],
    ['with a day that is none', csvLine({ instant: '2026-13-20 12:00:00 UTC' }), 'base.csv:1 is cut, garbled'],
    ['with a zone whose name is ambiguous', csvLine({ instant: '2026-11-20 12:00:00 EST' }), 'set log_timezone to UTC'],
    ['with a line number that is none', csvLine({ sessionLine: 0 }), 'base.csv:1 is cut, garbled'],
    ['with broken JSON', `${jsonLine()}{"timestamp":\n`, 'base.csv:2 is cut, garbled'],
    ['with JSON of another program', '{"level":30,"time":1}\n', 'base.csv:1 is cut, garbled'],
    ['of stderr', '2026-11-20 12:00:00.000 UTC [31] LOG:  AUDIT: SESSION\n', 'neither a csvlog nor a jsonlog'],
    ['that is no text', new Uint8Array([31, 139, 8, 0]), 'neither a csvlog nor a jsonlog'],
  ])('is refused: one %s', async (_, text, message) => {
    await expect(linesOf(text)).rejects.toThrow(message);
    await expect(linesOf(text)).rejects.not.toThrow('52998224725');
  });

  it('is refused when pgaudit wrote something else than it does', async () => {
    const [line] = await linesOf(csvLine({ message: 'AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.pessoa,"SELECT' }));
    expect(() => auditEntryOf(line!)).toThrow('base.csv:1 is cut, garbled');
  });

  it('cannot be read when its file is missing', async () => {
    await expect(Array.fromAsync(logLines(['/nowhere/base.csv']))).rejects.toThrow(/^base\.csv cannot be read: ENOENT/);
  });
});
