import { AnswerErrors } from '../../src/graphql/answer-errors.ts';

const errorAt = (path: (string | number)[] | undefined, code: string) => ({
  message: code,
  ...(path && { path }),
  extensions: { code },
});

describe('The codes of an answer’s errors, by where they are', () => {
  const errors = new AnswerErrors([
    errorAt(['pessoas', 0], 'FONTE_LENTA'),
    errorAt(['pessoas', 1, 'score', 'valor'], 'FONTE_INVALIDA'),
    errorAt(['pessoas', 1, 'nome'], 'UNAUTHORIZED_FIELD_OR_TYPE'),
    errorAt(undefined, 'BAD_USER_INPUT'),
  ]);

  it.each<[string, (string | number)[], string[]]>([
    ['an error of a parent loses its children', ['pessoas', 0, 'score', 'valor'], ['FONTE_LENTA']],
    ['an error of a child may have taken its parents along', ['pessoas', 1, 'score'], ['FONTE_INVALIDA']],
    ['an error is of its own place', ['pessoas', 1, 'nome'], ['UNAUTHORIZED_FIELD_OR_TYPE']],
    ['an error of one person is not of another', ['pessoas', 2, 'nome'], []],
    ['an error of one field is not of its neighbour', ['pessoas', 1, 'eventos'], []],
    ['an error without a place is nowhere', ['pessoa'], []],
    ['a root has those of all under it', ['pessoas'], ['FONTE_LENTA', 'FONTE_INVALIDA', 'UNAUTHORIZED_FIELD_OR_TYPE']],
  ])('%s', (_, path, codes) => expect([...new Set(errors.codesAt(path))]).toEqual(codes));
});
