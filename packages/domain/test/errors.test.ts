import { isPublicErrorCode, PublicError, publicErrors, retryAfterSeconds } from '../src/errors.ts';

describe('The closed table of errors', () => {
  it('has the codes and statuses that clients branch on', () => {
    expect(Object.fromEntries(Object.entries(publicErrors).map(([code, { status }]) => [code, status]))).toEqual({
      UNAUTHENTICATED: 401,
      FINALIDADE_AUSENTE: 403,
      SIGILO_INADMISSIVEL: 403,
      UNAUTHORIZED_FIELD_OR_TYPE: 403,
      ORIGEM_NAO_ACEITA: 403,
      CPF_INVALIDO: 400,
      BAD_USER_INPUT: 400,
      NAO_ENCONTRADO: 404,
      ROTA_DESCONHECIDA: 404,
      RECURSO_DESCONHECIDO: 404,
      PROVA_DESCONHECIDA: 404,
      PROVA_PENDENTE: 503,
      METODO_NAO_PERMITIDO: 405,
      TIPO_NAO_ACEITO: 406,
      TIPO_NAO_SUPORTADO: 415,
      GRAPHQL_PARSE_FAILED: 400,
      GRAPHQL_VALIDATION_FAILED: 400,
      OPERATION_RESOLUTION_FAILURE: 400,
      PERSISTED_QUERY_NOT_SUPPORTED: 200,
      PERSISTED_QUERY_NOT_FOUND: 200,
      PERSISTED_QUERY_NOT_IN_LIST: 400,
      LIMITE_EXCEDIDO: 400,
      RATE_LIMITED: 429,
      FONTE_INDISPONIVEL: 503,
      FONTE_LENTA: 503,
      FONTE_INVALIDA: 503,
      SERVICO_ENCERRANDO: 503,
      INTERNAL_SERVER_ERROR: 500,
    });
  });

  it('does not take a member that every object has for a code', () => {
    expect(Object.keys(publicErrors).every(isPublicErrorCode)).toBe(true);
    for (const value of ['toString', 'constructor', '__proto__', 'unauthenticated', '', undefined, 401]) {
      expect(isPublicErrorCode(value)).toBe(false);
    }
  });

  it('says when to ask again for every code with status 503 or 429, and for no other', () => {
    const temporary = Object.entries(publicErrors).filter(([, { status }]) => status === 503 || status === 429);
    expect(Object.keys(retryAfterSeconds).toSorted()).toEqual(temporary.map(([code]) => code).toSorted());
  });

  it('gives an error the message of its code, unless the error has a detail', () => {
    expect(new PublicError('CPF_INVALIDO').message).toBe(publicErrors.CPF_INVALIDO.message);
    const error = new PublicError('FONTE_LENTA', { detail: 'Later.', fonte: 'score', cause: new Error('57014') });
    expect(error).toMatchObject({
      code: 'FONTE_LENTA',
      fonte: 'score',
      message: 'Later.',
      cause: { message: '57014' },
    });
  });

  it('names no host, library or number in any message', () => {
    for (const { message } of Object.values(publicErrors)) {
      expect(message).not.toMatch(/\d|prisma|postgres|redis|elastic|apollo|:\/\//i);
    }
  });
});
