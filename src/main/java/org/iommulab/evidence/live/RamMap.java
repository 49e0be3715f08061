package org.iommulab.evidence.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;

/**
 * Where a guest's memory lies, and its units' registers: the flat view of the processors' address
 * space as {@code info mtree -f} prints it.
 *
 * @param blocks runs of the machine's RAM, ascending
 * @param units register windows of {@code intel-iommu}
 */
record RamMap(List<Block> blocks, List<AddressRange> units) {

  /**
   * A run of RAM.
   *
   * @param range guest-physical, whole frames
   * @param backend id of the object that holds it
   * @param offset of its first byte in the backend
   */
  record Block(AddressRange range, String backend, long offset) {

    /** Where a page of it lies in the backend. */
    long offsetOf(long address) {
      return offset + address - range.start();
    }
  }

  private static final int MOST_BLOCKS = 4096;
  private static final Pattern VIEW = Pattern.compile("FlatView #\\d+");
  private static final Pattern SPACE = Pattern.compile(" AS \"memory\".*");
  private static final Pattern LINE =
      Pattern.compile(
          "\\s+([0-9a-f]{16})-([0-9a-f]{16}) \\(prio -?\\d+, ([a-z/-]+)\\): (\\S+)"
              + "(?: @([0-9a-f]{16}))?.*");

  RamMap {
    blocks = List.copyOf(blocks);
    units = List.copyOf(units);
  }

  /**
   * Reads the text.
   *
   * @param backends ids of the objects that are the machine's RAM
   */
  static RamMap read(String text, Set<String> backends) {
    var blocks = new ArrayList<Block>();
    var units = new ArrayList<AddressRange>();
    boolean ours = false;
    for (String line : text.lines().toList()) {
      if (VIEW.matcher(line.strip()).matches()) {
        ours = false;
      } else if (SPACE.matcher(line).matches()) {
        ours = true;
      }
      Matcher row = LINE.matcher(line);
      if (!ours || !row.matches()) {
        continue;
      }
      long start = Long.parseUnsignedLong(row.group(1), 16);
      long last = Long.parseUnsignedLong(row.group(2), 16);
      boolean possible = start >= 0 && last >= start && last < PhysicalMemory.LIMIT;
      if (possible && row.group(4).equals("intel_iommu")) {
        units.add(new AddressRange(start, last + 1));
      } else if (possible && backends.contains(row.group(4)) && blocks.size() < MOST_BLOCKS) {
        long offset = row.group(5) == null ? 0 : Long.parseUnsignedLong(row.group(5), 16);
        add(blocks, start, last + 1, row.group(4), offset);
      }
    }
    return new RamMap(blocks, units);
  }

  private static void add(List<Block> blocks, long start, long end, String backend, long offset) {
    long first = Math.ceilDiv(start, PhysicalMemory.FRAME_BYTES) * PhysicalMemory.FRAME_BYTES;
    long behind = end / PhysicalMemory.FRAME_BYTES * PhysicalMemory.FRAME_BYTES;
    boolean follows = blocks.isEmpty() || blocks.getLast().range().end() <= first;
    if (first < behind && offset >= 0 && follows) {
      blocks.add(new Block(new AddressRange(first, behind), backend, offset + first - start));
    }
  }

  /** The block that holds a page. */
  Optional<Block> block(long address) {
    for (Block block : blocks) {
      if (block.range().contains(address, PhysicalMemory.FRAME_BYTES)) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }
}
