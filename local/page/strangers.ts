import type { IncomingMessage } from 'node:http';
import type { StrangeHeader } from '../engines/strangers.ts';

/**
 * Which header says that a request is of another site that is open on this machine: one whose own name was made to lead here says
 * that name as Host, and a socket or a POST of any other has its Origin. A program has none, and may do as it likes. Unlike for the
 * engines, a site on another port of this machine is another: a browser keeps the two apart.
 */
export function strangeHeader({ headers, socket }: IncomingMessage): StrangeHeader | undefined {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${socket.localPort}`);
  const { host = '', origin } = headers;
  if (!hosts.includes(host)) return 'Host';
  return origin === undefined || hosts.some((own) => origin === `http://${own}`) ? undefined : 'Origin';
}
