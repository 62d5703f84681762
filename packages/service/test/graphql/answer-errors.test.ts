import { AnswerErrors } from '../../src/graphql/answer-errors.ts';

const errorAt = (path: (string | number)[] | undefined, code: string) => ({
  message: code,
  ...(path && { path }),
  extensions: { code },
});

describe('The codes of an answer’s errors at a path', () => {
  const errors = new AnswerErrors([
    errorAt(['pessoas', 0], 'FONTE_LENTA'),
    errorAt(['pessoas', 1, 'score', 'valor'], 'FONTE_INVALIDA'),
    errorAt(['pessoas', 1, 'nome'], 'UNAUTHORIZED_FIELD_OR_TYPE'),
    errorAt(undefined, 'BAD_USER_INPUT'),
  ]);

  it.each<[string, (string | number)[], string[]]>([
    ['include the errors of a parent', ['pessoas', 0, 'score', 'valor'], ['FONTE_LENTA']],
    [
      'include the errors of a child, which may have made its parents null',
      ['pessoas', 1, 'score'],
      ['FONTE_INVALIDA'],
    ],
    ['include the errors at the path itself', ['pessoas', 1, 'nome'], ['UNAUTHORIZED_FIELD_OR_TYPE']],
    ['do not include the errors of another person', ['pessoas', 2, 'nome'], []],
    ['do not include the errors of another field', ['pessoas', 1, 'eventos'], []],
    ['do not include errors without a path', ['pessoa'], []],
    [
      'include the errors of everything below a root field',
      ['pessoas'],
      ['FONTE_LENTA', 'FONTE_INVALIDA', 'UNAUTHORIZED_FIELD_OR_TYPE'],
    ],
  ])('%s', (_, path, codes) => expect([...new Set(errors.codesAt(path))]).toEqual(codes));
});
