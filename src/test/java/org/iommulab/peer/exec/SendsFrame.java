package org.iommulab.peer.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.iommulab.peer.host.Host;

/**
 * A program of its own, for {@link TrappedRegistersTest}: sends a frame to itself through the
 * 82576, as {@code docs/examples/frame.c} does, and tells by its exit code how far it came.
 */
final class SendsFrame {

  private static final long IOVA = 0x10_0000;
  private static final int RECEIVE = 128;
  private static final int FRAME = 1024;
  private static final int BUFFER = 2048;
  private static final int LENGTH = 64;
  private static final int ENABLE = 1 << 25;
  private static final int LOOKS = 1_000_000;

  private final Host host = new Host();
  private final MemorySegment page = Arena.global().allocate(4096, 4096);
  private MemorySegment bar = MemorySegment.NULL;

  private SendsFrame() {}

  public static void main(String[] arguments) {
    System.exit(new SendsFrame().run());
  }

  private int run() {
    var card = new MappedCard(host, "4", "0000:00:07.0");
    if (card.problem() != 0) {
      return card.problem();
    }
    bar = card.bar();
    if (!card.map(page, IOVA)) {
      return 12;
    }
    put(0x0000, 1 << 26);
    put(0x0000, 1 << 6);
    put(0x0020, 0x0420_4140);
    if ((get(0x0008) & 2) == 0) {
      return 13;
    }
    sendOne();
    for (int i = 0; i < LOOKS && (page.get(ValueLayout.JAVA_LONG, RECEIVE + 8) & 1) == 0; i++) {
      Thread.onSpinWait();
    }
    boolean came = page.get(ValueLayout.JAVA_LONG, RECEIVE + 8) == ((long) LENGTH << 32 | 3);
    boolean same =
        page.asSlice(FRAME, LENGTH).mismatch(page.asSlice(BUFFER, LENGTH)) == -1
            && page.get(ValueLayout.JAVA_BYTE, BUFFER + LENGTH) == 0;
    return !came ? 14 : same ? 42 : 15;
  }

  private void sendOne() {
    for (int i = 0; i < LENGTH; i++) {
      page.set(ValueLayout.JAVA_BYTE, FRAME + i, (byte) (i * 7));
    }
    long address = get(0x5400) & 0xFFFF_FFFFL | (get(0x5404) & 0xFFFFL) << 32;
    page.set(ValueLayout.JAVA_LONG_UNALIGNED, FRAME, address);
    page.set(ValueLayout.JAVA_LONG, RECEIVE, IOVA + BUFFER);
    ring(0x2800, RECEIVE);
    put(0x280C, ENABLE | 1);
    put(0x2828, ENABLE);
    put(0x0100, 1 << 26 | 2);
    put(0x2818, 1);
    page.set(ValueLayout.JAVA_LONG, 0, IOVA + FRAME);
    page.set(ValueLayout.JAVA_LONG, 8, LENGTH | 0x2B30_0000L | (long) LENGTH << 46);
    ring(0x3800, 0);
    put(0x3828, ENABLE);
    put(0x0400, 10);
    put(0x3818, 1);
  }

  private void ring(int low, long at) {
    put(low, (int) (IOVA + at));
    put(low + 4, 0);
    put(low + 8, 128);
  }

  private int get(int register) {
    return bar.get(ValueLayout.JAVA_INT, register);
  }

  private void put(int register, int value) {
    bar.set(ValueLayout.JAVA_INT, register, value);
  }
}
