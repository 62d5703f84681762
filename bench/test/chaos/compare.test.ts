import { compareWithTruth } from '../../src/chaos/compare.ts';
import { EVERYTHING, NO_ANSWER, routes, STALE } from '../../src/chaos/permitted-losses.ts';
import { hasStaleMark } from '../../src/chaos/truth.ts';

const truth = {
  pessoa: {
    nome: 'Ana',
    dividas: { nodes: [{ valorOriginal: '10.00' }, { valorOriginal: '20.00' }] },
    score: { valor: 700, calculadoEm: '2026-11-29T10:00:00Z' },
    eventos: { ultimaConsulta: { dataHora: '2026-11-29T10:00:00.000-03:00' }, ultimaCompraCartao: null },
  },
};

type Person = Record<string, unknown>;
const answer = (change: Person, errors?: object[]): object => ({
  data: { pessoa: { ...truth.pessoa, ...change } },
  ...(errors && { errors }),
});
const lost = (code: string, ...path: (string | number)[]): object => ({
  path: ['pessoa', ...path],
  extensions: { code },
});
const compare = (body: unknown, status = 200) => compareWithTruth({ status, body }, truth, EVERYTHING);

describe('An answer of the graph beside the truth', () => {
  it('is whole with the same values, and with later instants of inquiry and of the score', () => {
    const later = {
      score: { valor: 700, calculadoEm: '2026-11-29T10:00:01Z' },
      eventos: { ultimaConsulta: { dataHora: '2026-11-29T13:00:00.001Z' }, ultimaCompraCartao: null },
    };
    expect(compare(answer({}))).toEqual({ losses: [], wrong: [] });
    expect(compare(answer(later))).toEqual({ losses: [], wrong: [] });
  });

  it.each([
    ['another value', { nome: 'Anna' }, 'pessoa.nome'],
    ['a number as a text', { score: { valor: '700', calculadoEm: '2026-11-29T10:00:00Z' } }, 'pessoa.score.valor'],
    ['a shorter list', { dividas: { nodes: [{ valorOriginal: '10.00' }] } }, 'pessoa.dividas.nodes'],
    ['another order', { dividas: { nodes: truth.pessoa.dividas.nodes.toReversed() } }, 'pessoa.dividas.nodes.0.valorOriginal'],
    ['an inquiry before the truth', { eventos: { ultimaConsulta: { dataHora: '2026-11-29T12:59:59Z' }, ultimaCompraCartao: null } }, 'pessoa.eventos.ultimaConsulta.dataHora'],
    ['a text that is no instant', { eventos: { ultimaConsulta: { dataHora: 'zz' }, ultimaCompraCartao: null } }, 'pessoa.eventos.ultimaConsulta.dataHora'],
    ['a value where the truth has none', { eventos: { ...truth.pessoa.eventos, ultimaCompraCartao: { valor: '1.00' } } }, 'pessoa.eventos.ultimaCompraCartao'],
    ['a null without an error', { score: null }, 'pessoa.score'],
  ])('is wrong with %s', (_, change, path) => {
    expect(compare(answer(change)).wrong).toContain(path);
  }); // prettier-ignore

  it('has lost a field that is null with an error, at its path or below it', () => {
    expect(compare(answer({ score: null }, [lost('FONTE_LENTA', 'score')]))).toEqual({
      losses: [{ field: 'score', code: 'FONTE_LENTA' }],
      wrong: [],
    });
    const below = lost('FONTE_INVALIDA', 'dividas', 'nodes', 1, 'valorOriginal');
    expect(compare(answer({ dividas: null }, [below]))).toEqual({
      losses: [{ field: 'dividas.nodes.valorOriginal', code: 'FONTE_INVALIDA' }],
      wrong: [],
    });
  });

  it('an error of one field explains no other null', () => {
    expect(compare(answer({ score: null, nome: null }, [lost('FONTE_LENTA', 'score')])).wrong).toEqual(['pessoa.nome']);
  });

  it('has lost everything with another status, without data and without an answer', () => {
    const error = { errors: [{ extensions: { code: 'FONTE_INDISPONIVEL' } }] };
    const everything = (code: string) => ({ losses: [{ field: EVERYTHING, code }], wrong: [] });
    expect(compare(error, 503)).toEqual(everything('FONTE_INDISPONIVEL'));
    expect(compare({ data: null, ...error })).toEqual(everything('FONTE_INDISPONIVEL'));
    expect(compare(undefined, 502)).toEqual(everything('HTTP 502'));
    expect(compare(undefined, 0)).toEqual(everything(NO_ANSWER));
  });
});

it('An answer of a copy is marked, and the mark is a loss', () => {
  const old = { score: { valor: 700, desatualizado: true } };
  const fresh = { score: { valor: 700, desatualizado: false } };
  const losses = [{ field: 'score.desatualizado', code: STALE }];
  expect(compareWithTruth({ status: 200, body: old }, fresh, routes.score)).toEqual({ losses, wrong: [] });
  const inGraph = { status: 200, body: { data: { pessoas: [old] } } };
  expect(compareWithTruth(inGraph, { pessoas: [fresh] }, EVERYTHING)).toEqual({ losses, wrong: [] });
  expect(compareWithTruth({ status: 200, body: fresh }, old, routes.score).wrong).toEqual(['score.desatualizado']);
  expect([old, fresh].map(hasStaleMark)).toEqual([true, false]); // so an old answer is no truth
});

it('A REST route answers wholly or not at all', () => {
  const compareRoute = (status: number, body: unknown) =>
    compareWithTruth({ status, body }, { nome: 'Ana' }, routes.divida);
  expect(compareRoute(200, { nome: 'Ana' })).toEqual({ losses: [], wrong: [] });
  expect(compareRoute(200, { nome: 'Eva' }).wrong).toEqual(['nome']);
  expect(compareRoute(200, { nome: null }).wrong).toEqual(['nome']);
  expect(compareRoute(503, { code: 'FONTE_LENTA' }).losses).toEqual([{ field: routes.divida, code: 'FONTE_LENTA' }]);
});
