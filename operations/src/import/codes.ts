/** Why a line was refused. Other programs read these codes from the refused file: codes may be added but not renamed. */
export const importCodes = {
  LINHA_MALFORMADA: 'not CSV or JSON, not UTF-8, or another number of columns than the header',
  CAMPO_OBRIGATORIO: 'a required column is empty',
  CPF_INVALIDO: 'form or check digits of a CPF',
  CNPJ_INVALIDO: 'form or check digits of a CNPJ',
  DINHEIRO_INVALIDO: 'not an amount such as `1234.56`, or negative where none may be',
  DATA_INVALIDA: 'not an existing day `AAAA-MM-DD`',
  INSTANTE_INVALIDO: 'not an RFC 3339 instant with `Z` or an offset, in the years 1 to 9999 of UTC',
  INTEIRO_INVALIDO: 'not a whole number in the range of the column',
  BOOLEANO_INVALIDO: 'neither `true` nor `false`',
  NOTACAO_CIENTIFICA:
    'a number that a spreadsheet has cut, such as `1,23457E+10`: its digits are not in the file any more',
  ENUM_INVALIDO: 'not one of the values of the enum',
  FORMATO_INVALIDO: 'a code with another form than the column has, such as a CEP without its eight digits',
  TEXTO_LONGO: 'longer than the column may be',
  TEXTO_DANIFICADO:
    'a text with a control or invisible character, with letters decoded twice (`SÃ£o`), or the error of a spreadsheet (`#N/D`)',
  PAN_PROIBIDO: 'looks like a complete card number; only the last four digits may be kept (PCI DSS)',
  ID_REPETIDO: 'the same key was earlier in this file with other content',
  PESSOA_DESCONHECIDA: 'the base does not know the CPF; import the people first',
} as const;

export type ImportCode = keyof typeof importCodes;
