import { hash } from 'node:crypto';
import type { Settings } from '../options.ts';
import { EarliestFirst } from './earliest-first.ts';

export interface NewMessage {
  readonly body: string;
  readonly traceHeader: string | undefined;
  /** As on the wire. */
  readonly attributes: Readonly<Record<string, unknown>> | undefined;
}

export interface Message extends NewMessage {
  readonly messageId: string;
  readonly md5: string;
  readonly sentAt: number;
  received: number;
  firstReceivedAt: number | undefined;
  /** Of the latest delivery. An older one deletes nothing: it "might not" on AWS (API reference, DeleteMessage). */
  receipt: string | undefined;
  /** Not visible before that: delayed, or delivered and not deleted. */
  hiddenUntil: number;
  isDeleted: boolean;
}

/** In seconds, bytes and deliveries, as SetQueueAttributes has them. */
export interface QueueSettings {
  readonly delaySeconds: number;
  readonly visibilityTimeout: number;
  readonly retentionSeconds: number;
  readonly maximumMessageBytes: number;
  readonly maxReceiveCount: number;
  readonly deadLetters: Queue | undefined;
}

/** One standard queue: at least once, in no order. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly settings: QueueSettings;
  readonly #service: Settings;
  readonly #byReceipt = new Map<string, Message>();
  readonly #hidden = new EarliestFirst<Message>();
  #visible: Message[] = [];
  /** Every message that is not deleted. */
  readonly #messages = new Set<Message>();
  #counter = 0;

  constructor(name: string, settings: QueueSettings, service: Settings) {
    this.name = name;
    this.arn = `arn:aws:sqs:${service.region}:${service.accountId}:${name}`;
    this.createdAt = service.now();
    this.settings = settings;
    this.#service = service;
  }

  /** Those that are in the queue: visible, hidden, delayed. */
  get messages(): readonly Message[] {
    this.#settle();
    return [...this.#messages];
  }

  /** When the next message becomes visible, now included; undefined when there is none. */
  get nextVisibleAt(): number | undefined {
    this.#settle();
    if (this.#visible.length > 0) return this.#service.now();
    return this.#messages.size > 0 ? this.#hidden.nextAt : undefined;
  }

  send(message: NewMessage, delaySeconds = this.settings.delaySeconds): Message {
    const now = this.#service.now();
    const sent: Message = {
      ...message,
      messageId: this.#id(),
      md5: hash('md5', message.body, 'hex'),
      sentAt: now,
      received: 0,
      firstReceivedAt: undefined,
      receipt: undefined,
      hiddenUntil: now + delaySeconds * 1000,
      isDeleted: false,
    };
    this.#add(sent);
    return sent;
  }

  /** Up to so many of the visible messages, whichever. */
  receive(most: number, visibilitySeconds = this.settings.visibilityTimeout): Message[] {
    this.#settle();
    const received: Message[] = [];
    const kept: Message[] = [];
    while (received.length < most && this.#visible.length > 0) {
      const message = this.#takeVisible();
      const { maxReceiveCount, deadLetters } = this.settings;
      if (deadLetters !== undefined && message.received >= maxReceiveCount) {
        this.#forget(message);
        deadLetters.#add({ ...message, received: 0, receipt: undefined, hiddenUntil: 0, isDeleted: false });
        continue;
      }
      this.#deliver(message);
      received.push(message);
      if (this.#service.random.chance(this.#service.redeliveryChance)) kept.push(message);
      else this.#hide(message, this.#service.now() + visibilitySeconds * 1000);
    }
    // On AWS a server that did not learn of the delivery gives them out again.
    this.#visible.push(...kept);
    return received;
  }

  /** @returns false when the handle is none of this queue's */
  delete(receipt: string): boolean {
    const message = this.#byReceipt.get(receipt);
    if (message !== undefined) this.#forget(message);
    return receipt.startsWith(`${this.name}/`);
  }

  #deliver(message: Message): void {
    const now = this.#service.now();
    if (message.receipt !== undefined) this.#byReceipt.delete(message.receipt);
    message.received += 1;
    message.firstReceivedAt ??= now;
    this.#counter += 1;
    message.receipt = `${this.name}/${message.messageId}/${this.#counter}`;
    this.#byReceipt.set(message.receipt, message);
  }

  #takeVisible(): Message {
    const index = this.#service.random.below(this.#visible.length);
    const message = this.#visible[index];
    const last = this.#visible.pop();
    if (message === undefined || last === undefined) throw new Error(`Queue ${this.name} has no message`);
    if (last !== message) this.#visible[index] = last;
    return message;
  }

  #add(message: Message): void {
    this.#messages.add(message);
    if (message.hiddenUntil > this.#service.now()) this.#hide(message, message.hiddenUntil);
    else this.#visible.push(message);
  }

  #hide(message: Message, until: number): void {
    message.hiddenUntil = until;
    this.#hidden.add(until, message);
  }

  #forget(message: Message): void {
    message.isDeleted = true;
    this.#messages.delete(message);
    if (message.receipt !== undefined) this.#byReceipt.delete(message.receipt);
  }

  /** Shows what is due, and forgets what is too old or deleted. */
  #settle(): void {
    const now = this.#service.now();
    for (let due = this.#hidden.takeDue(now); due !== undefined; due = this.#hidden.takeDue(now)) {
      this.#visible.push(due);
    }
    const oldest = now - this.settings.retentionSeconds * 1000;
    for (const message of this.#messages) {
      // In the order in which they were sent, but for those that were moved here.
      if (message.sentAt >= oldest) break;
      this.#forget(message);
    }
    this.#visible = this.#visible.filter(({ isDeleted }) => !isDeleted);
  }

  /** In the form of a UUID; which digits it has is the seed's choice. */
  #id(): string {
    const part = () =>
      Math.floor(this.#service.random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    const [one, two, three, four] = [part(), part(), part(), part()];
    return `${one}-${two.slice(0, 4)}-4${two.slice(5)}-a${three.slice(1, 4)}-${three.slice(4)}${four}`;
  }
}
