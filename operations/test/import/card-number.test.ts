import { hasCardNumber, maskCardNumbers, maskDigits } from '../../src/import/card-number.ts';

describe('card numbers in free text', () => {
  it.each([
    '4111111111111111',
    'compra 5555 5555 5555 4444 loja',
    '3782-822463-10005',
    '378282246310005.',
    '30569309025904',
  ])('finds the one in %j', (text) => expect(hasCardNumber(text)).toBe(true));

  it.each([
    ['the Luhn digit is wrong', '4111111111111112'],
    ['it is longer than any card number', '41111111111111114111'],
    ['no network gives out such numbers', '9111111111111111'],
    ['it is a CNPJ', '36490000000102'],
    ['it is a CPF', '52998224725'],
    ['the digits are not together', 'de 4111 1111 a 1111 1111'],
    ['there is none', 'Conta de luz 0800-123'],
  ])('finds none when %s', (_, text) => expect(hasCardNumber(text)).toBe(false));

  it('leaves the last four digits when it masks, and everything else as it was', () => {
    expect(maskCardNumbers('a,4111 1111 1111 1111,123456789012')).toBe('a,**** **** **** 1111,123456789012');
    expect(maskDigits('4111111111111112')).toBe('************1112');
  });
});
