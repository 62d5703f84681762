import fc from 'fast-check';
import { wordsOf } from '../src/words.ts';

describe('The words of a text', () => {
  it.each([
    ['São João', ['sao', 'joao']],
    ['PIX ENVIADO', ['pix', 'enviado']],
    ['a/b', ['a', 'b']],
    ["d'avila", ['d', 'avila']],
    ['1.234,56', ['1', '234', '56']],
    ['conta_corrente', ['conta', 'corrente']],
    ['0800-123', ['0800', '123']],
    ['  duas   vezes ', ['duas', 'vezes']],
    ['a a', ['a', 'a']],
    ['Ação\u0301', ['acao']],
    ['cafe\u0301', ['cafe']],
    ['日本', []],
    ['!!!', []],
    ['', []],
  ])('of %j are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('are the same with and without accents, in upper and lower case, composed or decomposed', () => {
    const portuguese = fc.string({ unit: fc.constantFrom(...'aáàâãeéêiíoóôõuúüçb z.9-') });
    fc.assert(
      fc.property(portuguese, (text) => {
        const words = wordsOf(text);
        expect(wordsOf(text.toUpperCase())).toEqual(words);
        expect(wordsOf(text.normalize('NFD'))).toEqual(words);
        expect(wordsOf(text.normalize('NFD').replace(/\p{M}/gu, ''))).toEqual(words);
      }),
    );
  });

  it('have only a-z and 0-9, and stay the same when split again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = wordsOf(text);
        expect(words.every((word) => /^[a-z0-9]+$/.test(word))).toBe(true);
        expect(wordsOf(words.join(' '))).toEqual(words);
      }),
    );
  });
});
