/**
 * What the labelled sets know of Brazil. A figure is published, and names where, or is an assumption, and says so. No person is behind any of it.
 *
 * Sources:
 *
 * - IBGE, Censo Demográfico 2022: people by age; and Características dos Domicílios, preliminary results of the sample, 12 December
 *   2024: 72.7 % live in a home that somebody in it owns, 9.1 % in one that is still being paid, 20.9 % in a rented one.
 * - IBGE, PNAD Contínua, third quarter of 2024, 22 November 2024: 38.8 % of those who work do so informally; all work brings
 *   R$ 327.7 billion a month, which is about R$ 3,200 a worker.
 * - Serasa, Mapa da Inadimplência, January and November 2023: 43.8 % of adults have an overdue debt; of these 34.8 % are from 26 to 40 years
 *   old and 34.7 % from 41 to 60.
 * - Banco Central do Brasil, Estatísticas Monetárias e de Crédito, 2024: about 5 % of the balance that families owe outside
 *   directed credit is 90 days overdue.
 */
export interface AgeGroup {
  readonly from: number;
  /** Included. */
  readonly to: number;
  /** Millions of people, Censo 2022, rounded. */
  readonly millions: number;
  /** Share of those who earn and do so informally. An assumption around the 38.8 % of the PNAD. */
  readonly informal: number;
  /** Monthly income that half of the formal earners exceed, in reais. An assumption; with `INCOME_SPREAD` the mean is near the PNAD's. */
  readonly medianIncome: number;
  /** Share of people who own their home themselves. An assumption below the share of those who live with an owner. */
  readonly homeOwners: number;
}

export const ageGroups: readonly AgeGroup[] = [
  { from: 18, to: 24, millions: 21, informal: 0.46, medianIncome: 1_700, homeOwners: 0.05 },
  { from: 25, to: 29, millions: 16, informal: 0.39, medianIncome: 2_300, homeOwners: 0.14 },
  { from: 30, to: 39, millions: 32, informal: 0.36, medianIncome: 2_800, homeOwners: 0.33 },
  { from: 40, to: 49, millions: 30, informal: 0.36, medianIncome: 2_900, homeOwners: 0.5 },
  { from: 50, to: 59, millions: 24, informal: 0.4, medianIncome: 2_800, homeOwners: 0.62 },
  { from: 60, to: 79, millions: 29, informal: 0.42, medianIncome: 2_300, homeOwners: 0.72 },
];

/** Standard deviation of the logarithm of incomes. An assumption; the mean of a log-normal income is median * exp(spread² / 2). */
export const INCOME_SPREAD = 0.75;

/** What an informal earner earns of what a formal one does. An assumption. */
export const INFORMAL_INCOME = 0.7;

/** Of homes that are owned, those still being paid: Censo 2022. */
export const MORTGAGED = 9.1 / 72.7;

/**
 * The average chance of default within six months. An assumption, between the balance overdue by 90 days (BCB) and the adults with an
 * overdue debt (Serasa); it is the 4 good to 1 bad that the score assumes of its population.
 */
export const AVERAGE_CHANCE = 0.2;

/**
 * What Base B knows. All of it is assumption: nobody publishes how complete the files of a bureau are. The young and the informal have thin
 * files more often.
 */
export const recorded = {
  incomeMissing: { formal: 0.08, informal: 0.38 },
  incomeProved: { formal: 0.92, informal: 0.12 },
  sinceMissing: 0.08,
  assetRecorded: 0.85,
  assetUnvalued: 0.06,
  addressMissing: 0.04,
  addressComplete: 0.88,
  birthMissing: 0.02,
  /** Nothing but birth and address. */
  thinFile: { below25: 0.25, others: 0.06 },
} as const;
