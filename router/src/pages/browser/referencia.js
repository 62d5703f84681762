const { authorization } = JSON.parse(document.getElementById('data').textContent);

// Swagger UI has its dark colours under a class of the document.
const dark = matchMedia('(prefers-color-scheme: dark)');
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();

const reference = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#referencia',
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null, // by default it sends the document to a validator on the internet
  persistAuthorization: false,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  onComplete() {
    if (authorization !== '') reference.preauthorizeApiKey('bearer', authorization.replace('Bearer ', ''));
  },
});
