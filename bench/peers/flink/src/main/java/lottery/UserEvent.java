package lottery;

import org.apache.flink.api.common.typeinfo.TypeInfo;

/** A purchase or a click. One object is used again for all that a source reads. */
@TypeInfo(UserEventTypeInfo.class)
public final class UserEvent {
  public boolean isClick;
  /** Place in the stream. */
  public int position;
  public long arrival;
  public long userId;
  /** Of a click. */
  public long lotteryId;
  public long timestamp;
  /** Of a purchase. */
  public long purchasedCoupons;

  UserEvent set(UserEvent from) {
    isClick = from.isClick;
    position = from.position;
    arrival = from.arrival;
    userId = from.userId;
    lotteryId = from.lotteryId;
    timestamp = from.timestamp;
    purchasedCoupons = from.purchasedCoupons;
    return this;
  }
}
