import type { estypes } from '@elastic/elasticsearch';
import { readDinheiro } from '@pessoa/domain/dinheiro';
import { instantRangeOf } from '../period.ts';
import type { MovimentacaoFilter } from './movimentacao-filter.ts';
import type { MovimentacaoQuery } from './movimentacao-search.ts';

type Query = estypes.QueryDslQueryContainer;
type SearchBody = estypes.MsearchMultisearchBody;

/**
 * One person's page: newest first, equal instants by the bytes of the id, descending, as PostgreSQL's collation "C"
 * sorts.
 */
export const pageBody = (cpfHash: string, { filter, after, limit }: MovimentacaoQuery): SearchBody => ({
  query: matches(cpfHash, filter),
  size: limit,
  sort: [{ dataHora: 'desc' }, { id: 'desc' }],
  ...(after && { search_after: [Date.parse(after.sort), after.id] }),
  track_total_hits: false,
});

/** The number of one person's postings. Elasticsearch stops counting at `limit`. */
export const countBody = (cpfHash: string, filter: MovimentacaoFilter, limit: number): SearchBody => ({
  query: matches(cpfHash, filter),
  size: 0,
  track_total_hits: limit,
});

function matches(cpfHash: string, filter: MovimentacaoFilter): Query {
  const { natureza, tipos, valorMinimo, valorMaximo, palavras, ...period } = filter;
  const { from, until } = instantRangeOf(period);
  const conditions: (Query | null | false)[] = [
    { term: { cpfHash } },
    { range: { dataHora: { gte: millisOf(from), lt: millisOf(until) } } },
    natureza && { term: { natureza } },
    tipos && { terms: { tipo: [...tipos] } },
    valorMinimo !== null && { range: { valorCentavos: { gte: centavosOf(valorMinimo) } } },
    valorMaximo !== null && { range: { valorCentavos: { lte: centavosOf(valorMaximo) } } },
    ...palavras.map((palavra, index) =>
      index < palavras.length - 1 ? { term: { palavras: palavra } } : { prefix: { palavras: palavra } },
    ),
  ];
  return { bool: { filter: conditions.filter((condition) => condition !== null && condition !== false) } };
}

const millisOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant));

/** Text, because a JSON number would lose the centavos of the largest amounts. */
const centavosOf = (valor: string): string => String(readDinheiro(valor));
