import { byId } from './dom.js';
import { post } from './graph.js';

const { path } = JSON.parse(byId('data').textContent);

byId('desenvolvimento')?.addEventListener('submit', async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const cpf = byId('como').value;
  const answer = await post('/pessoa/desenvolvimento', cpf === '' ? {} : { cpf }).catch(() => undefined);
  if (answer?.ok) location.replace(path);
  else byId('situacao').textContent = 'Não foi possível entrar. Os tokens de desenvolvimento só valem nesta máquina.';
});
