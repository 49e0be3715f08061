package org.iommulab.bus.traffic;

import java.util.List;
import java.util.Locale;
import org.iommulab.bus.device.Scatter;
import org.iommulab.memory.AddressRange;

/**
 * A series of requests; the same plan is the same series, always.
 *
 * @param pattern the order of addresses
 * @param seed of everything that is random
 * @param ranges where requests may go, in device addresses; none is smaller than a request
 * @param bytes of one request
 * @param stride from one request to the next, for {@link TrafficPattern#STRIDE}
 * @param writePercent share of writes, 0 to 100
 */
public record TrafficPlan(
    TrafficPattern pattern,
    long seed,
    List<AddressRange> ranges,
    int bytes,
    long stride,
    int writePercent) {

  private static final int BURST = 8;
  private static final int DESCRIPTOR_BYTES = 16;
  private static final int RING_STEPS = 3;

  /**
   * One request.
   *
   * @param address as the device issues it
   * @param bytes its length
   * @param write data goes to memory
   */
  public record Request(long address, int bytes, boolean write) {}

  public TrafficPlan {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("at least one range is needed");
    }
    for (AddressRange range : ranges) {
      if (range.size() < Math.max(bytes, DESCRIPTOR_BYTES)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the range at 0x%x has %d bytes; a request needs %d",
                range.start(),
                range.size(),
                Math.max(bytes, DESCRIPTOR_BYTES)));
      }
    }
  }

  /** The request of that number, from 0. */
  public Request request(long number) {
    boolean write = Long.remainderUnsigned(random(number, 1), 100) < writePercent;
    return switch (pattern) {
      case SEQUENTIAL -> new Request(slot(number), bytes, write);
      case RANDOM -> new Request(anywhere(number), bytes, write);
      case STRIDE -> new Request(strided(number), bytes, write);
      case BURST -> new Request(inBurst(number), bytes, write);
      case RING -> ofRing(number, write);
    };
  }

  private long random(long number, int purpose) {
    return Scatter.next(Scatter.next(seed ^ (long) purpose << 56) + number);
  }

  /** The ranges as one row of slots that hold a request each. */
  private long slot(long number) {
    long slots = 0;
    for (AddressRange range : ranges) {
      slots += range.size() / bytes;
    }
    long left = Long.remainderUnsigned(number, slots);
    for (AddressRange range : ranges) {
      long here = range.size() / bytes;
      if (left < here) {
        return range.start() + left * bytes;
      }
      left -= here;
    }
    throw new IllegalStateException("more slots than counted");
  }

  private AddressRange range(long number) {
    return ranges.get((int) Long.remainderUnsigned(random(number, 2), ranges.size()));
  }

  private long anywhere(long number) {
    AddressRange range = range(number);
    long places = (range.size() - bytes) / 8 + 1;
    return range.start() + Long.remainderUnsigned(random(number, 3), places) * 8;
  }

  private long strided(long number) {
    AddressRange range = ranges.get((int) Long.remainderUnsigned(number, ranges.size()));
    long places = (range.size() - bytes) / stride + 1;
    return range.start() + Long.remainderUnsigned(number / ranges.size(), places) * stride;
  }

  private long inBurst(long number) {
    long run = number / BURST;
    AddressRange range = range(run);
    long slots = range.size() / bytes;
    long first = Long.remainderUnsigned(random(run, 4), slots);
    return range.start() + (first + number % BURST) % slots * bytes;
  }

  private Request ofRing(long number, boolean write) {
    long turn = number / RING_STEPS;
    AddressRange ring = ranges.getFirst();
    long places = ring.size() / DESCRIPTOR_BYTES;
    long descriptor = ring.start() + turn % places * DESCRIPTOR_BYTES;
    int step = (int) (number % RING_STEPS);
    if (step != 1) {
      return new Request(descriptor, DESCRIPTOR_BYTES, step == 2);
    }
    AddressRange data =
        ranges.size() == 1 ? ring : ranges.get(1 + (int) (turn % (ranges.size() - 1)));
    long slots = data.size() / bytes;
    return new Request(data.start() + turn % slots * bytes, bytes, write);
  }

  /** The data a write of that number carries. */
  public byte[] data(long number, int length) {
    byte[] data = new byte[length];
    long word = random(number, 5);
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (word >>> (i & 7) * 8);
    }
    return data;
  }
}
