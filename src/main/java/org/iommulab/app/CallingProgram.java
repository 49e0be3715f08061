package org.iommulab.app;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.memory.Page;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;

/**
 * The program that {@link CallBench} runs: makes calls and writes down how long it waited for each.
 * It knows nothing of the laboratory, and takes numbers and structures from {@code linux/iommufd.h}
 * and {@code linux/vfio.h}.
 */
final class CallingProgram {

  private static final int IOAS_ALLOC = Uapi.IOMMU_IOAS_ALLOC.number();
  private static final int IOAS_MAP = Uapi.IOMMU_IOAS_MAP.number();
  private static final int IOAS_UNMAP = Uapi.IOMMU_IOAS_UNMAP.number();
  private static final int GET_API_VERSION = Uapi.VFIO_GET_API_VERSION.number();
  private static final int SET_IOMMU = Uapi.VFIO_SET_IOMMU.number();
  private static final int GROUP_SET_CONTAINER = Uapi.VFIO_GROUP_SET_CONTAINER.number();
  private static final int MAP_DMA = Uapi.VFIO_IOMMU_MAP_DMA.number();
  private static final int UNMAP_DMA = Uapi.VFIO_IOMMU_UNMAP_DMA.number();
  private static final String GROUP_LINK = "/sys/bus/pci/devices/0000:00:03.0/iommu_group";
  private static final int PAGE = (int) Page.BYTES;
  private static final long GIB = 1L << 30;
  private static final long IOVA = 0x4000_0000L;
  private static final int WARM_UP = 2_000;
  private static final int LARGE_TIMES = 5;
  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int O_RDWR = 2;

  private final Host host = new Host();
  private final MemorySegment map = Arena.global().allocate(40, 8);
  private final MemorySegment unmap = Arena.global().allocate(24, 8);
  private final List<String> figures = new ArrayList<>();
  private final int calls;

  private CallingProgram(int calls) {
    this.calls = calls;
  }

  /** Arguments: where the figures go, and how many calls of each kind are made. */
  public static void main(String[] arguments) throws IOException {
    var program = new CallingProgram(Integer.parseInt(arguments[1]));
    program.withoutWork();
    program.inSpace();
    program.inContainer();
    Files.write(Path.of(arguments[0]), program.figures);
  }

  /** One call, which has to succeed. */
  private interface One {
    long make();
  }

  private static long done(String what, long result) {
    if (result < 0) {
      throw new IllegalStateException(what + " failed, errno " + -result);
    }
    return result;
  }

  /** Nanoseconds for one call. */
  private static long time(String what, One call) {
    long start = System.nanoTime();
    long result = call.make();
    long taken = System.nanoTime() - start;
    done(what, result);
    return taken;
  }

  private void figure(String what, long[] nanoseconds, String unit, double in) {
    long[] sorted = nanoseconds.clone();
    Arrays.sort(sorted);
    figures.add(
        String.format(Locale.ROOT, "%.1f %s %s", sorted[sorted.length / 2] / in, unit, what));
  }

  private void micros(String what, long[] nanoseconds) {
    figure(what + ", median", nanoseconds, "us", 1e3);
  }

  /** Two kinds of calls in turn, the second of which takes back what the first has done. */
  private void pairs(String first, One one, String second, One two) {
    long[] ones = new long[calls];
    long[] twos = new long[calls];
    for (int i = -WARM_UP; i < calls; i++) {
      ones[Math.max(i, 0)] = time(first, one);
      twos[Math.max(i, 0)] = time(second, two);
    }
    micros(first, ones);
    micros(second, twos);
  }

  private long control(long fd, int number, MemorySegment structure) {
    return host.call(Call.IOCTL, fd, number, structure.address());
  }

  private void withoutWork() {
    long container = done("open", host.open("/dev/vfio/vfio", O_RDWR));
    pairs(
        "a call without work",
        () -> host.call(Call.IOCTL, container, GET_API_VERSION, 0),
        "a question for a file that is none of ours",
        () -> host.exists("/") ? 0 : -1);
    host.close((int) container);
  }

  private long memory(long bytes) {
    return done("mmap", host.call(Call.MMAP, 0, bytes, READ_AND_WRITE, PRIVATE_ANONYMOUS, -1, 0));
  }

  private void inSpace() {
    long iommu = done("open", host.open("/dev/iommu", O_RDWR));
    map.set(ValueLayout.JAVA_INT, 0, 12);
    done("IOMMU_IOAS_ALLOC", control(iommu, IOAS_ALLOC, map));
    int space = map.get(ValueLayout.JAVA_INT, 8);
    map.set(ValueLayout.JAVA_INT, 0, 40);
    // Fixed address, readable, writeable.
    map.set(ValueLayout.JAVA_INT, 4, 7);
    map.set(ValueLayout.JAVA_INT, 8, space);
    map.set(ValueLayout.JAVA_LONG, 16, memory(PAGE));
    map.set(ValueLayout.JAVA_LONG, 24, PAGE);
    map.set(ValueLayout.JAVA_LONG, 32, IOVA);
    unmap.set(ValueLayout.JAVA_INT, 0, 24);
    unmap.set(ValueLayout.JAVA_INT, 4, space);
    unmap.set(ValueLayout.JAVA_LONG, 8, IOVA);
    unmap.set(ValueLayout.JAVA_LONG, 16, PAGE);
    pairs(
        "IOMMU_IOAS_MAP of a page",
        () -> control(iommu, IOAS_MAP, map),
        "IOMMU_IOAS_UNMAP of a page",
        () -> control(iommu, IOAS_UNMAP, unmap));
    host.close((int) iommu);
  }

  private void inContainer() throws IOException {
    int container = (int) done("open", host.open("/dev/vfio/vfio", O_RDWR));
    // The folder is not looked up by the library: the link itself has the number.
    String link = String.valueOf(host.link(GROUP_LINK));
    String group = "/dev/vfio/" + link.substring(link.lastIndexOf('/') + 1);
    long opened = done("open", host.open(group, O_RDWR));
    map.set(ValueLayout.JAVA_INT, 0, container);
    done("VFIO_GROUP_SET_CONTAINER", control(opened, GROUP_SET_CONTAINER, map));
    done("VFIO_SET_IOMMU", host.call(Call.IOCTL, container, SET_IOMMU, 1));
    mapDma(memory(PAGE), PAGE);
    pairs(
        "VFIO_IOMMU_MAP_DMA of a page",
        () -> control(container, MAP_DMA, map),
        "VFIO_IOMMU_UNMAP_DMA of a page",
        () -> control(container, UNMAP_DMA, unmap));
    mapDma(memory(GIB), GIB);
    long[] maps = new long[LARGE_TIMES];
    long[] unmaps = new long[LARGE_TIMES];
    for (int i = 0; i < LARGE_TIMES; i++) {
      maps[i] = time("VFIO_IOMMU_MAP_DMA", () -> control(container, MAP_DMA, map));
      unmaps[i] = time("VFIO_IOMMU_UNMAP_DMA", () -> control(container, UNMAP_DMA, unmap));
    }
    figure("VFIO_IOMMU_MAP_DMA of 1 GiB in pages of 4 KiB", maps, "ms", 1e6);
    figure("VFIO_IOMMU_UNMAP_DMA of 1 GiB", unmaps, "ms", 1e6);
    host.close((int) opened);
    host.close(container);
  }

  private void mapDma(long address, long bytes) {
    map.set(ValueLayout.JAVA_INT, 0, 32);
    map.set(ValueLayout.JAVA_INT, 4, READ_AND_WRITE);
    map.set(ValueLayout.JAVA_LONG, 8, address);
    map.set(ValueLayout.JAVA_LONG, 16, IOVA);
    map.set(ValueLayout.JAVA_LONG, 24, bytes);
    unmap.set(ValueLayout.JAVA_INT, 0, 24);
    unmap.set(ValueLayout.JAVA_INT, 4, 0);
    unmap.set(ValueLayout.JAVA_LONG, 8, IOVA);
    unmap.set(ValueLayout.JAVA_LONG, 16, bytes);
  }
}
