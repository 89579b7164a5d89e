import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface Certificate {
  /** Files, PEM. */
  readonly key: string;
  readonly certificate: string;
}

/** One of 127.0.0.1 that has signed itself, for a day, made now by openssl. Undefined where there is no openssl. */
export function makeCertificate(directory: string): Certificate | undefined {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const name = ['-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const { status } = spawnSync('openssl', ['req', ...kind, ...name, '-keyout', key, '-out', certificate]);
  return status === 0 ? { key, certificate } : undefined;
}
