const { query, variables, authorization, embedOrigin } = JSON.parse(document.getElementById('data').textContent);

/** Milliseconds that Apollo's frame has to show a sign of life. */
const PATIENCE = 5_000;
/** One of the three is shown: an empty frame never is. */
const show = (shown) => {
  for (const id of ['loading', 'unreachable', 'sandbox']) document.getElementById(id).hidden = id !== shown;
};
const timer = setTimeout(() => show('unreachable'), PATIENCE);
window.addEventListener('message', ({ origin }) => {
  if (origin !== embedOrigin) return;
  clearTimeout(timer);
  show('sandbox');
});

new ApolloSandboxModule.ApolloSandbox({
  target: '#sandbox',
  initialEndpoint: `${location.origin}/graphql`,
  endpointIsEditable: false,
  runTelemetry: false,
  allowDynamicStyles: false,
  initialState: {
    document: query,
    variables,
    pollForSchemaUpdates: false,
    // Initial headers become part of the frame's address, which Apollo's host reads. So the token is not among them: it
    // is added here, to what the frame asks this page to send. Without one, an empty header shows where yours goes.
    ...(authorization === '' && { headers: { authorization } }),
  },
  handleRequest(url, options) {
    const headers = new Headers(options.headers);
    if (authorization !== '' && !headers.has('authorization')) headers.set('authorization', authorization);
    return fetch(url, { ...options, headers });
  },
});
