import type { Mark } from '../../../src/person-page/browser/proven-reads.js';
import { placeWithheld } from '../../../src/person-page/browser/withheld-reads.js';

/** Shown reads by their numbers; undefined for one whose number is not known. */
const shown = (...numbers: (number | undefined)[]): Mark[] =>
  numbers.map((numero) => ({ state: numero === undefined ? 'DE_FORA' : 'PROVADA', ...(numero !== undefined && { record: { numero } }) })); // prettier-ignore
const withheld = (...numbers: number[]) => numbers.map((numero) => ({ numero, conteudo: 'EM_SIGILO' as const })); // prettier-ignore
const numbersOf = (marks: readonly Mark[]) => marks.map(({ number, record }) => number ?? record?.['numero']);

describe('Reads whose content is not shown', () => {
  it('stand between those that are, by their numbers', () => {
    const marks = placeWithheld(shown(9, 6, 5, 2), withheld(1, 3, 4, 7, 8, 10), true);
    expect(numbersOf(marks)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(marks[0]).toEqual({ state: 'EM_SIGILO', number: 10 });
  });

  it('stand before the next older read with a number, whatever others are between', () => {
    expect(numbersOf(placeWithheld(shown(undefined, 5, undefined, 3), withheld(4, 6), true))).toEqual([undefined, 6, 5, undefined, 4, 3]); // prettier-ignore
  });

  it('wait for the page of the list where they belong', () => {
    expect(numbersOf(placeWithheld(shown(9, 7), withheld(8, 5, 1), false))).toEqual([9, 8, 7]);
    expect(numbersOf(placeWithheld(shown(undefined), withheld(1), false))).toEqual([undefined]);
  });

  it('are not shown twice when their seal ended between the two answers', () => {
    expect(numbersOf(placeWithheld(shown(2, 1), withheld(2), true))).toEqual([2, 1]);
  });

  it('are all there is of a person whose every read is under seal', () => {
    expect(numbersOf(placeWithheld([], withheld(1, 2), true))).toEqual([2, 1]);
  });
});
