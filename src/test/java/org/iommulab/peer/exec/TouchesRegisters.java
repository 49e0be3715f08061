package org.iommulab.peer.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.iommulab.peer.host.Host;

/**
 * A program of its own, for {@link TrappedRegistersTest}: drives the I/OAT engine through a mapped
 * BAR, from many threads and once to copy, and tells by its exit code how far it came.
 */
final class TouchesRegisters {

  private static final long IOVA = 0x10_0000;

  private final Host host = new Host();
  private MemorySegment bar = MemorySegment.NULL;

  private TouchesRegisters() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(new TouchesRegisters().run());
  }

  private int run() throws InterruptedException {
    var card = new MappedCard(host, "3", "0000:00:06.0");
    if (card.problem() != 0) {
      return card.problem();
    }
    bar = card.bar();
    if (bar.get(ValueLayout.JAVA_BYTE, 8) != 0x32) {
      return 12;
    }
    if (!threadsAgree()) {
      return 13;
    }
    return copies(card) ? 42 : 14;
  }

  private boolean threadsAgree() throws InterruptedException {
    var right = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 16; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int k = 0; k < 20; k++) {
                      boolean as = bar.get(ValueLayout.JAVA_SHORT, 0) == 0x0C01;
                      right.addAndGet(as ? 1 : 0);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return right.get() == 16 * 20;
  }

  private boolean copies(MappedCard card) {
    MemorySegment memory = Arena.global().allocate(4096, 4096);
    if (!card.map(memory, IOVA)) {
      return false;
    }
    memory.set(ValueLayout.JAVA_LONG, 0, 8);
    memory.set(ValueLayout.JAVA_LONG, 8, IOVA + 256);
    memory.set(ValueLayout.JAVA_LONG, 16, IOVA + 512);
    memory.set(ValueLayout.JAVA_LONG, 24, IOVA);
    memory.set(ValueLayout.JAVA_LONG, 256, 0x1234_5678_9ABCL);
    bar.set(ValueLayout.JAVA_LONG, 0x90, IOVA);
    bar.set(ValueLayout.JAVA_SHORT, 0x86, (short) 1);
    while ((bar.get(ValueLayout.JAVA_LONG, 0x88) & 7) == 0) {
      Thread.onSpinWait();
    }
    return memory.get(ValueLayout.JAVA_LONG, 512) == 0x1234_5678_9ABCL;
  }
}
