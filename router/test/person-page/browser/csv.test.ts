import { csvCell, toCsv } from '../../../src/person-page/browser/csv.js';
import { csvRows, rowsOf, sortRows } from '../../../src/person-page/browser/list-rows.js';

describe('The file for a spreadsheet', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+55 11', "'+55 11"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-cmd|x', "'-cmd|x"],
    ['\t=1', "\t'=1"],
    ['＝1', "'＝1"],
    ['－1＋1', "'－1＋1"],
    ['Silva,=1+1', "Silva,'=1+1"],
    ['Silva\t@A1', "Silva\t'@A1"],
    ['Silva; +A1', "Silva; '+A1"],
    ['Silva\r\n=A1', "Silva\r\n'=A1"],
    ['-33000,00', '-33000,00'],
    ['Ana - Zé', 'Ana - Zé'],
    ['duas\nlinhas', 'duas\nlinhas'],
    [12, '12'],
  ])('has %j as %j in quotes, which no spreadsheet runs', (value, cell) => {
    expect(csvCell(value)).toBe(`"${cell}"`);
  });

  it('doubles the quotes in a cell, and takes one for a place where a formula may begin', () => {
    expect(csvCell('Silva; "Zé"')).toBe('"Silva; ""Zé"""');
    expect(csvCell('Silva "=A1"')).toBe(`"Silva ""'=A1"""`);
  });

  it('begins with a byte order mark and ends its lines with CRLF', () => {
    expect(toCsv([['A', 'B'], [1, 'é']])).toBe('\uFEFF"A";"B"\r\n"1";"é"\r\n'); // prettier-ignore
  });
});

const person = (cpf: string, valor: number | null, nome: string | null = 'X') => ({
  cpf, nome, situacaoCadastral: null, resumoDividas: null, perfil: null,
  score: valor === null ? null : { valor, faixa: 'BOM', probabilidadeInadimplencia: '0.1000' },
}); // prettier-ignore

describe('The rows of the list', () => {
  it('say of each person what is missing, and of nobody else', () => {
    const down = { path: ['pessoas', 1, 'score'], extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'score' } };
    const denied = {
      path: ['pessoas', 'perfil'],
      extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO' },
    };
    const rows = rowsOf([person('1', 500), person('2', null)], [down, denied]);
    expect(rows.map(({ observacao }) => observacao)).toEqual(['Fora do seu acesso', 'Fonte fora do ar; Fora do seu acesso']); // prettier-ignore
    expect(rowsOf([person('3', null, null)], [])[0].observacao).toBe('Nada consta');
  });

  it('never say that nothing is known when the answer left errors out', () => {
    const down = { path: ['pessoas', 0, 'resumoDividas'], extensions: { code: 'FONTE_INDISPONIVEL' } };
    const perfil = { rendaMensal: '1.00', patrimonioLiquido: '1.00' };
    const known = { ...person('1', 500), situacaoCadastral: 'REGULAR', resumoDividas: { quantidade: 0, valorTotal: '0.00' }, perfil }; // prettier-ignore
    const people = [{ ...known, resumoDividas: null }, known, { ...known, resumoDividas: null }, { ...known, perfil: { ...perfil, rendaMensal: null } }, person('5', null, null)]; // prettier-ignore
    const may = 'Pode faltar informação: consulte de novo';
    expect(rowsOf(people, [down], 17).map(({ observacao }) => observacao)).toEqual(['Fonte fora do ar', '', may, may, may]); // prettier-ignore
  });

  it('say what an error without a place means for all of them', () => {
    expect(rowsOf([person('1', null, null)], [{}])[0].observacao).toBe('Não foi possível mostrar');
  });

  it('sort as numbers, with those that have none at the end in both directions', () => {
    const rows = rowsOf([person('1', null), person('2', 1000), person('3', 90)], []);
    expect(sortRows(rows, 'score', false).map(({ cpf }) => cpf)).toEqual(['3', '2', '1']);
    expect(sortRows(rows, 'score', true).map(({ cpf }) => cpf)).toEqual(['2', '3', '1']);
    expect(csvRows(rows)[0]).toHaveLength(csvRows(rows)[1]!.length);
  });
});
