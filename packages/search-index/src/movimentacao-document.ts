import { createHash } from 'node:crypto';
import { baseC } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { z } from 'zod';
import { indexedMoney } from './indexed-money.ts';

type Column = (typeof baseC.contract.movimentacao)[number];
type TextColumn = Exclude<Column, 'id' | 'data_hora' | 'palavras'>;

/** A row of Base C's `movimentacao` as node-postgres reads it, whatever an owner's columns allow. */
export interface MovimentacaoLinha extends Readonly<Record<TextColumn, string | null>> {
  readonly id: string;
  /** A number is one of PostgreSQL's infinities. */
  readonly data_hora: Date | number | null;
  readonly palavras: readonly (string | null)[] | null;
}

const text = z.string().optional();

/** A posting in the index; null is absence. Never the CPF. */
export const MovimentacaoDocument = z.object({
  cpfHash: z.string(),
  id: z.string(),
  /** Milliseconds since 1970. */
  dataHora: z.number().optional(),
  natureza: text,
  tipo: text,
  /** As text: a JSON number of JavaScript is exact to 90 trillion reais only, the column goes ten times as far. */
  valorCentavos: text,
  valorTexto: text,
  descricao: text,
  canal: text,
  instituicaoNome: text,
  instituicaoIspb: text,
  instituicaoCompe: text,
  situacao: text,
  contraparte: text,
  saldoAposCentavos: text,
  saldoAposTexto: text,
  palavras: z.array(z.string()).optional(),
  /** True in place of a posting that cannot be held: its person is searched in Base C. */
  ilegivel: z.boolean().optional(),
});
export type MovimentacaoDocument = z.infer<typeof MovimentacaoDocument>;

const DOCUMENT_ID_BYTES_MAX = 500; // Elasticsearch refuses one over 512

/** Where a row's document is: its id, or the id's SHA-256 when that is over 500 bytes. */
export const documentIdOf = (id: string): string =>
  Buffer.byteLength(id) <= DOCUMENT_ID_BYTES_MAX ? id : createHash('sha256').update(id).digest('hex');

/** A row with a value that is of no form that its column can have. */
export class UnreadableRow extends Error {}

export const hashOf = (cpf: string | null, cpfHash: CpfHash): string => cpfHash((cpf ?? '').trimEnd() as Cpf);

/** What marks the place of a posting that the index cannot hold. */
export const unreadableDocument = (id: string, cpfHash: string): MovimentacaoDocument => ({
  cpfHash,
  id,
  ilegivel: true,
});

/** The document of a row; of one that cannot be read the mark of its place, and why. */
export function documentToStore(
  linha: MovimentacaoLinha,
  cpfHash: CpfHash,
): { readonly document: MovimentacaoDocument; readonly motivo?: string } {
  try {
    return { document: documentOf(linha, cpfHash) };
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    const hash = hashOf(typeof linha.cpf === 'string' ? linha.cpf : null, cpfHash);
    return { document: unreadableDocument(linha.id, hash), motivo: error.message };
  }
}

/** @throws UnreadableRow: an instant that could not be read is in no period, and would look like none */
function millisOf(instant: Date | number | null): number | undefined {
  // What has no instant lies in no period, and every search has one.
  if (instant === null || typeof instant === 'number') return undefined;
  const millis: unknown = instant instanceof Date ? instant.getTime() : Number.NaN;
  if (Number.isNaN(millis)) throw new UnreadableRow('data_hora cannot be read');
  return millis as number;
}

const TEXTS = baseC.contract.movimentacao.filter((column) => column !== 'data_hora' && column !== 'palavras');

function assertTexts(linha: MovimentacaoLinha): void {
  for (const column of TEXTS) {
    const value: unknown = linha[column];
    if (typeof value !== 'string' && value !== null) throw new UnreadableRow(`${column} cannot be read`);
  }
}

/**
 * Everything the API shows of a row, as it is there: a value that Base C should not hold goes into the index too, so that
 * it is the same FONTE_INVALIDA from both.
 *
 * @throws UnreadableRow for a value that is of no form that its column can have
 */
export function documentOf(linha: MovimentacaoLinha, cpfHash: CpfHash): MovimentacaoDocument {
  assertTexts(linha);
  const valor = indexedMoney(linha.valor);
  const saldoApos = indexedMoney(linha.saldo_apos);
  return {
    cpfHash: hashOf(linha.cpf, cpfHash),
    id: linha.id,
    dataHora: millisOf(linha.data_hora),
    natureza: linha.natureza ?? undefined,
    tipo: linha.tipo ?? undefined,
    valorCentavos: valor.centavos,
    valorTexto: valor.texto,
    descricao: linha.descricao ?? undefined,
    canal: linha.canal ?? undefined,
    instituicaoNome: linha.instituicao_nome ?? undefined,
    instituicaoIspb: linha.instituicao_ispb ?? undefined,
    instituicaoCompe: linha.instituicao_compe ?? undefined,
    situacao: linha.situacao ?? undefined,
    contraparte: linha.contraparte ?? undefined,
    saldoAposCentavos: saldoApos.centavos,
    saldoAposTexto: saldoApos.texto,
    palavras: linha.palavras ? indexedWords(linha.palavras) : undefined,
  };
}

/** A document as one text, the same wherever it was: of a row now, or out of the index. */
export const documentText = (document: MovimentacaoDocument): string =>
  JSON.stringify(Object.keys(MovimentacaoDocument.shape).map((key) => document[key as keyof MovimentacaoDocument]));

/** A searched text has at most 200 letters, so of a longer word the first 201 tell all there is to find. */
const WORD_LETTERS_MAX = 201;

/** Up to here comparing each with those before it costs a fraction of a set. */
const FEW_WORDS = 16;

/** The words that Base C's search sees, which joins the list by spaces. */
function indexedWords(palavras: readonly (string | null)[]): string[] {
  const words: string[] = [];
  const add = (word: string): void => {
    if (word !== '') words.push(word);
  };
  if (!Array.isArray(palavras)) throw new UnreadableRow('palavras cannot be read');
  // A list of lists is one list to Base C's search.
  for (const palavra of palavras.some(Array.isArray) ? palavras.flat(Infinity) : palavras) {
    if (palavra === null) continue;
    if (typeof palavra !== 'string') throw new UnreadableRow('palavras cannot be read');
    if (palavra.includes(' ')) palavra.split(' ').forEach(add);
    else add(palavra);
  }
  const once = words.length <= FEW_WORDS ? words.filter((word, n) => words.indexOf(word) === n) : [...new Set(words)];
  return once.map((word) =>
    word.length <= WORD_LETTERS_MAX ? word : Array.from(word).slice(0, WORD_LETTERS_MAX).join(''),
  );
}
