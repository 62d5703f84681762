import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig as readAuditorConfig } from '@pessoa/auditor/config';
import { readConfig as readDebtConfig } from '@pessoa/debt/config';
import { readConfig as readEventConfig } from '@pessoa/event/config';
import { readConfig as readIndexerConfig } from '@pessoa/indexer/config';
import { readConfig as readRouterConfig } from '@pessoa/router/config';
import { readConfig as readScoreConfig } from '@pessoa/score/config';
import { serviceNames } from '@pessoa/domain/services';
import { DRAIN_MILLIS } from '@pessoa/service/http/http-service';
import { databaseVariables, openTestBases } from '@pessoa/testkit/test-bases';
import { parse } from 'yaml';
import { processes, readComposeFile, readDockerfile } from '../../src/compose-file.ts';
import {
  type Container,
  KUBERNETES,
  type Manifest,
  manifestFiles,
  podTemplateOf,
  validate,
} from '../../src/kubernetes-manifests.ts';
import { settingsByProcess } from '../../src/settings.ts';
import { root } from '../../src/started-system.ts';

const files = manifestFiles();
const manifests = [...files.values()].flat();
const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
const workloads = [...ofKind('Deployment'), ...ofKind('Job')].map(
  (manifest) => [manifest.metadata.name, podTemplateOf(manifest)] as const,
);
const deployments = new Map(ofKind('Deployment').map((manifest) => [manifest.metadata.name, manifest]));
const containerOf = (name: string) => podTemplateOf(deployments.get(name)!).spec.containers[0];
const configs = { debt: readDebtConfig, score: readScoreConfig, event: readEventConfig, indexer: readIndexerConfig, auditor: readAuditorConfig, router: readRouterConfig } as const; // prettier-ignore
const names = Object.keys(configs) as (keyof typeof configs)[];
const withClients = names.filter((name) => name !== 'indexer');
const answering = withClients.filter((name) => name !== 'auditor');
const NETWORK = 'network.pessoa/';
const networksOf = (labels: Readonly<Record<string, string>>): string[] =>
  Object.keys(labels).flatMap((label) => (label.startsWith(NETWORK) ? [label.slice(NETWORK.length)] : []));

describe('deploy/kubernetes', () => {
  it('has a Deployment for each process of docker-compose.yml, and the migration', () => {
    expect(workloads.map(([name]) => name).toSorted()).toEqual([...processes, 'migrate'].toSorted());
  });

  it.each([...files.keys()])('has %s in a kustomization', (file) => {
    const kustomization = readFileSync(join(KUBERNETES, dirname(file), 'kustomization.yaml'), 'utf8');
    const { resources } = parse(kustomization) as { resources: string[] };
    expect(resources).toContain(basename(file));
  });

  it.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    'has a %s that fits the schema of Kubernetes',
    (_, manifest) => validate(manifest),
  );

  it('detects an object that does not fit it', () => {
    const { spec, ...deployment } = deployments.get('router')!;
    expect(() => validate({ ...deployment, spec: { ...spec, replicas: 'two' } as never })).toThrow('replicas');
  });

  describe.each(workloads)('runs %s', (name, { metadata, spec }) => {
    const [container] = spec.containers;
    const [{ secret }] = spec.volumes;
    const variables = new Map(container.env.map(({ name: variable, value }) => [variable, value]));

    it('as the restricted standard of pod security wants it', () => {
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    });

    it('from an image that the Dockerfile builds', () => {
      expect(readDockerfile().map((stage) => `pessoa-${stage.name}`)).toContain(container.image);
    });

    it('with the secrets that its settings name, by reference, and no other', () => {
      const used = [...variables].flatMap(([variable, path]) => (variable.endsWith('_FILE') ? [path] : []));
      const [{ mountPath, readOnly }] = container.volumeMounts as [(typeof container.volumeMounts)[0]];
      expect(readOnly).toBe(true);
      expect(secret.items.map(({ path }) => `${mountPath}/${path}`).toSorted()).toEqual(used.toSorted());
      expect(secret.items.filter(({ key, path }) => key !== path)).toEqual([]);
      expect(secret).toMatchObject({ secretName: name, defaultMode: 0o440 });
      // Their names are those of docker-compose.yml, and of `secrets`.
      const known = Object.keys(readComposeFile().secrets);
      expect(secret.items.filter(({ key }) => !known.includes(key))).toEqual([]);
    });

    it('on the networks that it has in docker-compose.yml', () => {
      // There the keys of tokens are a file.
      const issuer = withClients.some((process) => process === name) ? ['issuer'] : [];
      const expected = [...readComposeFile().services[name]!.networks!, ...issuer];
      expect(networksOf(metadata.labels).toSorted()).toEqual(expected.toSorted());
    });

    it('within memory that it has in docker-compose.yml', () => {
      expect(container.resources).toMatchObject({ requests: { memory: '256Mi' }, limits: { memory: '512Mi' } });
      expect(readComposeFile().services[name]!.mem_limit).toBe('512m');
    });
  });

  it.each(names)('gives %s settings with which it starts in production', async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'pessoa-kubernetes-'));
    try {
      const env: Record<string, string> = { NODE_ENV: 'production' };
      for (const { configMapRef } of containerOf(name).envFrom ?? [])
        Object.assign(env, ofKind('ConfigMap').find(({ metadata }) => metadata.name === configMapRef.name)!.data);
      for (const { name: variable, value } of containerOf(name).env) {
        if (variable.endsWith('_FILE')) {
          env[variable] = join(folder, variable);
          await writeFile(env[variable]!, sampleSecret(variable));
        } else env[variable] = value;
      }
      const known = Object.keys(settingsByProcess[name]);
      const unknown = Object.keys(env).filter((variable) => !known.includes(variable.replace(/_FILE$/, '')));
      expect(unknown).toEqual(['NODE_ENV']);
      expect(configs[name](env)).toMatchObject({ port: containerOf(name).ports![0]!.containerPort });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(names)('asks %s whether it lives and whether it is ready', (name) => {
    const { startupProbe, readinessProbe, livenessProbe, ports } = containerOf(name);
    expect(ports!.map((port) => port.name)).toEqual(['http', 'metrics']);
    expect(ports![1]!.containerPort).toBe(ports![0]!.containerPort + 100);
    expect([startupProbe, readinessProbe, livenessProbe].map((probe) => probe!.httpGet)).toEqual([
      { path: '/health/live', port: 'http' },
      { path: '/health/ready', port: 'http' },
      // The server of requests drops connections when it has as many as it may.
      { path: '/metrics', port: 'metrics' },
    ]);
  });

  it.each(withClients)(
    'replaces %s without a gap: a new pod is ready before an old one ends, which has time to drain',
    (name) => {
      const { spec } = deployments.get(name)!;
      expect(spec).toMatchObject({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
      const template = podTemplateOf(deployments.get(name)!).spec;
      const [, pause] = template.containers[0].lifecycle!.preStop.exec.command;
      const drainSeconds = DRAIN_MILLIS / 1_000 + 2; // as `runProcess` gives it
      expect(template.terminationGracePeriodSeconds).toBeGreaterThan(Number(pause) + drainSeconds);
    },
  );

  it('runs the indexer once', () => {
    expect(deployments.get('indexer')!.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    expect([...ofKind('HorizontalPodAutoscaler'), ...ofKind('PodDisruptionBudget'), ...ofKind('Service')].filter(({ metadata }) => metadata.name === 'indexer')).toEqual([]); // prettier-ignore
  });

  const specOf = (kind: string, name: string) => ofKind(kind).find(({ metadata }) => metadata.name === name)?.spec as object; // prettier-ignore

  it.each(withClients)('has a service and a budget of disruptions for %s', (name) => {
    const selector = { 'app.kubernetes.io/name': name };
    expect(podTemplateOf(deployments.get(name)!).metadata.labels).toMatchObject(selector);
    expect(specOf('Service', name)).toMatchObject({
      selector,
      ports: [{ port: containerOf(name).ports![0]!.containerPort, targetPort: 'http' }],
    });
    expect(specOf('PodDisruptionBudget', name)).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: selector } }); // prettier-ignore
  });

  it.each(answering)('has an autoscaler for %s', (name) => {
    expect(specOf('HorizontalPodAutoscaler', name)).toMatchObject({ scaleTargetRef: { kind: 'Deployment', name }, minReplicas: 2 }); // prettier-ignore
  });

  it('runs two auditors: one leads, the other serves and takes over', () => {
    expect(deployments.get('auditor')!.spec).toMatchObject({ replicas: 2 });
    expect(specOf('HorizontalPodAutoscaler', 'auditor')).toBeUndefined();
  });

  it('scales by metrics that exist', () => {
    const metrics = ofKind('HorizontalPodAutoscaler').flatMap(
      ({ spec }) => spec!['metrics']! as { type: string; pods?: { metric: { name: string } } }[],
    );
    const ownNames = metrics.flatMap(({ pods }) => (pods ? [pods.metric.name] : []));
    const operations = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    expect(ownNames).toEqual(['pessoa_requests_waiting']);
    expect(ownNames.filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
  });

  it('has a policy for each network, and lets nothing else in or out', () => {
    const policies = new Map(ofKind('NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec as object]));
    expect(policies.get('nothing-else')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const networks = new Set(workloads.flatMap(([, { metadata }]) => networksOf(metadata.labels)));
    expect([...networks].filter((network) => network !== 'graph' && !policies.has(network))).toEqual([]);
    for (const [caller, name] of [
      ...[...serviceNames, 'auditor'].map((called) => ['router', called]),
      ['event', 'auditor'],
    ] as [string, 'auditor'][]) {
      // prettier-ignore
      const ports = [{ port: containerOf(name).ports![0]!.containerPort, protocol: 'TCP' }];
      const of = (process: string) => [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': process } } }];
      expect(policies.get(`${caller}-to-${name}`)).toMatchObject({ egress: [{ to: of(name), ports }] });
      expect(policies.get(`${name}-from-${caller}`)).toMatchObject({ ingress: [{ from: of(caller), ports }] });
    }
    const open = [...policies].filter(([, policy]) => JSON.stringify(policy).includes('0.0.0.0/0'));
    expect(open).toEqual([]);
    // Some networks do not resolve the names of ports.
    const named = [...policies].filter(([, policy]) => /"port":"/.test(JSON.stringify(policy)));
    expect(named).toEqual([]);
  });

  it('differs between the processes only in what is theirs', () => {
    const common = answering.map((name) => {
      const text = JSON.stringify(podTemplateOf(deployments.get(name)!).spec.containers[0]);
      const { env: _, envFrom, image: __, name: ___, ports: ____, ...rest } = JSON.parse(text) as Container;
      return { envFrom, ...rest };
    });
    for (const container of common) expect(container).toEqual(common[0]);
  });

  it('leaves connections to others: it takes at most 50 of a base and 80 of the audit', () => {
    const most = (name: string): number =>
      Number((ofKind('HorizontalPodAutoscaler').find(({ metadata }) => metadata.name === name)!.spec as Record<string, unknown>)['maxReplicas']) + 1; // prettier-ignore
    const audit = answering.map((name) => most(name) * 2).reduce((sum, count) => sum + count) + most('event') * 4;
    const auditors = Number(deployments.get('auditor')!.spec!['replicas']) + 1;
    expect(Math.max(...serviceNames.map((name) => most(name) * 10))).toBeLessThanOrEqual(50);
    expect(audit + auditors * 5).toBeLessThanOrEqual(80);
  });

  it('migrates the audit with the settings of its job, and leaves the bases as they are', async () => {
    const bases = await openTestBases();
    const folder = await mkdtemp(join(tmpdir(), 'pessoa-kubernetes-'));
    try {
      const { env, command } = podTemplateOf(ofKind('Job')[0]!).spec.containers[0];
      const urls = databaseVariables(bases) as Record<string, string>;
      const variables: Record<string, string> = { PATH: process.env['PATH']!, NODE_ENV: 'production' };
      for (const { name } of env) {
        variables[name] = join(folder, name);
        await writeFile(variables[name]!, urls[name.replace(/_FILE$/, '')]!);
      }
      const { stdout } = await promisify(execFile)(process.execPath, command!.slice(1), { cwd: root, env: variables });
      expect(stdout).toBe('auditoria: up to date\n');
    } finally {
      await rm(folder, { recursive: true });
      await bases.drop();
    }
  });
});

/** A value that a setting of production accepts. */
function sampleSecret(variable: string): string {
  if (variable.includes('_KEY')) return randomBytes(32).toString('base64url');
  if (variable.startsWith('REDIS')) return 'rediss://pessoa:senha@redis.example:6379';
  if (variable.startsWith('ELASTICSEARCH')) return 'https://pessoa:senha@indice.example:9200';
  return 'postgresql://leitor:senha@base.example:5432/base?sslmode=verify-full';
}
