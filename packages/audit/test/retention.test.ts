import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import fc from 'fast-check';
import { firstKeptDay, pastTermOf } from '../src/retention.ts';

describe('The first day that is kept', () => {
  it.each([
    ['2026-11-30T10:00:00Z', 6, '2026-05-30'],
    ['2026-08-31T23:59:59.999Z', 6, '2026-02-28'],
    ['2024-02-29T00:00:00Z', 180, '2009-02-28'],
    ['2026-01-15T00:00:00Z', 13, '2024-12-15'],
  ])('at %s, with a term of %d months, is %s', (instant, months, day) => {
    expect(firstKeptDay(new Date(instant), months)).toBe(day);
  });

  describe('in PostgreSQL', () => {
    let bases: TestBases;
    beforeAll(async () => void (bases = await openTestBases()));
    afterAll(() => bases.drop());

    it('is the same', async () => {
      const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
      const instants = fc.sample(day, { numRuns: 500, seed: 1 });
      const { rows } = await bases.auditoria.owner.query<{ six: string; authorisations: string }>(
        `SELECT to_char((at::timestamptz AT TIME ZONE 'UTC')::date - interval '6 months', 'YYYY-MM-DD') AS six,
                to_char((at::timestamptz AT TIME ZONE 'UTC')::date - interval '15 years', 'YYYY-MM-DD') AS authorisations
         FROM unnest($1::text[]) WITH ORDINALITY AS instants (at, number) ORDER BY number`,
        [instants.map((instant) => instant.toISOString())],
      );
      for (const [index, instant] of instants.entries())
        expect({ six: firstKeptDay(instant, 6), authorisations: firstKeptDay(instant, 180) }).toEqual(rows[index]);
    });
  });
});

describe('The record of an erasure', () => {
  const erasure = {
    servico: 'auditoria',
    operacao: 'Eliminacao',
    resultado: 'ATENDIDO',
    campos: ['CONSULTA', '2026-05-30'],
    dataHora: new Date('2026-11-30T10:00:00Z'),
  };

  it('says what it erases', () => {
    expect(pastTermOf(erasure)).toEqual({ retentionClass: 'CONSULTA', before: '2026-05-30' });
  });

  it.each([
    ['of another process', { servico: 'router' }],
    ['of another operation', { operacao: 'Auditoria' }],
    ['of one that failed', { resultado: 'FALHA' }],
    ['of a class that is none', { campos: ['TUDO', '2010-01-01'] }],
    ['of a day before the least term has ended', { campos: ['CONSULTA', '2026-05-31'] }],
    ['of authorisations that are younger than fifteen years', { campos: ['AUTORIZACAO', '2011-12-01'] }],
    ['of a day that is none', { campos: ['CONSULTA', '2026-5-3'] }],
    ['without a day', { campos: ['CONSULTA'] }],
    ['with more than both', { campos: ['CONSULTA', '2026-05-30', 'x'] }],
  ])('is none %s', (_title, difference) => {
    expect(pastTermOf({ ...erasure, ...difference })).toBeUndefined();
  });
});
