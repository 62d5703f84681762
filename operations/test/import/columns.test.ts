import {
  booleanColumn,
  cnpjColumn,
  codeColumn,
  cpfColumn,
  dayColumn,
  amountColumn,
  enumColumn,
  lastFourColumn,
  instantColumn,
  integerColumn,
  signedAmountColumn,
  textColumn,
  cardSafeTextColumn,
} from '../../src/import/columns.ts';
import type { Column } from '../../src/import/columns.ts';

const uf = enumColumn('uf', 'UF');
const cep = codeColumn('cep', 'CEP', /^\d{8}$/, 'char(8)');

describe('a column', () => {
  it.each<[Column, string, string]>([
    [cpfColumn, '529.982.247-25', '52998224725'],
    [cnpjColumn('cnpj'), '12.ABC.345/01DE-35', '12ABC34501DE35'],
    [cnpjColumn('cnpj'), '12ABC34501DE35', '12ABC34501DE35'],
    [amountColumn('valor'), '0.00', '0.00'],
    [amountColumn('valor'), '999999999999999.99', '999999999999999.99'],
    [signedAmountColumn('saldo'), '-0.01', '-0.01'],
    [dayColumn('dia'), '2024-02-29', '2024-02-29'],
    [instantColumn('hora'), '2026-11-22T23:59:59.123456-03:00', '2026-11-22T23:59:59.123456-03:00'],
    [integerColumn('n', 1, 99), '99', '99'],
    [booleanColumn('b'), 'false', 'false'],
    [uf, 'SP', 'SP'],
    [cep, '01310100', '01310100'],
    [textColumn('t', 3), 'abc', 'abc'],
    [cardSafeTextColumn('t', 30), '12345678000195', '12345678000195'],
    [lastFourColumn('c'), '0042', '0042'],
  ])('%o takes %j', (column, text, value) => {
    expect(column.read(text)).toBe(value);
  });

  it.each<[string, Column, string]>([
    ['CPF_INVALIDO', cpfColumn, '52998224724'],
    ['CPF_INVALIDO', cpfColumn, '5299822472'],
    ['CPF_INVALIDO', cpfColumn, '52998224725 '],
    ['CNPJ_INVALIDO', cnpjColumn('cnpj'), '12ABC34501DE36'],
    ['CNPJ_INVALIDO', cnpjColumn('cnpj'), '12abc34501de35'],
    ['DINHEIRO_INVALIDO', amountColumn('valor'), '1.234,56'],
    ['DINHEIRO_INVALIDO', amountColumn('valor'), '12.5'],
    ['DINHEIRO_INVALIDO', amountColumn('valor'), '-1.00'],
    ['DINHEIRO_INVALIDO', amountColumn('valor'), '1234567890123456.00'],
    ['DINHEIRO_INVALIDO', signedAmountColumn('saldo'), '1e3'],
    ['DATA_INVALIDA', dayColumn('dia'), '2026-02-29'],
    ['DATA_INVALIDA', dayColumn('dia'), '22/11/2026'],
    ['INSTANTE_INVALIDO', instantColumn('hora'), '2026-11-22T10:00:00'],
    ['INSTANTE_INVALIDO', instantColumn('hora'), '2026-11-31T10:00:00Z'],
    ['INSTANTE_INVALIDO', instantColumn('hora'), '2026-11-22T24:00:00Z'],
    ['INTEIRO_INVALIDO', integerColumn('n', 1, 99), '0'],
    ['INTEIRO_INVALIDO', integerColumn('n', 1, 99), '1.0'],
    ['INTEIRO_INVALIDO', integerColumn('n', 1, 99), '0x1'],
    ['BOOLEANO_INVALIDO', booleanColumn('b'), 'sim'],
    ['ENUM_INVALIDO', uf, 'sp'],
    ['FORMATO_INVALIDO', cep, '01310-100'],
    ['FORMATO_INVALIDO', lastFourColumn('c'), '12345'],
    ['PAN_PROIBIDO', lastFourColumn('c'), '4111 1111 1111 1112'],
    ['PAN_PROIBIDO', cardSafeTextColumn('t', 30), 'loja 4111111111111111'],
    ['TEXTO_LONGO', textColumn('t', 3), 'abcd'],
  ])('refuses with %s: %o %j', (code, column, text) => {
    expect(column.read(text)).toEqual({ code });
  });
});
