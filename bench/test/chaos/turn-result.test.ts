import type { Outcome } from '../../src/chaos/classes.ts';
import { EVERYTHING, NO_ANSWER, routes } from '../../src/chaos/permitted-losses.ts';
import { plotOf } from '../../src/chaos/plot.ts';
import { byPart, isGood, markdownOf, totalsOf } from '../../src/chaos/report.ts';
import { evaluateTurn } from '../../src/chaos/turn-result.ts';
import { questionNames, questionOf } from '../../src/chaos/questions.ts';

const times = { startedAt: 0, faultAt: 6_000, faultEndedAt: 18_000, endedAt: 40_000 };
const whole: Outcome = { whole: EVERYTHING, sentAt: 1_000, millis: 10, status: 200, losses: [], wrong: [] };
const lostScore = (sentAt: number, code = 'FONTE_LENTA'): Outcome => ({
  ...whole,
  sentAt,
  losses: [{ field: 'score', code }],
});
const failed = (sentAt: number, route: string, code = 'FONTE_LENTA'): Outcome => ({
  ...whole,
  ...{ sentAt, whole: route, status: code === NO_ANSWER ? 0 : 503, losses: [{ field: route, code }] },
});
const evaluate = (...outcomes: Outcome[]) => evaluateTurn({ part: 'base-b', fault: 'stop' }, times, outcomes);

describe('A turn in which Base B is stopped', () => {
  it('may cost scores while it is stopped and for 15 s after, but not before and not later', () => {
    const { counts } = evaluate(whole, lostScore(1_000), lostScore(7_000), lostScore(32_000), lostScore(34_000));
    expect(counts).toEqual({ whole: 1, partial: 2, unexpected: 2, failed: 0, wrong: 0 });
  });

  it('permits a request that was under way when it stopped', () => {
    expect(evaluate({ ...lostScore(5_900), millis: 200 }).counts.partial).toBe(1);
  });

  it('does not permit another field or another code', () => {
    const other = { ...whole, sentAt: 7_000, losses: [{ field: 'nome', code: 'FONTE_LENTA' }] };
    const result = evaluate(other, lostScore(7_000, 'INTERNAL_SERVER_ERROR'));
    expect(result.counts.unexpected).toBe(2);
    expect([...result.faultsFound.keys()]).toEqual(['nome (FONTE_LENTA)', 'score (INTERNAL_SERVER_ERROR)']);
  });

  it('counts failures of its own route apart from failures outside', () => {
    const result = evaluate(failed(7_000, routes.score), failed(7_000, routes.divida), { ...whole, sentAt: 7_000 });
    expect(result).toMatchObject({ outside: 2, outsideFailures: 1 });
    expect(evaluate(failed(7_000, routes.score, NO_ANSWER))).toMatchObject({ outside: 1, outsideFailures: 1 });
  });

  it('has recovered when the last answer that was not whole has come', () => {
    expect(evaluate(lostScore(7_000), { ...lostScore(20_000), millis: 500 }).recoveryMillis).toBe(2_500);
    expect(evaluate(lostScore(7_000), whole).recoveryMillis).toBe(0);
  });

  it('is wrong with one wrong value, whatever else is lost, and names no place of a list', () => {
    const result = evaluate({ ...lostScore(7_000), wrong: ['pessoas.3.dividas.nodes.0.valorOriginal'] });
    expect(result.counts.wrong).toBe(1);
    expect([...result.faultsFound.keys()]).toEqual(['wrong: pessoas.dividas.nodes.valorOriginal']);
    expect(isGood(totalsOf([result]))).toBe(false);
  });
});

it('A run is good without wrong answers and with at least 99.5 % answered outside', () => {
  const fine = Array.from({ length: 199 }, () => whole);
  expect(isGood(totalsOf([evaluate(...fine, failed(1_000, routes.divida))]))).toBe(true);
  expect(isGood(totalsOf([evaluate(...fine.slice(1), failed(1_000, routes.divida))]))).toBe(false);
});

it('A report has the turns of one part beside each other', () => {
  const of = (part: 'redis' | 'base-a', fault: 'stop' | 'slow') => evaluateTurn({ part, fault }, times, [whole]);
  const sorted = byPart([of('redis', 'slow'), of('base-a', 'slow'), of('redis', 'stop')]);
  expect(sorted.map(({ part, fault }) => `${part} ${fault}`)).toEqual(['base-a slow', 'redis stop', 'redis slow']);
});

it('Table and plot have a line for each turn', () => {
  const results = [evaluate(whole, { ...whole, sentAt: 7_000 }), evaluate(whole)];
  expect(markdownOf(results).trim().split('\n')).toHaveLength(4);
  expect(plotOf(results).match(/base-b, stop/g)).toHaveLength(2);
  expect(plotOf(results)).not.toContain('NaN');
});

it('Each person gets each question', () => {
  const pairs = new Set(Array.from({ length: 1_000 }, (_, number) => Object.values(questionOf(number, 100)).join(' ')));
  expect(pairs.size).toBe(100 * questionNames.length);
});
