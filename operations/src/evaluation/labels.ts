import { readFile } from 'node:fs/promises';
import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { EvaluationError } from './evaluation-error.ts';

/** A person and what became of them. */
export interface Label {
  readonly cpf: Cpf;
  readonly inadimplente: boolean;
}

/** What can be wrong with a line. The codes are stable. */
const faults = {
  CABECALHO_INVALIDO: 'the first line is `cpf,inadimplente`',
  LINHA_INVALIDA: 'a line has two fields, without quotes, separated by a comma or a semicolon',
  CPF_INVALIDO: 'the form or the check digits of a CPF are wrong',
  CPF_REPETIDO: 'a person has one line',
  ROTULO_INVALIDO: '`inadimplente` is 1 for somebody who defaulted and 0 for somebody who paid',
  ARQUIVO_VAZIO: 'the file has no line of a person',
} as const;

type Fault = keyof typeof faults;

/** A message names as many lines, at most. */
const LINES_MAX = 10;

/**
 * Reads labelled people: UTF-8, `cpf,inadimplente` and then a line for each person. One bad line stops the evaluation: a report without
 * some of the people would be about others, and nobody could tell.
 *
 * @throws EvaluationError with the code of the first bad line, and the numbers of others, never with a value
 */
export function parseLabels(text: string): Label[] {
  const [header = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .replace(/\s+$/, '')
    .split(/\r?\n/);
  if (header === '') throw new EvaluationError('ARQUIVO_VAZIO', faults.ARQUIVO_VAZIO);
  if (fieldsOf(header).join().toLowerCase() !== 'cpf,inadimplente')
    throw new EvaluationError('CABECALHO_INVALIDO', faults.CABECALHO_INVALIDO);
  if (lines.length === 0) throw new EvaluationError('ARQUIVO_VAZIO', faults.ARQUIVO_VAZIO);
  const known = new Set<string>();
  const labels: Label[] = [];
  const bad: { line: number; fault: Fault }[] = [];
  for (const [index, line] of lines.entries()) {
    const label = readLine(line, known);
    if (typeof label === 'string') bad.push({ line: index + 2, fault: label });
    else labels.push(label);
  }
  if (bad.length === 0) return labels;
  const { fault } = bad[0]!;
  const named = bad.slice(0, LINES_MAX).map((each) => `line ${each.line} ${each.fault}`);
  const rest = bad.length > LINES_MAX ? `, and ${bad.length - LINES_MAX} more` : '';
  throw new EvaluationError(fault, `${faults[fault]}. ${named.join(', ')}${rest}`);
}

function readLine(line: string, known: Set<string>): Label | Fault {
  const [cpfText = '', outcome = '', ...surplus] = fieldsOf(line);
  if (surplus.length > 0 || !/[;,]/.test(line)) return 'LINHA_INVALIDA';
  const cpf = readCpf(cpfText);
  if (!cpf) return 'CPF_INVALIDO';
  if (known.has(cpf)) return 'CPF_REPETIDO';
  if (outcome !== '0' && outcome !== '1') return 'ROTULO_INVALIDO';
  known.add(cpf);
  return { cpf, inadimplente: outcome === '1' };
}

const fieldsOf = (line: string): string[] => line.split(/[;,]/).map((field) => field.trim());

/** @throws EvaluationError ARQUIVO_ILEGIVEL when the file cannot be read, and as {@link parseLabels} does */
export async function readLabels(file: string): Promise<Label[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new EvaluationError('ARQUIVO_ILEGIVEL', `a file of labels cannot be read (${error.code ?? 'unknown'})`);
  });
  return parseLabels(text);
}
