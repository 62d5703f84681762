const ZONE = 'America/Sao_Paulo';
const dateTime = new Intl.DateTimeFormat('pt-BR', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
const dayOfInstant = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' }); // prettier-ignore
const integer = new Intl.NumberFormat('pt-BR');
const MONTHS = ['jan', 'fev', 'mar', 'abr', 'mai', 'jun', 'jul', 'ago', 'set', 'out', 'nov', 'dez'];

/** What stands where the base has nothing. */
export const NOTHING = '—';

/** @param {number} value */
export const count = (value) => integer.format(value);

/**
 * @param {number} value
 * @param {string} one
 * @param {string} many
 */
export const counted = (value, one, many) => `${count(value)} ${value === 1 ? one : many}`;

/**
 * Writes an amount of the graph (`-1234.56`) without a detour through floating point.
 *
 * @param {string | null | undefined} amount
 */
export function money(amount) {
  if (amount === null || amount === undefined) return NOTHING;
  return `${amount.startsWith('-') ? '−' : ''}R$ ${decimal(amount.replace('-', ''))}`;
}

/** @param {string} amount not negative, with two places */
function decimal(amount) {
  const [whole = '0', cents = '00'] = amount.split('.');
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, '.')},${cents}`;
}

/** An amount as a spreadsheet in Portuguese reads it. @param {string | null | undefined} amount */
export const plainMoney = (amount) => (amount === null || amount === undefined ? '' : amount.replace('.', ','));

/** @param {string} amount @returns {bigint} centavos */
export const centavos = (amount) => BigInt(amount.replace('.', ''));

/** @param {bigint} value centavos */
export function moneyOfCentavos(value) {
  const text = (value < 0n ? -value : value).toString().padStart(3, '0');
  return money(`${value < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`);
}

/** A short amount for the axis of a chart. @param {bigint} value centavos */
export function shortMoney(value) {
  const reais = Number(value / 100n);
  if (reais >= 1_000_000) return `${(reais / 1_000_000).toLocaleString('pt-BR', { maximumFractionDigits: 1 })} mi`;
  if (reais >= 1_000) return `${(reais / 1_000).toLocaleString('pt-BR', { maximumFractionDigits: 1 })} mil`;
  return count(reais);
}

/** @param {string | null | undefined} day AAAA-MM-DD */
export function day(day) {
  return day ? day.split('-').reverse().join('/') : NOTHING;
}

/** @param {string | null | undefined} instant in UTC */
export const instant = (instant) => (instant ? dateTime.format(new Date(instant)).replace(',', ' às') : NOTHING);

/** The day in São Paulo of an instant. @param {string | Date} value @returns {string} AAAA-MM-DD */
export const dayOf = (value) => dayOfInstant.format(new Date(value));

/** @param {string} month AAAA-MM */
export function monthName(month) {
  const [year, number] = month.split('-');
  return `${MONTHS[Number(number) - 1]}/${year?.slice(2)}`;
}

/** A chance from 0 to 1, in percent. @param {string | number} chance */
export const percent = (chance) => `${(Number(chance) * 100).toLocaleString('pt-BR', { minimumFractionDigits: 1, maximumFractionDigits: 1 })}%`; // prettier-ignore

/** @param {number} points */
export const signed = (points) => (points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0');

/**
 * The same day of another year; 29 February becomes 28 February.
 *
 * @param {string} day AAAA-MM-DD
 * @param {number} years
 */
export function addYears(day, years) {
  const shifted = `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;
  return shifted.endsWith('-02-29') && new Date(`${shifted}T00:00:00Z`).getUTCDate() !== 29 ? shifted.replace('-29', '-28') : shifted; // prettier-ignore
}

/** @param {string} day AAAA-MM-DD @returns {number} days since 1970 */
export const dayNumber = (day) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;

/** @param {string} day AAAA-MM-DD @param {number} days */
export const addDays = (day, days) => new Date((dayNumber(day) + days) * 86_400_000).toISOString().slice(0, 10);

/** @param {string | null | undefined} cnpj */
export const cnpj = (cnpj) => (cnpj ? cnpj.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5') : '');

/** @param {string | null | undefined} cep */
export const cep = (cep) => (cep ? cep.replace(/^(\d{5})(\d{3})$/, '$1-$2') : '');
