import { isPublicErrorCode, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { type RefusalReason, refusalReasonOf } from '@pessoa/domain/motivo';
import { type Fonte, fontes } from '@pessoa/domain/services';
import { ROUTER_ONLY } from '@pessoa/service/identity/internal-identity';

export type Path = readonly (string | number)[];

/** The reason for which a subgraph's answer lacks something. */
export interface Loss {
  readonly code: PublicErrorCode;
  readonly message: string;
  readonly fonte?: Fonte | undefined;
  readonly reason?: RefusalReason | undefined;
}

/** An error in a subgraph's answer, in the form that the gateway reads. */
export interface SubgraphError {
  readonly message: string;
  readonly path?: Path;
  readonly extensions: { readonly code: PublicErrorCode; readonly fonte?: Fonte } & Partial<RefusalReason>;
}

/** Replacements of codes that are about the router's own fetch: the client did not cause them. */
const clientCodes: Partial<Record<PublicErrorCode, PublicErrorCode>> = {
  GRAPHQL_PARSE_FAILED: 'FONTE_INVALIDA',
  GRAPHQL_VALIDATION_FAILED: 'FONTE_INVALIDA',
  OPERATION_RESOLUTION_FAILURE: 'FONTE_INVALIDA',
  PERSISTED_QUERY_NOT_SUPPORTED: 'FONTE_INVALIDA',
  ROTA_DESCONHECIDA: 'FONTE_INVALIDA',
  RECURSO_DESCONHECIDO: 'FONTE_INVALIDA',
  METODO_NAO_PERMITIDO: 'FONTE_INVALIDA',
  TIPO_NAO_ACEITO: 'FONTE_INVALIDA',
  TIPO_NAO_SUPORTADO: 'FONTE_INVALIDA',
  SERVICO_ENCERRANDO: 'FONTE_INDISPONIVEL',
  NAO_ENCONTRADO: 'INTERNAL_SERVER_ERROR',
};

const isSourceCode = (code: PublicErrorCode): boolean => code.startsWith('FONTE_');

export const lossOf = (code: PublicErrorCode, fonte: Fonte): Loss => ({
  code,
  message: publicErrors[code].message,
  fonte,
});

export function errorAt(path: Path, { code, message, fonte, reason }: Loss): SubgraphError {
  const extensions = fonte && isSourceCode(code) ? { code, fonte } : { code, ...reason };
  return { message, path, extensions };
}

/** An entry of `errors` in a subgraph's answer. */
interface ReportedError {
  readonly loss: Loss;
  /** Undefined for an error without a readable path: it concerns the whole fetch. */
  readonly path: Path | undefined;
}

/** Reads the `errors` of a subgraph's answer. A code outside the closed table becomes INTERNAL_SERVER_ERROR. */
export function readReportedErrors(errors: unknown, fonte: Fonte): ReportedError[] {
  if (!Array.isArray(errors)) return [];
  return errors.map(
    (error: { message?: unknown; path?: unknown; extensions?: Readonly<Record<string, unknown>> } | null) => {
      const reportedCode = error?.extensions?.['code'];
      const code = error?.message === ROUTER_ONLY ? 'FONTE_INDISPONIVEL' : toClientCode(reportedCode);
      const message =
        code === reportedCode && typeof error?.message === 'string' ? error.message : publicErrors[code].message;
      const loss = {
        code,
        message,
        fonte: fontes.find((name) => name === error?.extensions?.['fonte']) ?? fonte,
        reason: refusalReasonOf(code, error?.extensions),
      };
      return { loss, path: isPath(error?.path) ? error.path : undefined };
    },
  );
}

const toClientCode = (reportedCode: unknown): PublicErrorCode =>
  isPublicErrorCode(reportedCode) ? (clientCodes[reportedCode] ?? reportedCode) : 'INTERNAL_SERVER_ERROR';

const isPath = (path: unknown): path is Path =>
  Array.isArray(path) && path.length > 0 && path.every((step) => typeof step === 'string' || Number.isInteger(step));
