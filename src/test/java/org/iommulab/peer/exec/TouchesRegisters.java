package org.iommulab.peer.exec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;

/**
 * A program of its own, for {@link TrappedRegistersTest}: drives the I/OAT engine through a mapped
 * BAR, from many threads and once to copy, and tells by its exit code how far it came.
 */
final class TouchesRegisters {

  private static final int READ_WRITE = 3;
  private static final int SHARED = 1;
  private static final long BAR_BYTES = 65_536;
  private static final long IOVA = 0x10_0000;

  private final Host host = new Host();
  private final MemorySegment argument = Arena.global().allocate(64, 8);
  private MemorySegment bar = MemorySegment.NULL;

  private TouchesRegisters() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(new TouchesRegisters().run());
  }

  private int run() throws InterruptedException {
    int container = host.open("/dev/vfio/vfio", 2);
    int group = host.open("/dev/vfio/3", 2);
    argument.set(ValueLayout.JAVA_INT, 0, container);
    if (host.call(Call.IOCTL, group, 0x3B68, argument.address()) != 0
        || host.call(Call.IOCTL, container, 0x3B66, 3) != 0) {
      return 10;
    }
    long device = host.call(Call.IOCTL, group, 0x3B6A, host.text("0000:00:06.0").address());
    long at = host.call(Call.MMAP, 0, BAR_BYTES, READ_WRITE, SHARED, device, 0);
    if (device < 0 || at < 0) {
      return 11;
    }
    bar = MemorySegment.ofAddress(at).reinterpret(BAR_BYTES);
    if (bar.get(ValueLayout.JAVA_BYTE, 8) != 0x32) {
      return 12;
    }
    if (!threadsAgree()) {
      return 13;
    }
    return copies(container) ? 42 : 14;
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

  private boolean copies(int container) {
    MemorySegment memory = Arena.global().allocate(4096, 4096);
    argument.set(ValueLayout.JAVA_INT, 0, 32);
    argument.set(ValueLayout.JAVA_INT, 4, 3);
    argument.set(ValueLayout.JAVA_LONG, 8, memory.address());
    argument.set(ValueLayout.JAVA_LONG, 16, IOVA);
    argument.set(ValueLayout.JAVA_LONG, 24, 4096);
    if (host.call(Call.IOCTL, container, 0x3B71, argument.address()) != 0) {
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
