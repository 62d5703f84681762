import { byId } from './dom.js';
import { post } from './graph.js';

/** What the router put into the page. */
export const data = JSON.parse(byId('data').textContent);

/** Clears what is on the screen, and asks for a new sign-in. */
export function endSession() {
  byId('resultado').replaceChildren();
  byId('situacao').replaceChildren();
  for (const field of document.querySelectorAll('input, textarea')) /** @type {HTMLInputElement} */ (field).value = '';
  byId('fim-entrar').href = location.pathname;
  const dialog = byId('fim');
  if (!dialog.open) dialog.showModal();
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
