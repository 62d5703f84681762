import { personalDataIn, type PersonalData } from '../../src/logs/personal-data.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const jwt = `eyJhbGciOiJFUzI1NiJ9.${Buffer.from('{"sub":"ana-souza"}').toString('base64url')}.c2lnbmF0dXJlLW9mLWl0`;

describe('The scan of logs finds', () => {
  it.each<[PersonalData, string]>([
    ['CPF', '52998224725'],
    ['CPF', 'no person 529.982.247-25'],
    ['CPF', 'p52998224725'],
    ['CPF', 'cpf_52998224725_x'],
    ['CPF', '529 982 247 25'],
    ['CPF', '529\u00a0982\u00a0247\u00a025'],
    ['CPF', '5-2-9-9-8-2-2-4-7-2-5'],
    ['CPF', '/divida/529%2E982%2E247%2D25'],
    ['CPF', '%35%32998224725'],
    ['CPF', '%2535%2532998224725'],
    ['CPF', '\\u00352998224725'],
    ['CPF', '\\\\u00352998224725'],
    ['CPF', '５２９９８２２４７２５'],
    ['CPF', '٥٢٩٩٨٢٢٤٧٢٥'],
    ['CPF', '𝟓𝟐𝟗𝟗𝟖𝟐𝟐𝟒𝟕𝟐𝟓'],
    ['CPF', base64('52998224725')],
    ['CPF', `x=${base64('{"cpf":"52998224725"}')}`],
    ['name', 'Bruno Fictício'],
    ['name', 'BRUNO FICTICIO'],
    ['name', 'Ana Ficti\u0301cia'],
    ['name', base64('Bruno Ficticio')],
    ['address', 'Rua das Amostras, 10'],
    ['token', `Bearer ${jwt}`],
    ['token', `authorization=${jwt}`],
    ['password', 'postgres://leitor:segredo@base-a/base_a'],
    ['password', 'redis://:segredo@cache:6379'],
  ])('a %s in %j', (kind, text) => {
    expect([...personalDataIn(text)]).toEqual([kind]);
  });

  it.each([
    '52998224724',
    '2026-11-28T19:51:54.123Z',
    '127.0.0.1:45123',
    '529982247250',
    'a3f2504e-4f89-41d3-9a0c-0305e82c3302',
    '0bd177a7-69e1-4894-9911-9458550dd43f', // 991.194.585-50 is a CPF
    '10a9e3e721bd80724263039eebb4a34b', // 807.242.630-39 is a CPF
    '(anônima) 31d75014624022c5', // 750.146.240-22 is a CPF
    'pessoas 10a9e3e721bd80724263039eebb4a34b10a9e3e721bd80724263039eebb4a34b',
    'postgres://base-a:5432/base_a',
    'https://exemplo.invalid/a:b@c',
    'Reading fictitious people',
    'router.transport.exchange.ts',
    '[CPF] [TOKEN] [DSN]base-a',
  ])('nothing in %j', (text) => {
    expect([...personalDataIn(text)]).toEqual([]);
  });
});
