import { invalid } from '../errors.ts';

/** DynamoDB Developer Guide, "Supported data types": 38 digits, from 1E-130 to 9.99E+125. */
const MOST_DIGITS = 38;
const HIGHEST_EXPONENT = 125;
const LOWEST_EXPONENT = -130;

/** A number as digits times a power of ten, without a zero at the end of the digits. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** What is canonical already, and what the product writes alone. */
const smallInteger = /^(0|-?[1-9]\d{0,14})$/;

/** The text that DynamoDB keeps of a number: `1.50` is `1.5`. @throws ServiceError when it cannot keep it */
export function canonicalNumber(text: string): string {
  return smallInteger.test(text) ? text : textOf(parse(text));
}

/** Negative when the left one is smaller. */
export function compareNumbers(left: string, right: string): number {
  const [one, other] = aligned(parse(left), parse(right));
  return one < other ? -1 : one > other ? 1 : 0;
}

/** @throws ServiceError when the sum has no form in DynamoDB */
export function addNumbers(left: string, right: string): string {
  const [a, b] = [parse(left), parse(right)];
  const [one, other] = aligned(a, b);
  return textOf(trimmed(one + other, Math.min(a.exponent, b.exponent)));
}

function aligned(left: Decimal, right: Decimal): [bigint, bigint] {
  const exponent = Math.min(left.exponent, right.exponent);
  const scaled = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return [scaled(left), scaled(right)];
}

function parse(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = form.exec(text) ?? [];
  if (whole + fraction === '') {
    throw invalid('The parameter cannot be converted to a numeric value: '.concat(text));
  }
  const digits = BigInt(whole + fraction);
  return trimmed(sign === '-' ? -digits : digits, Number(power) - fraction.length);
}

function trimmed(digits: bigint, exponent: number): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  let [left, power] = [digits, exponent];
  while (left % 10n === 0n) {
    left /= 10n;
    power += 1;
  }
  return { digits: left, exponent: power };
}

function textOf({ digits, exponent }: Decimal): string {
  const isNegative = digits < 0n;
  const text = (isNegative ? -digits : digits).toString();
  const magnitude = exponent + text.length - 1;
  if (text.length > MOST_DIGITS) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
  if (digits !== 0n && magnitude > HIGHEST_EXPONENT) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (digits !== 0n && magnitude < LOWEST_EXPONENT) {
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  return (isNegative ? '-' : '') + plain(text, exponent);
}

function plain(digits: string, exponent: number): string {
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const point = digits.length + exponent;
  return point > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : `0.${'0'.repeat(-point)}${digits}`;
}
