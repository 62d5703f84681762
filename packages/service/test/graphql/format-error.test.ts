import { PublicError, publicErrors } from '@pessoa/domain/errors';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { formatError } from '../../src/graphql/format-error.ts';
import { redactText } from '../../src/graphql/redaction.ts';

/** As Apollo Server calls it. */
const format = (error: GraphQLError) =>
  formatError({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions } }, error);

const LEAK = 'connect ECONNREFUSED http://db.internal:5432 SELECT nome FROM pessoa -- 529.982.247-25';

describe('What a client reads of an error', () => {
  it('is code, words and source of the closed table, with the path', () => {
    const error = new GraphQLError('any', {
      path: ['pessoa', 'score'],
      originalError: new PublicError('FONTE_LENTA', { fonte: 'score', cause: new Error(LEAK) }),
    });
    expect(format(error)).toEqual({
      message: 'A data source took too long; try again.',
      path: ['pessoa', 'score'],
      extensions: { code: 'FONTE_LENTA', fonte: 'score' },
    });
  });

  it('of what is not in the table is nothing', () => {
    const error = new GraphQLError(LEAK, {
      path: ['pessoa'],
      extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', response: { url: LEAK }, serviceName: 'score' },
    });
    expect(format(error)).toEqual({
      message: 'Something went wrong on our side.',
      path: ['pessoa'],
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  });

  it('of a code of the table with the words of another is the table’s words', () => {
    for (const code of Object.keys(publicErrors)) {
      if (code.startsWith('GRAPHQL_')) continue;
      const { message } = format(new GraphQLError(LEAK, { path: ['pessoa'], extensions: { code } }));
      expect(message).toBe(publicErrors[code as keyof typeof publicErrors].message);
    }
  });

  it.each([
    '`first` is at most 100.',
    '`after` is not a cursor of this list and filter.',
    '`de` and `ate` are at most 365 days apart.',
  ])('of a refused argument of another service is how it was worded: %s', (message) =>
    expect(format(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })).message).toBe(message),
  );

  it.each([
    '`cpf` 52998224725 is not valid.',
    '`cpf` at db.internal',
    '`cpf` in /srv/app.js',
    'Invalid `prisma.pessoa.findMany()` invocation',
  ])('of a refused argument is not %s', (message) => {
    expect(format(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })).message).toBe(
      'An argument is not valid.',
    );
  });
});

describe('A redacted text', () => {
  it.each([
    ['Variable "$cpf" got invalid value "529.982.247-25"; no.', 'Variable "$cpf" got invalid value [redacted]; no.'],
    [
      'Syntax Error: Expected Name, found String "Maria \\"Bia\\" Silva".',
      'Syntax Error: Expected Name, found String [redacted].',
    ],
    ['Cannot query field "c52998224725".', 'Cannot query field "c[redacted]".'],
    ['Cannot query field "nomes" on type "Pessoa".', 'Cannot query field "nomes" on type "Pessoa".'],
  ])('%s', (text, redacted) => expect(redactText(text)).toBe(redacted));

  it('never holds eleven digits, however they are punctuated', () => {
    const digits = fc.array(fc.constantFrom(...'0123456789'), { minLength: 11, maxLength: 14 });
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom('', '.', '-', ' ', '/', '_', ',', '\t', ' . ', '\u2011', '|'),
        (all, mark) => {
          expect(redactText(`x ${all.join(mark)} y`).replace(/\D/g, '')).toBe('');
        },
      ),
    );
  });
});
