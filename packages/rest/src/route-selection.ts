import { pruneOperation } from './prune-operation.ts';
import type { RestParams, RouteDefinition } from './route-definition.ts';

/**
 * What an answer without errors has of a route's `parts`. `unknown`: none, because the base does not know the CPF.
 * `partial`: some are missing, which is a fault of the source.
 */
export type Presence = 'unknown' | 'partial' | 'complete';

/** What one request asks of a route: the whole operation, or the parts that `campos` names. */
export interface RouteSelection {
  /** The text of the operation. It asks for the chosen parts, and for what the headers and the status need. */
  readonly document: string;
  toVariables(params: RestParams): Record<string, unknown>;
  presence(data: unknown): Presence;
  toBody(data: unknown): Record<string, unknown>;
  /** The cursor of the next page; undefined on the last page and without a list that has pages. */
  nextCursor(data: unknown): string | undefined;
  /** Whether any part may lack what its base has by now. */
  isStale(data: unknown): boolean;
}

/**
 * @param document the whole operation of the route
 * @param campos the chosen members of the body; undefined chooses all
 */
export function routeSelection(
  definition: RouteDefinition,
  document: string,
  campos: readonly string[] | undefined,
): RouteSelection {
  const members = Object.entries(definition.body).filter(
    ([name]) => name === 'cpf' || campos === undefined || campos.includes(name),
  );
  const places = placesOf(
    definition,
    members.map(([, place]) => place),
  );
  const isAsked = (place: string): boolean => places.some((asked) => isWithin(asked, place));
  const operation =
    campos === undefined
      ? undefined
      : pruneOperation(document, (field) => isAsked(field) || places.some((place) => isWithin(field, place)));
  const parts = definition.parts.filter(isAsked).map(readerOf);
  const body = members.map(([name, place]) => [name, readerOf(place)] as const);
  const marks = definition.staleMarks.filter(isAsked).map(readerOf);
  const readCpf = readerOf('cpf');
  const { connection } = definition;
  const readNextCursor = connection !== undefined && isAsked(connection) ? nextCursorReader(connection) : undefined;

  return {
    document: operation?.document ?? document,
    toVariables(params) {
      const variables = { cpf: params.path.cpf, ...definition.variables(params.query) };
      if (operation === undefined) return variables;
      return Object.fromEntries(Object.entries(variables).filter(([name]) => operation.variables.has(name)));
    },
    presence(data) {
      const present = parts.filter((part) => part(data) !== null).length;
      if (present === parts.length) return 'complete';
      return present === 0 && readCpf(data) !== null ? 'unknown' : 'partial';
    },
    toBody: (data) => Object.fromEntries(body.map(([name, read]) => [name, read(data)])),
    nextCursor: (data) => readNextCursor?.(data),
    isStale: (data) => marks.some((mark) => mark(data) === true),
  };
}

/** The places to ask for: the chosen ones, and what the headers and the status need beside them. */
function placesOf(
  { parts, presenceMark, connection, staleMarks, path }: RouteDefinition,
  chosenPlaces: readonly string[],
): string[] {
  const tellsPresence = parts.some((part) => chosenPlaces.some((place) => isWithin(place, part)));
  if (!tellsPresence && presenceMark === undefined) throw new Error(`${path} needs a presenceMark`);
  const places = tellsPresence ? chosenPlaces : [...chosenPlaces, presenceMark!];
  const companions = [...(connection === undefined ? [] : [`${connection}.pageInfo`]), ...staleMarks];
  return [...places, ...companions.filter((companion) => places.some((place) => isWithin(place, parentOf(companion))))];
}

/** Whether a place is another place, or below it. */
const isWithin = (place: string, other: string): boolean => place === other || place.startsWith(`${other}.`);

const parentOf = (place: string): string => place.slice(0, place.lastIndexOf('.'));

/** @returns the value at `pessoa.<place>`; null when any step is missing */
type Reader = (data: unknown) => unknown;

function readerOf(place: string): Reader {
  const keys = ['pessoa', ...place.split('.')];
  return (data) => {
    let value = data;
    for (const key of keys) {
      if (typeof value !== 'object' || value === null) return null;
      value = (value as Record<string, unknown>)[key] ?? null;
    }
    return value;
  };
}

function nextCursorReader(connection: string): (data: unknown) => string | undefined {
  const hasNextPage = readerOf(`${connection}.pageInfo.hasNextPage`);
  const endCursor = readerOf(`${connection}.pageInfo.endCursor`);
  return (data) => {
    const cursor = hasNextPage(data) === true ? endCursor(data) : null;
    return typeof cursor === 'string' ? cursor : undefined;
  };
}
