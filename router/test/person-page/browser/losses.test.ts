import { lossOf, OMITTED, wordsOfLoss, wordsOfRefusal } from '../../../src/person-page/browser/losses.js';
import { addRows, NO_ROWS } from '../../../src/person-page/browser/rows.js';

const bad = (...path: (string | number)[]) => ({ path: ['pessoa', ...path], extensions: { code: 'FONTE_INVALIDA' } });
const answer = (pessoa: object, errors: object[] = [], omitted = 0) => ({ pessoa, errors, omitted });

describe('Why a field is not there', () => {
  it.each([
    ['at the field', 'eventos.consultas', { eventos: { consultas: null } }, bad('eventos', 'consultas')],
    ['at a field around it', 'eventos.consultas', { eventos: null }, bad('eventos')],
    ['below it, in a field that may not be null', 'eventos.ultimaCompraCartao', { eventos: { ultimaCompraCartao: null } }, bad('eventos', 'ultimaCompraCartao', 'bandeira')], // prettier-ignore
    ['beside it, when that took both away', 'perfil.idade', { perfil: null }, bad('perfil', 'desatualizado')],
    ['nowhere, which is of the whole answer', 'score', { score: null }, { extensions: { code: 'FONTE_LENTA' } }],
  ])('an error says it %s', (_where, place, pessoa, error) => {
    expect(lossOf(answer(pessoa, [bad('nome'), error]), place)).toBe(error);
  });

  it('no error elsewhere in an object that is there says anything of it', () => {
    expect(lossOf(answer({ perfil: { idade: null } }, [bad('perfil', 'bens', 0)]), 'perfil.idade')).toBeUndefined();
  });

  it('is not known when the answer left errors out, which is not the same as nothing', () => {
    expect(lossOf(answer({ score: null }, [bad('nome')], 3), 'score')).toBe(OMITTED);
    expect(wordsOfLoss(OMITTED).title).toBe('Pode faltar informação: consulte de novo');
  });

  it('is in the words of its source when nothing else was asked for', () => {
    const down = { path: ['pessoa', 'eventos'], extensions: { code: 'FONTE_INDISPONIVEL', fonte: 'evento' } };
    expect(wordsOfRefusal({ status: 200, data: null, errors: [down], omitted: 0 })).toMatch(/^A fonte de eventos \(Base C\) não respondeu/); // prettier-ignore
  });
});

it('A refused seal is said in words, with who can mend it', () => {
  const refused = { extensions: { code: 'SIGILO_INADMISSIVEL' } };
  expect(wordsOfRefusal({ status: 403, data: null, errors: [refused], omitted: 0 })).toMatch(/pede sigilo[\s\S]*Nada foi consultado/); // prettier-ignore
});

describe('The rows of a list', () => {
  const place = 'dividas.nodes';

  it('that cannot be shown are counted once each, whatever the number of their errors', () => {
    const errors = [bad('dividas', 'nodes', 1, 'natureza'), bad('dividas', 'nodes', 1, 'situacao')];
    const first = addRows(NO_ROWS, ['a', null], errors, place);
    expect(first).toEqual({ rows: ['a'], lost: 1, missing: [] });
    expect(addRows(first, [null, null], [], place)).toEqual({ rows: ['a'], lost: 3, missing: [] });
  });

  it('that lack a field are shown, with the reason, and are not counted as lost', () => {
    const denied = { path: ['pessoa', 'dividas', 'nodes', 'uf'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } };
    const errors = [bad('dividas', 'nodes', 0, 'valorAtualizado'), bad('dividas', 'nodes', 1, 'valorAtualizado'), denied]; // prettier-ignore
    expect(addRows(NO_ROWS, ['a', 'b'], errors, place)).toEqual({
      rows: ['a', 'b'],
      lost: 0,
      missing: ['Registro com defeito na base', 'Fora do seu acesso'],
    });
  });
});
