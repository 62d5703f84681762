const { query, variables, authorization, embedOrigin } = JSON.parse(document.getElementById('data').textContent);

/** Time in which Apollo's frame must send its first message. */
const FRAME_TIMEOUT_MILLIS = 5_000;
/** Shows one of three elements. The frame stays hidden until it is loaded. */
const show = (visibleId) => {
  for (const id of ['loading', 'unreachable', 'sandbox']) document.getElementById(id).hidden = id !== visibleId;
};
const timer = setTimeout(() => show('unreachable'), FRAME_TIMEOUT_MILLIS);
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
    // Initial headers become a part of the frame's address, and Apollo's host reads that address. So `handleRequest`
    // adds the token instead. Without a token, an empty header shows where yours goes.
    ...(authorization === '' && { headers: { authorization } }),
  },
  handleRequest(url, options) {
    const headers = new Headers(options.headers);
    if (authorization !== '' && !headers.has('authorization')) headers.set('authorization', authorization);
    return fetch(url, { ...options, headers });
  },
});
