import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import {
  KUBERNETES,
  type Manifest,
  manifestFiles,
  podTemplateOf,
  readManifests,
} from '../../src/kubernetes-manifests.ts';
import { root } from '../../src/started-system.ts';

const run = promisify(execFile);
const render = async (folder: string): Promise<Manifest[]> =>
  readManifests((await run('kubectl', ['kustomize', folder])).stdout);

const FOLDERS = ['namespace', 'migrate', 'subgraphs', 'router'];

const nameOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

describe('kubectl kustomize', () => {
  it('renders every object, in the namespace', async () => {
    const rendered = (await Promise.all(FOLDERS.map((folder) => render(join(KUBERNETES, folder))))).flat();
    const written = [...manifestFiles().values()].flat();
    expect(rendered.map(nameOf).toSorted()).toEqual(written.map(nameOf).toSorted());
    const elsewhere = rendered.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'pessoa');
    expect(elsewhere.map(nameOf)).toEqual([]);
  });

  it('takes an overlay that names images, the issuer and the address of a base', async () => {
    const overlay = await mkdtemp(join(tmpdir(), 'pessoa-overlay-'));
    try {
      await writeFile(join(overlay, 'issuer.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: issuer, namespace: pessoa }\ndata: { JWT_ISSUER: https://emissor.test }\n'); // prettier-ignore
      await writeFile(join(overlay, 'base-a.yaml'), 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: base-a, namespace: pessoa }\nspec: { egress: [{ to: [{ ipBlock: { cidr: 198.51.100.7/32 } }], ports: [{ port: 5432, protocol: TCP }] }] }\n'); // prettier-ignore
      await writeFile(
        join(overlay, 'kustomization.yaml'),
        [
          `bases: [${['namespace', 'subgraphs'].map((folder) => relative(overlay, join(KUBERNETES, folder))).join(', ')}]`,
          'patchesStrategicMerge: [issuer.yaml, base-a.yaml]',
          'images: [{ name: pessoa-debt, newName: imagens.example/pessoa-debt, newTag: "7" }]',
        ].join('\n'),
      );
      const rendered = new Map((await render(overlay)).map((manifest) => [nameOf(manifest), manifest]));
      const debt = podTemplateOf(rendered.get('Deployment debt')!).spec.containers[0];
      expect(debt.image).toBe('imagens.example/pessoa-debt:7');
      expect(rendered.get('ConfigMap issuer')!.data).toMatchObject({
        JWT_ISSUER: 'https://emissor.test',
        JWT_AUDIENCE: 'pessoa',
      });
      expect(JSON.stringify(rendered.get('NetworkPolicy base-a'))).toContain('198.51.100.7/32');
    } finally {
      await rm(overlay, { recursive: true });
    }
  });

  it('keeps the document about it true: each Secret and its keys', () => {
    const text = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8');
    const keys = [...manifestFiles().values()].flat().flatMap((manifest) => {
      if (manifest.kind !== 'Deployment' && manifest.kind !== 'Job') return [];
      const [{ secret }] = podTemplateOf(manifest).spec.volumes;
      return secret.items.map(({ key }) => `\`${key}\``);
    });
    expect(keys.filter((key) => !text.includes(key))).toEqual([]);
  });
});
