import { formatDinheiro, readDinheiro } from '@pessoa/domain/dinheiro';

/** An amount in the index: centavos to compare by, and the text itself only where it is not that of the centavos. */
interface IndexedMoney {
  readonly centavos: string | undefined;
  readonly texto: string | undefined;
}

/** Elasticsearch's `long`. No amount of a filter comes near its ends. */
const HIGHEST = 2n ** 63n - 1n;
const LOWEST = -(2n ** 63n);

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * @param text a `numeric` as PostgreSQL writes it. Outside the contract of Base C it may be NaN, which PostgreSQL puts
 *   above every number, an infinity, or have other than two places: then the centavos are rounded down.
 */
export function indexedMoney(text: string | null): IndexedMoney {
  if (text === null) return { centavos: undefined, texto: undefined };
  const centavos = readDinheiro(text);
  if (centavos !== undefined && formatDinheiro(centavos) === text)
    return { centavos: String(centavos), texto: undefined };
  return { centavos: String(comparable(text)), texto: text };
}

/** @returns the text that PostgreSQL wrote; null for NULL */
export function moneyText(centavos: string | undefined, texto: string | undefined): string | null {
  return texto ?? (centavos === undefined ? null : formatDinheiro(BigInt(centavos)));
}

function comparable(text: string): bigint {
  const [, sign, units, places = ''] = DECIMAL.exec(text) ?? [];
  if (units === undefined) return text.startsWith('-') ? LOWEST : HIGHEST;
  const size = BigInt(units + places.slice(0, 2).padEnd(2, '0'));
  const isRoundedDown = sign === '-' && /[1-9]/.test(places.slice(2));
  const centavos = sign === '-' ? -size - (isRoundedDown ? 1n : 0n) : size;
  return centavos > HIGHEST ? HIGHEST : centavos < LOWEST ? LOWEST : centavos;
}
