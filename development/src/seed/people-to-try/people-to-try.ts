import { addYears, today } from '@pessoa/domain/data';
import type { Clock, Data } from '@pessoa/domain/data';
import type { Consent } from '@pessoa/service/development/development-keys';
import { dayNumber } from '../population/calendar.ts';
import type { FictitiousPerson } from '../population/rows.ts';
import { personRows } from './person-rows.ts';
import type { PostingSpec, PersonSpec } from './person-rows.ts';
import { identityToTry } from './person-to-try.ts';
import type { PersonToTry, ExpectedAnswers, Translated } from './person-to-try.ts';

/** One posting a day, for the 45 days before `hoje`, and a salary 10 days ago. */
const dailyPostings: readonly PostingSpec[] = [
  ...Array.from({ length: 45 }, (_, day) => spending(day + 1)),
  { dias: 10, centavos: 520_000, natureza: 'CREDITO', tipo: 'FOLHA_PAGAMENTO', descricao: 'Crédito de salário', contraparte: 'Metalúrgica Imaginária Ltda.' }, // prettier-ignore
];

function spending(dias: number, secondOfDay?: number): PostingSpec {
  const base = { dias, natureza: 'DEBITO', tipo: 'PIX', descricao: 'PIX enviado', contraparte: 'Mercado Fictício' } as const; // prettier-ignore
  return { ...base, centavos: 4_590, ...(secondOfDay !== undefined && { secondOfDay }) };
}

/** A person without anything unusual. Each situation changes a part of it. */
const ordinary = {
  bens: [{ centavos: 4_500_000 }, { tipo: 'IMOVEL', descricao: 'Casa fictícia com quintal', centavos: 32_000_000 }],
  rendas: [{ centavos: 520_000 }],
  consultas: [400, 12],
  postings: dailyPostings,
  compras: [30, 2],
} satisfies Partial<PersonSpec>;

const cardDebt = { centavos: 123_456, vencimento: 300 };

interface Situation {
  readonly situacao: Translated;
  readonly consentimento?: 'vencido';
  readonly expected: ExpectedAnswers;
  /** Undefined when no base knows the CPF. */
  readonly spec: PersonSpec | undefined;
}

const NOT_FOUND = 'NAO_ENCONTRADO';
const POSTINGS_PER_DAY = 120;
const SECONDS_PER_DAY = 86_400;

const situations: readonly Situation[] = [
  {
    situacao: { pt: 'com protesto, e um pouco de tudo', en: 'a protest, and something of everything' },
    spec: {
      ...ordinary,
      nome: 'Ana Protesto Fictícia',
      dividas: [
        { ...cardDebt, valorAtualizado: '1500.00', parcelasEmAtraso: 3 },
        { centavos: 87_000, vencimento: 500, natureza: 'PROTESTO', modalidade: 'CREDIARIO_VAREJO' },
        { centavos: 9_990, vencimento: 700, situacao: 'QUITADA', modalidade: 'TELEFONIA', natureza: 'PEFIN' },
      ],
    },
    expected: {
      campos: {
        'dividas.totalCount': 2,
        'dividas.nodes.1.natureza': 'PROTESTO',
        'resumoDividas.valorTotal': '2370.00',
        'score.faixa': 'EXCELENTE',
        'eventos.ultimaCompraCartao.valor': '89.90',
      },
      titular: { 'dividas.totalCount': 3 },
    },
  },
  {
    situacao: { pt: 'nada consta: nenhuma base conhece o CPF', en: 'nothing known: no base has this CPF' },
    spec: undefined,
    expected: {
      campos: { nome: null, dividas: null, score: null, perfil: null, eventos: null },
      rest: {
        divida: NOT_FOUND,
        score: NOT_FOUND,
        evento: NOT_FOUND,
        'evento/movtofinanceiro': NOT_FOUND,
        'evento/ultcompracartao': NOT_FOUND,
      },
    },
  },
  {
    situacao: { pt: 'sem dívidas', en: 'no debts' },
    spec: {
      ...ordinary,
      nome: 'Bia Semdívida Fictícia',
      rendas: [{ centavos: 1_250_000, desde: 4_400 }],
      bens: [
        ...ordinary.bens,
        { tipo: 'APLICACAO_FINANCEIRA', descricao: 'Aplicação imaginária', centavos: 30_000_000 },
      ],
    },
    expected: {
      campos: {
        'dividas.totalCount': 0,
        'resumoDividas.quantidade': 0,
        'resumoDividas.valorTotal': '0.00',
        'score.faixa': 'EXCELENTE',
      },
    },
  },
  {
    situacao: { pt: 'dívidas que a lei esconde de terceiros', en: 'debts that the law hides from third parties' },
    spec: {
      ...ordinary,
      nome: 'Caio Oculto Fictício',
      dividas: [
        { ...cardDebt, situacao: 'QUITADA' },
        { ...cardDebt, situacao: 'SUSPENSA_JUDICIALMENTE' },
        { ...cardDebt, comunicacao: null },
        { ...cardDebt, comunicacao: 250 },
        { ...cardDebt, vencimento: 2_000 },
        { ...cardDebt, vencimento: 2_400, situacao: 'BAIXADA_POR_PRAZO' },
      ],
    },
    expected: {
      campos: { 'dividas.totalCount': 0, 'resumoDividas.valorTotal': '0.00' },
      titular: { 'dividas.totalCount': 6, 'resumoDividas.valorTotal': '7407.36' },
    },
  },
  {
    situacao: { pt: 'superendividamento', en: 'over-indebted' },
    spec: {
      ...ordinary,
      nome: 'Davi Superendividado Fictício',
      idade: 22,
      endereco: 1_500,
      bens: [{ centavos: 2_800_000, saldoDevedorCentavos: 6_100_000 }],
      rendas: [{ centavos: 180_000, desde: 90, comprovada: false }],
      dividas: Array.from({ length: 12 }, (_, month) => ({
        centavos: 1_250_000,
        vencimento: 60 + 30 * month,
        parcelasEmAtraso: month + 2,
      })),
    },
    expected: {
      campos: {
        'dividas.totalCount': 12,
        'resumoDividas.valorTotal': '150000.00',
        'perfil.rendaMensal': '1800.00',
        'perfil.patrimonioLiquido': '-33000.00',
        'score.faixa': 'BAIXO',
      },
    },
  },
  {
    situacao: { pt: 'sem renda', en: 'no income' },
    spec: { ...ordinary, nome: 'Eva Semrenda Fictícia', rendas: [] },
    expected: {
      campos: { 'perfil.fontesDeRenda.0': null, 'perfil.rendaMensal': null, 'score.dadosAusentes.0': 'RENDA_MENSAL' },
    },
  },
  {
    situacao: { pt: 'dados antigos', en: 'old data' },
    spec: {
      ...ordinary,
      nome: 'Fábio Antigo Fictício',
      endereco: 3_000,
      bens: [{ centavos: 1_200_000, avaliado: 3_500 }],
      consultas: [720],
      postings: Array.from({ length: 60 }, (_, day) => spending(100 + day)),
      compras: [170],
    },
    expected: {
      campos: {
        'score.fatores.4.faixaDoValor': 'completo, 5 anos ou mais',
        'eventos.movimentacaoFinanceira.totalCount': 0,
        'eventos.ultimaCompraCartao.valor': '89.90',
      },
    },
  },
  {
    situacao: { pt: 'consentimento vencido', en: 'consent expired' },
    consentimento: 'vencido',
    spec: { ...ordinary, nome: 'Gil Vencido Fictício' },
    expected: {
      campos: { 'dividas.totalCount': 0, 'score.faixa': 'EXCELENTE' },
      erros: {
        'eventos.movimentacaoFinanceira': 'UNAUTHORIZED_FIELD_OR_TYPE',
        'eventos.ultimaCompraCartao': 'UNAUTHORIZED_FIELD_OR_TYPE',
      },
      rest: {
        evento: 'UNAUTHORIZED_FIELD_OR_TYPE',
        'evento/movtofinanceiro': 'UNAUTHORIZED_FIELD_OR_TYPE',
        'evento/ultcompracartao': 'UNAUTHORIZED_FIELD_OR_TYPE',
      },
    },
  },
  {
    situacao: { pt: 'milhares de lançamentos', en: 'thousands of postings' },
    spec: {
      ...ordinary,
      nome: 'Hugo Milhares Fictício',
      postings: Array.from({ length: 40 * POSTINGS_PER_DAY }, (_, index) =>
        spending(
          1 + Math.floor(index / POSTINGS_PER_DAY),
          (index % POSTINGS_PER_DAY) * (SECONDS_PER_DAY / POSTINGS_PER_DAY),
        ),
      ),
    },
    expected: {
      // The default period is the 30 days that end on the day of the seed. Postings are on the 29 days before it.
      campos: {
        'eventos.movimentacaoFinanceira.totalCount': 29 * POSTINGS_PER_DAY,
        'eventos.movimentacaoFinanceira.totalExato': true,
      },
    },
  },
  {
    situacao: { pt: 'uma linha que a base errou', en: 'a row that its base got wrong' },
    spec: {
      ...ordinary,
      nome: 'Iara Errada Fictícia',
      dividas: [{ ...cardDebt, modalidade: 'CARTAO_DE_CREDITO' }],
    },
    expected: {
      campos: { nome: 'Iara Errada Fictícia', 'resumoDividas.quantidade': 1, 'score.faixa': 'EXCELENTE' },
      erros: { 'dividas.nodes.0': 'FONTE_INVALIDA' },
      rest: { divida: 'FONTE_INVALIDA' },
    },
  },
];

/** The ten people to try. The first has data of every kind, and examples ask for that one. */
export const peopleToTry: readonly PersonToTry[] = situations.map((situation, index): PersonToTry => {
  const { situacao, consentimento = 'vigente', expected, spec } = situation;
  const identity = identityToTry(index + 1);
  return {
    cpf: identity.cpf,
    nome: spec?.nome ?? null,
    situacao,
    consentimento,
    expected,
    rows: (hoje) => spec && personRows(identity, hoje, spec),
  };
});

export const examplePerson = peopleToTry[0]!;

/** The rows of the people to try in the three bases, with dates relative to `hoje`. */
export const rowsToTry = (hoje: Data): FictitiousPerson[] =>
  peopleToTry.flatMap(({ rows }) => rows(dayNumber(hoje)) ?? []);

/** Their consents in a development token: each is valid for one more year, or ended a year ago. */
export const consentsToTry = (clock: Clock): Consent[] =>
  peopleToTry.map(({ cpf, consentimento }) => ({
    cpf,
    ate: addYears(today(clock), consentimento === 'vigente' ? 1 : -1),
  }));
