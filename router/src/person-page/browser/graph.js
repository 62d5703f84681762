/** The header by which the router knows the page's own requests. */
const PAGE_HEADERS = { 'content-type': 'application/json', 'x-pessoa-pagina': '1' };

/**
 * Posts JSON to the router. The session's cookie goes along, and no script can read it.
 *
 * @param {string} path
 * @param {object} body
 * @param {Record<string, string>} [headers]
 */
export const post = (path, body, headers = {}) =>
  fetch(path, {
    method: 'POST',
    headers: { ...PAGE_HEADERS, ...headers },
    body: JSON.stringify(body),
    cache: 'no-store',
  });

/** @typedef {{ message?: string, path?: (string | number)[], extensions?: { code?: string, motivo?: string, fonte?: string, escopos?: string[] } }} GraphError */
/** @typedef {{ status: number, data: any, errors: GraphError[], omitted: number }} Answer `omitted` counts the errors that the router left out */

/**
 * Runs a persisted operation.
 *
 * @param {string} id
 * @param {object} variables
 * @param {string} finalidade
 * @returns {Promise<Answer>} `status` is 0 when the router does not answer
 */
export async function runOperation(id, variables, finalidade) {
  try {
    const answer = await post(
      '/pessoa/graphql',
      { variables, extensions: { persistedQuery: { version: 1, sha256Hash: id } } },
      { 'x-finalidade': finalidade, accept: 'application/json' },
    );
    const { data = null, errors = [], extensions } = await answer.json();
    return { status: answer.status, data, errors, omitted: extensions?.errosOmitidos ?? 0 };
  } catch {
    return { status: 0, data: null, errors: [], omitted: 0 };
  }
}
