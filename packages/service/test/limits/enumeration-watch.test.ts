import { cpfFromBase } from '@pessoa/domain/cpf';
import { type PassingTime, passingTime } from '@pessoa/testkit/passing-time';
import { type EnumerationCounts, enumerationWatch } from '../../src/limits/enumeration-watch.ts';

const cpfs = (from: number, count: number, step = 1) =>
  Array.from({ length: count }, (_, index) => cpfFromBase(String(from + index * step)));

interface Notice {
  readonly client: string;
  readonly interaction: string;
  readonly sign: string;
  readonly counts: EnumerationCounts;
}

describe('A client that tries out CPFs', () => {
  let time: PassingTime;
  let notices: Notice[];
  const watchFrom = (threshold: number | undefined) =>
    enumerationWatch(threshold, (client, interaction, sign, counts) => void notices.push({ client, interaction, sign, counts })); // prettier-ignore
  beforeEach(() => {
    time = passingTime();
    notices = [];
  });
  afterEach(() => time.restore());

  it('is noticed by consecutive CPFs, in any order and over several requests', () => {
    const watch = watchFrom(5);
    const asked = cpfs(200_000_000, 6).reverse();
    asked.slice(0, 5).forEach((cpf, index) => watch.noteAsked('a', `i${index}`, [cpf]));
    expect(notices).toEqual([]);
    watch.noteAsked('a', 'i5', asked.slice(5));
    expect(notices).toEqual([{ client: 'a', interaction: 'i5', sign: 'consecutivos', counts: { consecutivos: 5, desconhecidos: 0, invalidos: 0 } }]); // prettier-ignore
  });

  it('is not noticed by CPFs that do not follow one another, or by the same ones again', () => {
    const watch = watchFrom(5);
    watch.noteAsked('a', 'i', cpfs(200_000_000, 1_000, 7));
    for (let count = 0; count < 100; count++) watch.noteAsked('a', 'i', cpfs(300_000_000, 2));
    expect(notices).toEqual([]);
  });

  it('is noticed by unknown CPFs, and by requests with an invalid one, once in a window', () => {
    const watch = watchFrom(5);
    watch.noteUnknown('a', 'i', 4);
    for (let count = 0; count < 4; count++) watch.noteInvalid('a', 'i');
    expect(notices).toEqual([]);
    watch.noteUnknown('a', 'x', 3);
    for (let count = 0; count < 100; count++) watch.noteInvalid('a', 'i');
    expect(notices.map(({ sign, interaction }) => [sign, interaction])).toEqual([['desconhecidos', 'x']]);
    time.pass(60_001);
    for (let count = 0; count < 4; count++) watch.noteInvalid('a', 'i');
    expect(notices).toHaveLength(1);
    watch.noteInvalid('a', 'y');
    expect(notices.at(-1)).toMatchObject({ sign: 'invalidos', interaction: 'y', counts: { desconhecidos: 0 } });
  });

  it('is counted apart from other clients', () => {
    const watch = watchFrom(5);
    watch.noteUnknown('a', 'i', 4);
    watch.noteUnknown('b', 'i', 4);
    expect(notices).toEqual([]);
  });

  it('is not watched without a threshold', () => {
    const watch = watchFrom(undefined);
    watch.noteUnknown('a', 'i', 10_000);
    watch.noteAsked('a', 'i', cpfs(200_000_000, 1_000));
    expect(notices).toEqual([]);
  });
});
