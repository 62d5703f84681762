import { createHash } from 'node:crypto';
import { baseC } from '@pessoa/bases/base-c';
import type { Cpf } from '@pessoa/domain/cpf';
import type { CpfHash } from '@pessoa/domain/cpf-hash';
import { z } from 'zod';
import { indexedMoney } from './indexed-money.ts';

type Column = (typeof baseC.contract.movimentacao)[number];
type TextColumn = Exclude<Column, 'id' | 'data_hora' | 'palavras'>;

/**
 * A row of Base C's `movimentacao` as node-postgres reads it: text and numeric columns as text. A column of another type must be
 * converted where it is selected (`selectedColumns`). Columns may be null even where the contract forbids it.
 */
export interface MovimentacaoLinha extends Readonly<Record<TextColumn, string | null>> {
  readonly id: string;
  /** A number for an infinity of PostgreSQL. */
  readonly data_hora: Date | number | null;
  readonly palavras: readonly (string | null)[] | null;
}

const text = z.string().optional();

/** A posting in the index. A field without a value is absent. The document never has the CPF. */
export const MovimentacaoDocument = z.object({
  cpfHash: z.string(),
  id: z.string(),
  /** Milliseconds since 1970. */
  dataHora: z.number().optional(),
  natureza: text,
  tipo: text,
  /** As text: a JavaScript number is exact up to 90 trillion reais, and the column holds ten times as much. */
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
  /** True for the placeholder of a posting that the index cannot hold. Its person is searched in Base C. */
  ilegivel: z.boolean().optional(),
});
export type MovimentacaoDocument = z.infer<typeof MovimentacaoDocument>;

const DOCUMENT_ID_BYTES_MAX = 500; // Elasticsearch refuses ids over 512 bytes

/** Id of a row's document: the row's id, or its SHA-256 when the id has more than 500 bytes. */
export const documentIdOf = (id: string): string =>
  Buffer.byteLength(id) <= DOCUMENT_ID_BYTES_MAX ? id : createHash('sha256').update(id).digest('hex');

/** A row with a value whose type does not fit its column. */
export class UnreadableRow extends Error {}

export const hashOf = (cpf: string | null, cpfHash: CpfHash): string => cpfHash((cpf ?? '').trimEnd() as Cpf);

/** Placeholder document for a posting that the index cannot hold. */
export const unreadableDocument = (id: string, cpfHash: string): MovimentacaoDocument => ({
  cpfHash,
  id,
  ilegivel: true,
});

/** @returns the document of a row; for an unreadable row a placeholder, and the reason */
export function documentToStore(
  linha: MovimentacaoLinha,
  cpfHash: CpfHash,
): { readonly document: MovimentacaoDocument; readonly reason?: string } {
  try {
    return { document: documentOf(linha, cpfHash) };
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    const hash = hashOf(typeof linha.cpf === 'string' ? linha.cpf : null, cpfHash);
    return { document: unreadableDocument(linha.id, hash), reason: error.message };
  }
}

/** @throws UnreadableRow for an invalid Date. Without this error the posting would silently be outside every period */
function millisOf(instant: Date | number | null): number | undefined {
  // Every search has a period, and a posting without an instant is outside every period.
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
 * Converts a row to its document: everything that the API shows, unchanged. Values that break the contract of Base C go into the index
 * too, so that both lead to the same FONTE_INVALIDA.
 *
 * @throws UnreadableRow for a value whose type does not fit its column
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

/** Serializes a document for comparisons: equal documents give equal text, whether from a row or from the index. */
export const documentText = (document: MovimentacaoDocument): string =>
  JSON.stringify(Object.keys(MovimentacaoDocument.shape).map((key) => document[key as keyof MovimentacaoDocument]));

/** A search text has at most 200 letters, so the first 201 letters of a word decide every search. */
const WORD_LETTERS_MAX = 201;

/** For up to this many words, comparing them in pairs is cheaper than a Set. */
const FEW_WORDS = 16;

/** The words as Base C's search sees them: it joins the list by spaces. */
function indexedWords(palavras: readonly (string | null)[]): string[] {
  const words: string[] = [];
  const add = (word: string): void => {
    if (word !== '') words.push(word);
  };
  if (!Array.isArray(palavras)) throw new UnreadableRow('palavras cannot be read');
  // Base C's search flattens nested lists.
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
