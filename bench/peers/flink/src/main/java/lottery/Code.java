package lottery;

/** What became of an event. */
final class Code {
  static final byte BOUGHT = 0;
  static final byte ACCEPTED = 1;
  static final byte STARTED = 2;
  static final byte STOPPED = 3;
  static final byte LOTTERY_ALREADY_STARTED = 4;
  static final byte INVALID_COUPON_AMOUNT = 5;
  static final byte LOTTERY_INACTIVE = 6;
  static final byte NO_COUPON = 7;
  static final byte TIMESTAMP_OUT_OF_RANGE = 8;
  static final byte COUPON_LIMIT_EXCEEDED = 9;

  static final int COUNT = 10;

  private Code() {}
}
