import { byId } from './dom.js';
import { post, runOperation } from './graph.js';

/** What the router put into the page. */
export const data = JSON.parse(byId('data').textContent);

let hasEnded = false;

/** Clears what is on the screen, and asks for a new sign-in. */
function endSession() {
  hasEnded = true;
  byId('resultado').replaceChildren();
  byId('situacao').replaceChildren();
  for (const field of document.querySelectorAll('input, textarea')) /** @type {HTMLInputElement} */ (field).value = '';
  byId('fim-entrar').href = location.pathname;
  const dialog = byId('fim');
  if (!dialog.open) dialog.showModal();
}

/**
 * Sends an operation of the page. Nobody sees an answer that comes after the end of the session: it reads as a refusal.
 *
 * @param {string} name such as `PaginaLista`
 * @param {object} variables
 * @param {string} finalidade
 * @returns {Promise<import('./graph.js').Answer>} `status` is 401 when the session has ended
 */
export async function askInSession(name, variables, finalidade) {
  const answer = await runOperation(data.operations[name], variables, finalidade);
  if (answer.status === 401) endSession();
  return hasEnded ? { status: 401, data: null, errors: [], omitted: 0 } : answer;
}

/** Signs out on the button, and ends the screen with the session. */
export function watchSession() {
  byId('sair').addEventListener('click', async () => {
    const answer = await post('/pessoa/sair', {}).catch(() => undefined);
    const { endereco = '/pessoa' } = (await answer?.json().catch(() => undefined)) ?? {};
    location.replace(endereco);
  });
  byId('fim').addEventListener('cancel', (/** @type {Event} */ event) => event.preventDefault());
  // The router says how much is left: the clock of this machine may be wrong.
  const end = Date.now() + data.segundosRestantes * 1_000;
  const check = () => {
    const left = end - Date.now();
    if (left <= 0) endSession();
    else setTimeout(check, Math.min(left, 60_000)); // a sleeping machine stops the clock of a long wait
  };
  check();
}
