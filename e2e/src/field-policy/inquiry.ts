import { finalidades } from '@pessoa/domain/finalidade';
import { escopos } from '@pessoa/domain/motivo';
import { type ThirdPartyCadastro, thirdPartyCadastroValues } from '@pessoa/service/identity/third-party-cadastro';
import fc from 'fast-check';

/** A CPF, and how a token may spell it. */
interface KnownCpf {
  readonly digits: string;
  readonly spelling: string;
}

export interface Consent {
  readonly cpf: KnownCpf;
  /** A day, or seconds since 1970. */
  readonly ate: string | number;
}

/** What a token says. */
export interface TokenFacts {
  readonly client: string;
  readonly scopes: readonly string[];
  readonly finalidade: string | undefined;
  readonly titular: KnownCpf | undefined;
  readonly consents: readonly Consent[];
  readonly ordemJudicial: { readonly text: string; readonly isNumber: boolean } | undefined;
}

/** One question: may this token read this field of this person, now, for this purpose? */
export interface Inquiry {
  readonly token: TokenFacts;
  /** The path of a field under `Pessoa`, with dots. */
  readonly field: string;
  readonly cpf: string;
  /** `x-finalidade`. */
  readonly header: string | undefined;
  readonly now: Date;
  /** Whether the base knows the person. The decision must not depend on it. */
  readonly isKnown: boolean;
  /** What the operator lets third parties have of cadastral data. */
  readonly thirdPartyCadastro: ThirdPartyCadastro;
}

export const COURT_ORDER_CLIENTS: ReadonlySet<string> = new Set(['tribunal', 'vara']);

/** Few, so that the person of a token and the person asked for are often the same. */
const CPFS: readonly KnownCpf[] = [
  { digits: '52998224725', spelling: '52998224725' },
  { digits: '52998224725', spelling: '529.982.247-25' },
  { digits: '11144477735', spelling: '111.444.777-35' },
  { digits: '39053344705', spelling: '39053344705' },
];

const LAWSUITS = [
  { text: '0000001-39.2024.8.26.0100', isNumber: true },
  { text: '00000013920248260100', isNumber: true },
  { text: '0000001-46.2024.8.26.0100', isNumber: false },
  { text: '', isNumber: false },
];

const PURPOSES = [...finalidades, ...finalidades.filter((purpose) => /TITULAR|JUDICIAL/.test(purpose))];
const WRONG_PURPOSES = ['', 'locacao', 'MARKETING'];

/** Instants near midnight in São Paulo and in UTC, where days are mistaken for one another. */
const instant = fc
  .tuple(fc.integer({ min: -2, max: 2 }), fc.constantFrom(0, 3), fc.integer({ min: -7_200, max: 7_200 }))
  .map(([days, hours, seconds]) => Date.UTC(2026, 10, 22 + days, hours, 0, seconds));

const cpf = fc.constantFrom(...CPFS);
const consent = fc.record({
  cpf,
  ate: fc.oneof(
    fc.integer({ min: 20, max: 24 }).map((day) => `2026-11-${day}`),
    instant.map((millis) => millis / 1_000),
  ),
});

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const often = <T>(values: readonly T[], others: readonly T[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const token: fc.Arbitrary<TokenFacts> = fc.record({
  client: fc.constantFrom('loja', ...COURT_ORDER_CLIENTS),
  // Most scopes: a field of depth is refused by the first scope that is missing above it.
  scopes: fc.tuple(fc.subarray([...escopos]), fc.subarray([...escopos])).map((lists) => [...new Set(lists.flat())]),
  finalidade: maybe(often(PURPOSES, WRONG_PURPOSES)),
  titular: fc.option(cpf, { nil: undefined, freq: 2 }),
  consents: fc.array(consent, { maxLength: 3 }),
  ordemJudicial: maybe(fc.constantFrom(...LAWSUITS)),
});

/** @param fields the paths to ask for */
export const inquiries = (fields: readonly string[]): fc.Arbitrary<Inquiry> =>
  fc.record({
    token,
    field: fc.constantFrom(...fields),
    cpf: cpf.map(({ digits }) => digits),
    header: maybe(often(PURPOSES, WRONG_PURPOSES)),
    now: instant.map((millis) => new Date(millis)),
    isKnown: fc.boolean(),
    thirdPartyCadastro: fc.constantFrom(...thirdPartyCadastroValues),
  });
