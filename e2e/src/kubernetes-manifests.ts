import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { root } from './started-system.ts';

/** The parts of a Kubernetes object that our tests read. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Record<string, never>;
  readonly data?: Readonly<Record<string, string>>;
}

interface HttpProbe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly securityContext: object;
  readonly resources: { readonly requests: object; readonly limits: object };
  readonly startupProbe?: HttpProbe;
  readonly readinessProbe?: HttpProbe;
  readonly livenessProbe?: HttpProbe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly: boolean }[];
}

/** The pods of a Deployment or a Job. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly automountServiceAccountToken: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext: object;
    readonly containers: readonly [Container];
    readonly volumes: readonly [
      {
        readonly name: string;
        readonly secret: {
          readonly secretName: string;
          readonly defaultMode: number;
          readonly items: readonly { readonly key: string; readonly path: string }[];
        };
      },
    ];
  };
}

export const KUBERNETES = join(root, 'deploy/kubernetes');

export const readManifests = (yaml: string): Manifest[] =>
  parseAllDocuments(yaml).map((document) => document.toJS() as Manifest);

/** Each file of deploy/kubernetes and its objects, without the kustomizations. */
export function manifestFiles(): ReadonlyMap<string, readonly Manifest[]> {
  const names = readdirSync(KUBERNETES, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.yaml') && !name.endsWith('kustomization.yaml')).toSorted();
  return new Map(files.map((file) => [file, readManifests(readFileSync(join(KUBERNETES, file), 'utf8'))]));
}

export const podTemplateOf = ({ spec }: Manifest): PodTemplate => spec!['template']! as PodTemplate;

/** The kinds of deploy/kubernetes. */
const KINDS: Readonly<Record<string, new (manifest: never) => { validate(): void }>> = {
  'v1 Namespace': Namespace,
  'v1 ConfigMap': ConfigMap,
  'v1 Service': Service,
  'apps/v1 Deployment': Deployment,
  'batch/v1 Job': Job,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
};

/** Compares an object with the schema of Kubernetes. @throws when it does not fit */
export function validate(manifest: Manifest): void {
  const Kind = KINDS[`${manifest.apiVersion} ${manifest.kind}`]!;
  new Kind(manifest as never).validate();
}
