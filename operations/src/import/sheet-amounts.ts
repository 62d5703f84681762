import type { Clue, SheetForm } from './sheet-forms.ts';

const SPACED = /^\D*\d{1,3}(?: \d{3})+(?:[.,]\d*)?\D*$/;
const SIGNED = /^([-+])? ?([\d.,]+)$|^([\d.,]+) ?([-+])$|^(\() ?([\d.,]+) ?\)$/;

/** Splits an amount into its sign and the rest without currency; undefined for a text that is not an amount. */
function amountOf(text: string): { isNegative: boolean; body: string } | undefined {
  const bare = text.replace('\u2212', '-').replace(/R\$/i, ' ').replace(/ +/g, ' ').trim();
  if (bare === '-' && text.trim() !== '-') return { isNegative: false, body: '0' }; // `R$ -` is the accountants' zero
  const joined = SPACED.test(bare) ? bare.replace(/(?<=\d) (?=\d)/g, '') : bare;
  const signed = SIGNED.exec(joined.replace(/^([-+(]) /, '$1'));
  if (!signed) return undefined;
  const sign = signed[1] ?? signed[4] ?? signed[5];
  return { isNegative: sign === '-' || sign === '(', body: signed[2] ?? signed[3] ?? (signed[6] as string) };
}

const WHOLE = { ',': /^(?:\d{1,3}(?:\.\d{3})+|\d+)$/, '.': /^(?:\d{1,3}(?:,\d{3})+|\d+)$/ } as const;

/** Amounts with thousands separators, currency, a sign before or after, parentheses, or further decimals that are zero. */
export const amountForm: SheetForm = {
  toStrict(text, { decimal }) {
    const amount = amountOf(text);
    if (!amount) return text;
    const at = amount.body.lastIndexOf(decimal);
    const wholePart = at < 0 ? amount.body : amount.body.slice(0, at);
    const decimals = at < 0 ? '' : amount.body.slice(at + 1);
    if (!WHOLE[decimal].test(wholePart) || !/^\d{0,2}0*$/.test(decimals)) return text;
    const digits = wholePart.replace(/[.,]/g, '').replace(/^0+(?=\d)/, '');
    const centavos = decimals.slice(0, 2).padEnd(2, '0');
    const isZero = digits === '0' && centavos === '00';
    return `${amount.isNegative && !isZero ? '-' : ''}${digits}.${centavos}`;
  },
  clues(text) {
    const body = amountOf(text)?.body ?? '';
    const marks = body.replace(/\d/g, '');
    if (marks === '') return [];
    const last = marks.at(-1) as ',' | '.';
    const sign: Clue = last === ',' ? 'comma' : 'point';
    const other: Clue = last === ',' ? 'point' : 'comma';
    if (new Set(marks).size === 2) return [sign];
    if (marks.length > 1) return [other]; // the marks of 1.234.567 separate thousands, so the other mark is the decimal one
    const [wholePart = '', decimals = ''] = body.split(last);
    const mayBeThousands = decimals.length === 3 && /^[1-9]\d{0,2}$/.test(wholePart);
    return [mayBeThousands ? 'amount-doubt' : sign];
  },
};

const WITH_MARKS = /^[\d.,]+$/;

/** Whole numbers with leading zeros or zero decimals. `1.000` is one or a thousand: the amounts of the file decide. */
export const integerForm: SheetForm = {
  toStrict(text, writing) {
    const wholeNumber = /^0*(\d{1,9})(?:[.,]0{1,2})?$/.exec(text)?.[1];
    if (wholeNumber !== undefined) return wholeNumber;
    return WITH_MARKS.test(text) ? amountForm.toStrict(text, writing).replace(/\.00$/, '') : text;
  },
  clues(text) {
    const clues = WITH_MARKS.test(text) ? (amountForm.clues?.(text) ?? []) : [];
    return clues.filter((clue) => clue === 'amount-doubt');
  },
};
