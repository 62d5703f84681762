import { readNumeroProcesso } from '../src/processo.ts';

describe('The number of a lawsuit', () => {
  // The same number in both forms.
  it.each([
    ['0001327-64.2018.8.26.0158', '0001327-64.2018.8.26.0158'],
    ['00013276420188260158', '0001327-64.2018.8.26.0158'],
  ])('is read with and without punctuation: %s', (input, number) => {
    expect(readNumeroProcesso(input)).toBe(number);
  });

  it('is refused when a digit is wrong, or two neighbouring digits are exchanged', () => {
    const good = '00013276420188260158';
    for (let at = 0; at < good.length; at++) {
      for (let digit = 0; digit < 10; digit++) {
        if (String(digit) === good[at]) continue;
        expect(readNumeroProcesso(good.slice(0, at) + digit + good.slice(at + 1))).toBeUndefined();
      }
      const exchanged = good.slice(0, at) + (good[at + 1] ?? '') + good[at] + good.slice(at + 2);
      if (exchanged !== good) expect(readNumeroProcesso(exchanged)).toBeUndefined();
    }
  });

  it.each([
    '',
    ' ',
    '1',
    '0001-22',
    '0001327-64.2018.8.26.158',
    '0001327-64.2018.8.26.0158 ',
    ' 0001327-64.2018.8.26.0158',
    '0001327.64.2018.8.26.0158',
    '0001327-64-2018-8-26-0158',
    '０００１３２７-64.2018.8.26.0158',
    '0001327-64.2018.8.26.0158\n',
    '00000000000000000000',
    '0000000-97.0000.0.00.0000',
    undefined,
    null,
    13276420188260158,
    ['0001327-64.2018.8.26.0158'],
  ])('is refused in any other form: %j', (input) => {
    expect(readNumeroProcesso(input)).toBeUndefined();
  });
});
