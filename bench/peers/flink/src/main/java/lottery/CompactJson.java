package lottery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Reads a user's event as clients write it: one flat object without spaces, with known names and plain numbers. All else it leaves
 * to a parser of all JSON, which takes more than twice the time.
 */
final class CompactJson {
  private static final byte[] TYPE = bytes("type");
  private static final byte[] TIMESTAMP = bytes("timestamp");
  private static final byte[] USER_ID = bytes("userId");
  private static final byte[] LOTTERY_ID = bytes("lotteryId");
  private static final byte[] PURCHASED_COUPONS = bytes("purchasedCoupons");
  private static final byte[] CLICK = bytes("UserClickEvent");
  private static final byte[] PURCHASE = bytes("UserBuyCouponEvent");

  /** Of a number: it fits. */
  private static final int MOST_DIGITS = 17;

  private byte[] text;
  private int at;
  private int end;

  private static byte[] bytes(String name) {
    return name.getBytes(US_ASCII);
  }

  /** @return whether it was such an event; else the event may have been changed */
  boolean read(byte[] bytes, int offset, int length, UserEvent event) {
    text = bytes;
    at = offset;
    end = offset + length;
    if (!next('{')) return false;
    do {
      if (!readField(event)) return false;
    } while (next(','));
    return next('}') && at == end;
  }

  private boolean readField(UserEvent event) {
    int name = at + 1;
    int length = quoted();
    if (length < 0 || !next(':')) return false;
    if (is(TYPE, name, length)) return readType(event);
    long value = number();
    if (value < 0) return false;
    if (is(USER_ID, name, length)) event.userId = value;
    else if (is(LOTTERY_ID, name, length)) event.lotteryId = value;
    else if (is(TIMESTAMP, name, length)) event.timestamp = value;
    else if (is(PURCHASED_COUPONS, name, length)) event.purchasedCoupons = value;
    else return false;
    return true;
  }

  private boolean readType(UserEvent event) {
    int type = at + 1;
    int length = quoted();
    event.isClick = is(CLICK, type, length);
    return event.isClick || is(PURCHASE, type, length);
  }

  private boolean next(char expected) {
    if (at >= end || text[at] != expected) return false;
    at += 1;
    return true;
  }

  /** Passes over a string without escapes. @return its length; -1: it is none */
  private int quoted() {
    if (!next('"')) return -1;
    int start = at;
    while (at < end && text[at] != '"') {
      if (text[at] == '\\') return -1;
      at += 1;
    }
    int length = at - start;
    return next('"') ? length : -1;
  }

  /** @return -1: it is no whole number from 0 on */
  private long number() {
    int start = at;
    long value = 0;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      value = 10 * value + (text[at] - '0');
      at += 1;
    }
    int digits = at - start;
    boolean hasLeadingZero = digits > 1 && text[start] == '0';
    return digits == 0 || digits > MOST_DIGITS || hasLeadingZero ? -1 : value;
  }

  private boolean is(byte[] name, int from, int length) {
    return length == name.length && Arrays.equals(text, from, from + length, name, 0, length);
  }
}
