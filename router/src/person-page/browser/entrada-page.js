import { post } from './graph.js';

// The code leaves the address before anything else: it works once, and is nobody's business.
const query = location.search;
history.replaceState(null, '', location.pathname);

/** @param {string} text */
function fail(text) {
  const state = /** @type {HTMLElement} */ (document.getElementById('situacao'));
  state.textContent = text;
  /** @type {HTMLElement} */ (document.getElementById('de-novo')).hidden = false;
}

try {
  const answer = await post('/pessoa/entrada', { query });
  if (answer.ok) location.replace((await answer.json()).path);
  else if (answer.status === 503) fail('O sistema de identidade não respondeu. Tente de novo em instantes.');
  else if (answer.status === 429) fail('Muitas pessoas estão entrando agora. Tente de novo em instantes.');
  else fail('A entrada não foi concluída: o acesso foi negado, ou a página demorou demais.');
} catch {
  fail('O servidor não respondeu. Confira a sua rede.');
}
