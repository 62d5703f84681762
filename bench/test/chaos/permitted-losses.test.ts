import { faultsOf, parts, type Part } from '../../src/chaos/parts.ts';
import { EVERYTHING, NO_ANSWER, permits, permittedLosses, routes, STALE } from '../../src/chaos/permitted-losses.ts';

/** What docs/operations.md says in "What breaks when", in the words of this test. */
const lostWithout: Readonly<Record<Part, readonly string[]>> = {
  'base-a': ['nome', 'dividas', routes.divida],
  'base-b': ['score', routes.score],
  'base-c': ['eventos', routes.movimentacao],
  audit: [EVERYTHING, routes.divida, routes.score, routes.movimentacao, 'eventos.ultimaConsulta'],
  redis: [],
  elasticsearch: [],
  debt: ['nome', 'dividas', routes.divida],
  score: ['score', routes.score],
  event: ['eventos', routes.movimentacao],
  indexer: [],
  auditor: [],
  router: [EVERYTHING, ...Object.values(routes), 'nome', 'dividas', 'score', 'eventos'],
};
const everyField = [...new Set(Object.values(lostWithout).flat())];
const turns = parts.flatMap((part) => faultsOf[part].map((fault) => ({ part, fault })));

describe.each(turns)('$part, $fault', (turn) => {
  const permitted = permittedLosses(turn);
  const fieldsWith = (code: string): string[] => everyField.filter((field) => permits(permitted, { field, code }));

  it('may cost the fields of its source, as lost or late, and no others', () => {
    for (const code of ['FONTE_INDISPONIVEL', 'FONTE_LENTA'])
      expect(fieldsWith(code).toSorted()).toEqual(everyField.filter((field) => isBelow(field, turn.part)).toSorted());
  });

  it('never costs a field by a bug of ours, nor without a code', () => {
    for (const code of ['INTERNAL_SERVER_ERROR', 'no code', 'UNAUTHENTICATED']) expect(fieldsWith(code)).toEqual([]);
  });

  it('leaves a request without an answer only when it is the router', () => {
    expect(fieldsWith(NO_ANSWER).length > 0).toBe(turn.part === 'router');
  });

  it('is answered by copies only when it is Base B', () => {
    expect(fieldsWith(STALE)).toEqual(turn.part === 'base-b' ? lostWithout['base-b'] : []);
  });

  it('makes answers of a source unreadable only when it garbles them', () => {
    const isUnreadable = turn.fault === 'garble' && lostWithout[turn.part].length > 0;
    expect(fieldsWith('FONTE_INVALIDA').length > 0).toBe(isUnreadable);
  });
});

/** The loss of `eventos` is that of `eventos.ultimaConsulta` too. */
const isBelow = (field: string, part: Part): boolean =>
  lostWithout[part].some((permitted) => field === permitted || field.startsWith(`${permitted}.`));

it('a longer name is not below a shorter one', () => {
  const permitted = permittedLosses({ part: 'score', fault: 'stop' });
  expect(permits(permitted, { field: 'score.valor', code: 'FONTE_LENTA' })).toBe(true);
  expect(permits(permitted, { field: 'scores', code: 'FONTE_LENTA' })).toBe(false);
});
