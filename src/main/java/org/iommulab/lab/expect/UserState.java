package org.iommulab.lab.expect;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.iommulab.linux.process.Process;
import org.jspecify.annotations.Nullable;

/** Reads memory of the process behind paths. */
final class UserState {

  private static final long MOST_BYTES = 1 << 20;

  private final Observation moment;

  UserState(Observation moment) {
    this.moment = moment;
  }

  private byte @Nullable [] read(long address, long length) {
    if (length < 1 || length > MOST_BYTES) {
      throw new IllegalArgumentException("1 byte to 1 MiB can be compared, not " + length);
    }
    byte[] bytes = new byte[(int) length];
    return process().read(address, bytes) ? bytes : null;
  }

  private Process process() {
    return moment
        .process()
        .orElseThrow(() -> new IllegalArgumentException("no process runs before linux.boot"));
  }

  /** {@code user(address,length)}: bytes in hexadecimal, null if they do not all exist. */
  @Nullable Object bytes(List<Object> arguments) {
    byte[] bytes = read(State.number(arguments, 0), State.number(arguments, 1));
    return bytes == null ? null : HexFormat.of().formatHex(bytes);
  }

  /** {@code same(address,address,length)}: whether two pieces of memory hold the same bytes. */
  @Nullable Object same(List<Object> arguments) {
    long length = State.number(arguments, 2);
    byte[] one = read(State.number(arguments, 0), length);
    byte[] other = read(State.number(arguments, 1), length);
    return one == null || other == null ? null : (Object) Arrays.equals(one, other);
  }

  /** {@code pins(address)}: how often the page there is pinned. */
  @Nullable Object pins(List<Object> arguments) {
    int pins = process().memory().pinsAt(State.number(arguments, 0));
    return pins < 0 ? null : (Object) (long) pins;
  }
}
