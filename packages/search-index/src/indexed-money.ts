import { formatDinheiro, readDinheiro } from '@pessoa/domain/dinheiro';

/** An amount in the index: centavos for comparisons, and PostgreSQL's text only where the centavos do not give it back. */
interface IndexedMoney {
  readonly centavos: string | undefined;
  readonly texto: string | undefined;
}

/** Range of Elasticsearch's `long`. Amounts of filters are far inside it. */
const HIGHEST = 2n ** 63n - 1n;
const LOWEST = -(2n ** 63n);

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * @param text a `numeric` as PostgreSQL writes it. A base that breaks its contract may have an infinity, NaN, which PostgreSQL sorts
 *   above every number, or other than two decimal places, which are rounded down to centavos.
 */
export function indexedMoney(text: string | null): IndexedMoney {
  if (text === null) return { centavos: undefined, texto: undefined };
  const centavos = readDinheiro(text);
  if (centavos !== undefined && formatDinheiro(centavos) === text)
    return { centavos: String(centavos), texto: undefined };
  return { centavos: String(sortableCentavos(text)), texto: text };
}

/** @returns the text that PostgreSQL wrote; null for NULL */
export function moneyText(centavos: string | undefined, texto: string | undefined): string | null {
  return texto ?? (centavos === undefined ? null : formatDinheiro(BigInt(centavos)));
}

function sortableCentavos(text: string): bigint {
  const [, sign, units, places = ''] = DECIMAL.exec(text) ?? [];
  if (units === undefined) return text.startsWith('-') ? LOWEST : HIGHEST;
  const size = BigInt(units + places.slice(0, 2).padEnd(2, '0'));
  const isRoundedDown = sign === '-' && /[1-9]/.test(places.slice(2));
  const centavos = sign === '-' ? -size - (isRoundedDown ? 1n : 0n) : size;
  return centavos > HIGHEST ? HIGHEST : centavos < LOWEST ? LOWEST : centavos;
}
