import { cpfFromBase } from '@pessoa/domain/cpf';
import { peopleOfParameters, peopleOfText } from '../../src/audit-reads/people-of-statement.ts';
import { csv } from './log-text.ts';

const [ana, bia, caio] = [cpfFromBase('529982247'), cpfFromBase('111444777'), cpfFromBase('000000001')];
const punctuated = (cpf: string): string => cpf.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4');

describe('the people of a statement', () => {
  it.each<[string, string[], string[]]>([
    ['a text', [ana], [ana]],
    ['a text with punctuation', [punctuated(ana)], [ana]],
    ['an array', [`{${ana},${caio}}`], [ana, caio]],
    ['an array of one', [`{${bia}}`], [bia]],
    ['an array with quotes and NULL', [`{"${ana}",NULL,"${bia} "}`], [ana, bia]],
    ['an array of arrays', [`{{${ana},${bia}},{${caio},NULL}}`], [ana, bia, caio]],
    ['several parameters', ['2026-11-20', `{${ana}}`, '', bia, `{${ana}}`], [ana, bia]],
    ['no CPF', ['{}', '11111111111', '52998224724', '5299822472', '', 'a,"b"\nc'], []],
    ['one within JSON, which no service of ours binds', [`{"cpf": "${ana}", "x": 1}x`], []],
  ])('are those of its parameters: %s', (_, values, expected) => {
    expect([...peopleOfParameters(csv(...values))!]).toEqual(expected);
  });

  it('are none without parameters, and unknown when they cannot be read', () => {
    expect(peopleOfParameters('<none>')).toEqual(new Set());
    expect(peopleOfParameters('"a')).toBe(undefined);
  });

  it('are those in its text: as a text, a number or with punctuation, and never a part of a longer number', () => {
    expect([...peopleOfText(`WHERE cpf IN ('${ana}', ${bia}, '${punctuated(caio)}') AND x <> $1`)]).toEqual([ana, bia, caio]); // prettier-ignore
    expect(peopleOfText(`WHERE id = '1${ana}' OR id = '${ana}0' OR x = 0.${bia} OR y = '52998224724'`)).toEqual(new Set()); // prettier-ignore
  });
});
