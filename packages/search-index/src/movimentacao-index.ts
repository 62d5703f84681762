import type { Client } from '@elastic/elasticsearch';
import { isStatus } from './elasticsearch-error.ts';

/** How the indexer learns of changes. An index keeps its mode, because versions of the two modes cannot be compared. */
export type FollowMode = 'keyset' | 'logical';

/** Raise it whenever a document or its mapping changes shape: an index of another version is not read. */
const MAPPING_VERSION = 2;

/** Number of shards, fixed for the life of an index. All postings of a person are in one shard. */
const SHARDS = 4;

/** Lucene refuses a document with a term over 32,766 bytes. A letter has at most four bytes. */
export const TERM_LETTERS_MAX = 8_191;

const searched = { type: 'keyword', ignore_above: TERM_LETTERS_MAX } as const;
const filtered = { ...searched, doc_values: false } as const;
const shown = { type: 'keyword', index: false, doc_values: false } as const;
const shownCentavos = { type: 'long', index: false, doc_values: false } as const;

const properties = {
  cpfHash: searched,
  id: { ...searched, index: false },
  dataHora: { type: 'date', format: 'epoch_millis' },
  natureza: filtered,
  tipo: filtered,
  valorCentavos: { type: 'long' },
  valorTexto: shown,
  descricao: shown,
  canal: shown,
  instituicaoNome: shown,
  instituicaoIspb: shown,
  instituicaoCompe: shown,
  situacao: shown,
  contraparte: shown,
  saldoAposCentavos: shownCentavos,
  saldoAposTexto: shown,
  // Not indexed, found by its doc values: a search checks the words of one person's postings. An index of words would search word prefixes among everybody's.
  palavras: { ...searched, index: false },
  ilegivel: { type: 'boolean', doc_values: false },
} as const;

/** Prefix of the names of all indexes of an alias, of every mapping version. */
export const indexPrefix = (alias: string): string => `${alias}-v`;

/** True for an index of this alias, of every mapping version. Another alias may have the name `<alias>-v2`. */
export const isGenerationOf = (alias: string, index: string): boolean =>
  index.startsWith(indexPrefix(alias)) && /^\d+-\d{14}$/.test(index.slice(indexPrefix(alias).length));

/** True for an index of this mapping version. */
export const isOfThisMapping = (alias: string, index: string): boolean =>
  index.startsWith(`${indexPrefix(alias)}${MAPPING_VERSION}-`);

/** @returns `<alias>-v<mapping version>-<yyyymmddhhmmss>`, the instant in UTC */
export function newIndexName(alias: string, at: Date): string {
  const instant = at.toISOString().replace(/\D/g, '').slice(0, 14);
  return `${indexPrefix(alias)}${MAPPING_VERSION}-${instant}`;
}

/** Creates an empty index of postings without an alias. */
export async function createMovimentacaoIndex(client: Client, index: string, mode: FollowMode): Promise<void> {
  await client.indices.create({
    index,
    settings: {
      number_of_shards: SHARDS,
      auto_expand_replicas: '0-1', // one replica as soon as there is a second node
      refresh_interval: '1s', // explicit, because an index without searches for 30 s would stop refreshing
    },
    mappings: {
      dynamic: 'strict',
      _routing: { required: true },
      // These two names stay: an older indexer beside this one must know the index for one of ours, or it would build its own.
      _meta: { versao: MAPPING_VERSION, modo: mode },
      properties,
    },
  });
}

/** @returns the mode that an index was created for; undefined for an index that is not ours */
export async function followModeOf(client: Client, index: string): Promise<FollowMode | undefined> {
  const mappings = await client.indices.getMapping({ index });
  const mode: unknown = mappings[index]?.mappings._meta?.['modo'];
  return mode === 'keyset' || mode === 'logical' ? mode : undefined;
}

/** The indexes that an alias names; empty where there is no such alias. Ours name exactly one. */
export async function indexesBehind(client: Client, alias: string): Promise<string[]> {
  try {
    return Object.keys(await client.indices.getAlias({ name: alias }));
  } catch (error) {
    if (isStatus(error, 404)) return [];
    throw error;
  }
}

/** Makes all writes visible to searches. @throws Error when a shard fails */
export async function refreshIndex(client: Client, index: string): Promise<void> {
  const { _shards: shards } = await client.indices.refresh({ index });
  if (shards && shards.failed > 0) throw new Error(`${shards.failed} shards of ${index} were not refreshed`);
}

/** Identifies an index. A write to a removed index creates a new one of the same name, without our mapping. */
export async function indexUuidOf(client: Client, index: string): Promise<string | undefined> {
  const settings = await client.indices.getSettings({ index });
  return settings[index]?.settings?.index?.uuid;
}
