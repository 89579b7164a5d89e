import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  /** Files, PEM. */
  readonly key: string;
  readonly certificate: string;
  remove(): void;
}

/** One of 127.0.0.1 that has signed itself, for a day, made now by openssl. Undefined where there is no openssl. */
export function makeCertificate(): Certificate | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'bench-certificate-'));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const name = ['-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const { status } = spawnSync('openssl', ['req', ...kind, ...name, '-keyout', key, '-out', certificate]);
  if (status === 0) return { key, certificate, remove };
  remove();
  return undefined;
}
