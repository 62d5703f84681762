import { PublicError, publicErrors } from '@pessoa/domain/errors';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { formatError } from '../../src/graphql/format-error.ts';
import { redactText } from '../../src/graphql/redaction.ts';

/** Calls formatError as Apollo Server does. */
const format = (error: GraphQLError) =>
  formatError({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions } }, error);

const LEAK = 'connect ECONNREFUSED http://db.internal:5432 SELECT nome FROM pessoa -- 529.982.247-25';

describe('An error for a client', () => {
  it('has code, message and source of the closed table, and the path', () => {
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

  it('shows nothing of an error whose code is not in the table', () => {
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

  it('has the message of the table when another server sent a code with its own message', () => {
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
  ])('has the message of another service about a refused argument: %s', (message) =>
    expect(format(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })).message).toBe(message),
  );

  it.each([
    '`cpf` 52998224725 is not valid.',
    '`cpf` at db.internal',
    '`cpf` in /srv/app.js',
    'Invalid `prisma.pessoa.findMany()` invocation',
  ])('does not have a message that may leak data: %s', (message) => {
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
  ])('hides quoted values and long numbers: %s', (text, redacted) => expect(redactText(text)).toBe(redacted));

  it('never contains eleven digits, with any punctuation', () => {
    const digits = fc.array(fc.constantFrom(...'0123456789'), { minLength: 11, maxLength: 14 });
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom('', '.', '-', ' ', '/', '_', ',', '\t', ' . ', '\u2011', '|'),
        (number, separator) => {
          expect(redactText(`x ${number.join(separator)} y`).replace(/\D/g, '')).toBe('');
        },
      ),
    );
  });
});
