import { createPrivateKey, createPublicKey } from 'node:crypto';
import { verifyVrf, vrfKey } from '../../src/vrf/ecvrf.ts';

const fromHex = (text: string): Buffer => Buffer.from(text, 'hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

// RFC 9381, appendix B.4.
const EXAMPLES = [
  {
    name: 'example 19',
    secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    alpha: '',
    proof:
      '7d9c633ffeee27349264cf5c667579fc583b4bda63ab71d001f89c10003ab46f14adf9a3cd8b8412d9038531e865c341cafa73589b023d14311c331a9ad15ff2fb37831e00f0acaa6d73bc9997b06501',
    output:
      '9d574bf9b8302ec0fc1e21c3ec5368269527b87b462ce36dab2d14ccf80c53cccf6758f058c5b1c856b116388152bbe509ee3b9ecfe63d93c3b4346c1fbc6c54',
  },
  {
    name: 'example 20',
    secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    alpha: '72',
    proof:
      '47b327393ff2dd81336f8a2ef10339112401253b3c714eeda879f12c509072ef055b48372bb82efbdce8e10c8cb9a2f9d60e93908f93df1623ad78a86a028d6bc064dbfc75a6a57379ef855dc6733801',
    output:
      '38561d6b77b71d30eb97a062168ae12b667ce5c28caccdf76bc88e093e4635987cd96814ce55b4689b3dd2947f80e59aac7b7675f8083865b46c89b2ce9cc735',
  },
  {
    name: 'example 21',
    secret: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    alpha: 'af82',
    proof:
      '926e895d308f5e328e7aa159c06eddbe56d06846abf5d98c2512235eaa57fdce35b46edfc655bc828d44ad09d1150f31374e7ef73027e14760d42e77341fe05467bb286cc2c9d7fde29120a0b2320d04',
    output:
      '121b7f9b9aaaa29099fc04a94ba52784d44eac976dd1a3cca458733be5cd090a7b5fbd148444f17f8daf1fb55cb04b1ae85a626e30a54b4b0f8abf4a43314a58',
  },
];

describe('The VRF of the RFC', () => {
  it.each(EXAMPLES)('has the key, the proof and the output of $name', ({ secret, publicKey, alpha, proof, output }) => {
    const key = vrfKey(fromHex(secret));
    const proved = key.prove(fromHex(alpha));
    expect(hex(key.publicKey)).toBe(publicKey);
    expect({ proof: hex(proved.proof), output: hex(proved.output) }).toEqual({ proof, output });
    expect(hex(key.output(fromHex(alpha)))).toBe(output);
    expect(hex(verifyVrf(fromHex(publicKey), fromHex(alpha), fromHex(proof)))).toBe(output);
  });
});

describe('A key of the VRF', () => {
  it('has the public key that Ed25519 of node:crypto has for the same 32 bytes', () => {
    for (let count = 1; count <= 50; count += 1) {
      const secret = Buffer.alloc(32, count);
      const pkcs8 = Buffer.concat([fromHex('302e020100300506032b657004220420'), secret]);
      const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
      const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
      expect(Buffer.from(vrfKey(secret).publicKey).toString('base64url')).toBe(x);
    }
  });

  it.each([0, 31, 33, 64])('is refused with %i bytes', (length) => {
    expect(() => vrfKey(new Uint8Array(length))).toThrow(RangeError);
  });
});
