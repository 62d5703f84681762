import { serviceSpecs } from '@pessoa/development/start/services';
import { faultsOf, parts } from '../../src/chaos/parts.ts';
import { allTurns, scheduleOf } from '../../src/chaos/schedule.ts';

const secondsOf = ({ beforeMillis, faultMillis, afterMillis }: ReturnType<typeof scheduleOf>): number =>
  (beforeMillis + faultMillis + afterMillis) / 1_000;
const names = (turns: ReturnType<typeof allTurns>): string[] => turns.map(({ part, fault }) => `${part} ${fault}`);

it('Every part has a turn with each of its faults, once', () => {
  const expected = parts.flatMap((part) => faultsOf[part].map((fault) => `${part} ${fault}`));
  expect(names(allTurns()).toSorted()).toEqual(expected.toSorted());
});

it('Every process of `npm start` is a part', () => {
  const processes = serviceSpecs({ ELASTICSEARCH_URL: 'http://127.0.0.1:9200' }).map(({ name }) => name);
  expect(processes).toHaveLength(6);
  expect(parts).toEqual(expect.arrayContaining(processes));
});

it('The first turns reach every part, with every fault', () => {
  const first = allTurns().slice(0, parts.length);
  expect(new Set(first.map(({ part }) => part)).size).toBe(parts.length);
  expect(new Set(first.map(({ fault }) => fault)).size).toBe(5);
});

it('Half an hour has all turns, and is over after half an hour', () => {
  const schedule = scheduleOf(30);
  expect(names([...schedule.turns])).toEqual(names(allTurns()));
  expect(schedule.turns.length * secondsOf(schedule)).toBeCloseTo(1_800, 0);
});

it('A short run has the first turns, none shorter than 24 s, and a long one begins again', () => {
  const short = scheduleOf(4);
  expect(names([...short.turns])).toEqual(names(allTurns().slice(0, 10)));
  expect(secondsOf(short)).toBe(24);
  const long = scheduleOf(120);
  expect(secondsOf(long)).toBe(60);
  expect(names([...long.turns]).slice(allTurns().length)[0]).toBe(names(allTurns())[0]);
  expect(scheduleOf(0.1).turns).toHaveLength(1);
});
