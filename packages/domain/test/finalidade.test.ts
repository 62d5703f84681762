import { readFileSync } from 'node:fs';
import { finalidades, isFinalidade } from '../src/finalidade.ts';

const sdl = readFileSync(new URL('../../../schema/event.graphql', import.meta.url), 'utf8');

describe('The purposes', () => {
  it('are the values of the SDL’s enum Finalidade, in its order', () => {
    const [, values = ''] = /enum Finalidade \{([^}]*)\}/.exec(sdl) ?? [];
    expect(finalidades).toEqual(values.trim().split(/\s+/));
  });

  it('have one spelling', () => {
    expect(isFinalidade('CONCESSAO_CREDITO')).toBe(true);
    for (const value of [
      'concessao_credito',
      ' CONCESSAO_CREDITO',
      'MARKETING',
      '',
      undefined,
      null,
      1,
      ['COBRANCA'],
    ]) {
      expect(isFinalidade(value)).toBe(false);
    }
  });
});
