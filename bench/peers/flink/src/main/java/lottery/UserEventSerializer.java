package lottery;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** 37 bytes an event: its fields one after the other, no names, no flags for nulls. */
public final class UserEventSerializer extends TypeSerializerSingleton<UserEvent> {
  static final UserEventSerializer INSTANCE = new UserEventSerializer();
  private static final int LENGTH = 37;

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public UserEvent createInstance() {
    return new UserEvent();
  }

  @Override
  public UserEvent copy(UserEvent from) {
    return new UserEvent().set(from);
  }

  @Override
  public UserEvent copy(UserEvent from, UserEvent reuse) {
    return reuse.set(from);
  }

  @Override
  public int getLength() {
    return LENGTH;
  }

  @Override
  public void serialize(UserEvent event, DataOutputView target) throws IOException {
    target.writeBoolean(event.isClick);
    target.writeInt(event.position);
    target.writeLong(event.arrival);
    target.writeLong(event.userId);
    if (event.isClick) {
      target.writeLong(event.lotteryId);
      target.writeLong(event.timestamp);
    } else {
      target.writeLong(event.purchasedCoupons);
      target.writeLong(0);
    }
  }

  @Override
  public UserEvent deserialize(DataInputView source) throws IOException {
    return deserialize(new UserEvent(), source);
  }

  @Override
  public UserEvent deserialize(UserEvent reuse, DataInputView source) throws IOException {
    reuse.isClick = source.readBoolean();
    reuse.position = source.readInt();
    reuse.arrival = source.readLong();
    reuse.userId = source.readLong();
    long first = source.readLong();
    long second = source.readLong();
    reuse.lotteryId = reuse.isClick ? first : 0;
    reuse.timestamp = second;
    reuse.purchasedCoupons = reuse.isClick ? 0 : first;
    return reuse;
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    target.write(source, LENGTH);
  }

  @Override
  public TypeSerializerSnapshot<UserEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Its form has never changed. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<UserEvent> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
