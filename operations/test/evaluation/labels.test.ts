import { readLabels, parseLabels } from '../../src/evaluation/labels.ts';

const [ANA, BIA] = ['99999900100', '99999900291'];
const file = (...lines: string[]): string => ['cpf,inadimplente', ...lines].join('\n');
const codeOf = (text: string): [string, string] => {
  try {
    parseLabels(text);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return [code, message];
  }
  throw new Error('the labels were taken');
};

describe('A file of labels', () => {
  it('has a person a line, with or without the punctuation of the CPF', () => {
    const expected = [
      { cpf: ANA, inadimplente: true },
      { cpf: BIA, inadimplente: false },
    ];
    expect(parseLabels(file(`${ANA},1`, '999.999.002-91, 0 ', ''))).toEqual(expected);
    expect(parseLabels(`\uFEFFCPF;Inadimplente\r\n${ANA};1\r\n${BIA};0\r\n`)).toEqual(expected);
  });

  it.each([
    ['', 'ARQUIVO_VAZIO'],
    ['cpf,inadimplente\n', 'ARQUIVO_VAZIO'],
    [`${ANA},1`, 'CABECALHO_INVALIDO'],
    ['inadimplente,cpf\n', 'CABECALHO_INVALIDO'],
    [file(ANA), 'LINHA_INVALIDA'],
    [file(`${ANA},1,0`), 'LINHA_INVALIDA'],
    [file(`${ANA},1`, '', `${BIA},0`), 'LINHA_INVALIDA'],
    [file('99999900101,1'), 'CPF_INVALIDO'],
    [file('11111111111,1'), 'CPF_INVALIDO'],
    [file(`"${ANA}",1`), 'CPF_INVALIDO'],
    [file(`${ANA},1`, `${ANA},1`), 'CPF_REPETIDO'],
    [file(`${ANA},`), 'ROTULO_INVALIDO'],
    [file(`${ANA},true`), 'ROTULO_INVALIDO'],
    [file(`${ANA},2`), 'ROTULO_INVALIDO'],
  ])('%j is refused with %s, and without a value of it', (text, code) => {
    const [found, message] = codeOf(text);
    expect(found).toBe(code);
    expect(message).not.toMatch(/\d{11}/);
  });

  it('is refused with the numbers of its bad lines, ten of them at most', () => {
    const [code, message] = codeOf(file(`${ANA},1`, 'x,1', `${BIA},9`, ...Array<string>(20).fill('y,0')));
    expect(code).toBe('CPF_INVALIDO');
    expect(message).toContain('line 3 CPF_INVALIDO, line 4 ROTULO_INVALIDO, line 5 CPF_INVALIDO');
    expect(message).toMatch(/, and 12 more$/);
  });

  it('that cannot be read is said to be so, without its path', async () => {
    await expect(readLabels('/no/such/file.csv')).rejects.toMatchObject({
      code: 'ARQUIVO_ILEGIVEL',
      message: 'ARQUIVO_ILEGIVEL: a file of labels cannot be read (ENOENT)',
    });
  });
});
