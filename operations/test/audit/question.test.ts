import { Readable } from 'node:stream';
import { fixedClock } from '@pessoa/domain/data';
import { UsageError } from '@pessoa/service/processes/command-line';
import { type Question, readQuestion } from '../../src/audit/question.ts';

const CPF = '52998224725';
const clock = fixedClock('2026-11-30T15:00:00Z');
const read = (args: readonly string[], input = ''): Promise<Question> => readQuestion(args, Readable.from([input]), clock); // prettier-ignore
const periodOf = async (...args: string[]): Promise<string[]> => {
  const { from, until } = (await read(['--client', 'loja', ...args])).period;
  return [from, until].map((instant) => instant.toISOString());
};

describe('The question of an auditor', () => {
  it.each([
    ['plain', ['--cpf', CPF], ''],
    ['with its points', ['--cpf', '529.982.247-25'], ''],
    ['from standard input', ['--cpf', '-'], `${CPF}\n`],
  ])('takes a CPF %s', async (_, args, input) => {
    expect(await read(args, input)).toMatchObject({ asks: 'records', cpf: CPF, format: 'table' });
  });

  it.each([
    ['with a wrong digit', '52998224726', ''],
    ['that is empty', '', ''],
    ['that is not in standard input', '-', '\n'],
  ])('refuses a CPF %s: CPF_INVALIDO', async (_, cpf, input) => {
    await expect(read(['--cpf', cpf], input)).rejects.toMatchObject({ code: 'CPF_INVALIDO' });
  });

  it('is about the last six months, in days of São Paulo', async () => {
    expect(await periodOf()).toEqual(['2026-05-30T03:00:00.000Z', '2026-11-30T15:00:00.000Z']);
    // February has no 31st: from the day after.
    expect(await periodOf('--to', '2026-08-31')).toEqual(['2026-03-01T03:00:00.000Z', '2026-09-01T03:00:00.000Z']);
  });

  it('counts the last day whole, by São Paulo’s midnight, in the summer time of 2018 too', async () => {
    expect(await periodOf('--from', '2026-11-01', '--to', '2026-11-01')).toEqual([
      '2026-11-01T03:00:00.000Z',
      '2026-11-02T03:00:00.000Z',
    ]);
    expect(await periodOf('--from', '2018-12-01', '--to', '2018-12-01')).toEqual([
      '2018-12-01T02:00:00.000Z',
      '2018-12-02T02:00:00.000Z',
    ]);
  });

  it('takes instants with an offset, the last of which does not count', async () => {
    expect(await periodOf('--from', '2026-11-01T10:00-03:00', '--to', '2026-11-01T14:30:00.5Z')).toEqual([
      '2026-11-01T13:00:00.000Z',
      '2026-11-01T14:30:00.500Z',
    ]);
  });

  it('ends now at the latest: it never finds its own records', async () => {
    expect((await periodOf('--to', '2027-12-31'))[1]).toBe('2026-11-30T15:00:00.000Z');
    expect((await read(['--incident', '2026-11-30..2026-11-30'])).period.until).toEqual(clock.now());
  });

  it('about an incident is about people, of one client if it is named', async () => {
    expect(await read(['--incident', '2026-11-01..2026-11-02', '--client', 'loja', '--format', 'csv'])).toEqual({
      asks: 'people',
      cpf: undefined,
      clientId: 'loja',
      finalidade: undefined,
      period: { from: new Date('2026-11-01T03:00:00Z'), until: new Date('2026-11-03T03:00:00Z') },
      format: 'csv',
    });
  });

  it.each<[string, string[], RegExp]>([
    ['nothing', [], /^name --cpf, --client, --purpose or --incident$/],
    ['a period alone', ['--from', '2026-11-01'], /^name --cpf/],
    ['an unknown purpose', ['--purpose', 'CURIOSIDADE'], /^--purpose: FINALIDADE is one of CONCESSAO_CREDITO, /],
    ['an unknown form', ['--client', 'loja', '--format', 'xml'], /^--format: NAME is one of table, csv, ndjson$/],
    ['of two clients', ['--client', 'loja', '--client', 'banco'], /^--client is named twice$/],
    ['an empty client', ['--client', ''], /^--client is empty$/],
    ['a day that does not exist', ['--client', 'loja', '--from', '2026-02-30'], /^--from: a day is AAAA-MM-DD/],
    ['an instant without an offset', ['--client', 'loja', '--to', '2026-11-01T10:00:00'], /^--to: a day is/],
    ['an instant of no day', ['--client', 'loja', '--to', '2026-02-30T10:00:00Z'], /^--to: a day is/],
    ['an hour that does not exist', ['--client', 'loja', '--to', '2026-11-01T25:00:00Z'], /^--to: a day is/],
    ['a day before 2000', ['--client', 'loja', '--from', '0001-01-01'], /^--from: a day is/],
    ['an end before its beginning', ['--client', 'loja', '--from', '2026-11-02', '--to', '2026-11-01'], /^--from begins neither/],
    ['a period to come', ['--client', 'loja', '--from', '2026-12-01'], /^--from begins neither/],
    ['an incident without an end', ['--incident', '2026-11-01'], /^--incident is FROM\.\.TO$/],
    ['an incident with three ends', ['--incident', '2026-11-01..2026-11-02..2026-11-03'], /^--incident is FROM/],
    ['an incident of no day', ['--incident', 'ontem..hoje'], /^--incident: a day is/],
    ['an incident of one person', ['--incident', '2026-11-01..2026-11-02', '--cpf', CPF], /^--incident goes with/],
    ['an incident and a period', ['--incident', '2026-11-01..2026-11-02', '--to', '2026-11-02'], /^--incident goes with/],
  ])('is refused when it is %s', async (_, args, message) => {
    const error = await read(args).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
  }); // prettier-ignore
});
