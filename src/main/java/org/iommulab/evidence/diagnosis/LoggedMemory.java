package org.iommulab.evidence.diagnosis;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.MemoryMapLine;

/**
 * What the lines of a boot say about a physical address: the memory map of firmware, and what
 * devices decode. Source: Linux {@code e820.c}, {@code drivers/pci/probe.c}, {@code setup-res.c}.
 */
final class LoggedMemory {

  /** What the last word says of an address, by the first address that it says it of. */
  private final TreeMap<Long, Piece> pieces = new TreeMap<>(Long::compareUnsigned);

  /**
   * What is left of a line's range when later lines are believed.
   *
   * @param end its last byte
   */
  private record Piece(long end, MemoryMapLine line) {}

  /** The last word counts: the kernel moves windows of devices that firmware placed badly. */
  LoggedMemory(KernelLog log) {
    log.memoryMap().reversed().forEach(this::fill);
  }

  /** Takes the places in a line's range that no later line has. */
  private void fill(MemoryMapLine line) {
    long at = line.start();
    while (Long.compareUnsigned(at, line.end()) <= 0) {
      Map.Entry<Long, Piece> taken = pieces.floorEntry(at);
      long last;
      if (taken != null && Long.compareUnsigned(taken.getValue().end(), at) >= 0) {
        last = taken.getValue().end();
      } else {
        Long next = pieces.higherKey(at);
        boolean whole = next == null || Long.compareUnsigned(next, line.end()) > 0;
        last = whole ? line.end() : next - 1;
        pieces.put(at, new Piece(last, line));
      }
      if (last == -1L) {
        return;
      }
      at = last + 1;
    }
  }

  /** What is there; empty if no line says it. */
  Optional<Surroundings.Memory> at(long address) {
    return line(address)
        .map(
            line ->
                line.isDevice()
                    ? Surroundings.Memory.DEVICE
                    : line.type().startsWith("usable")
                        ? Surroundings.Memory.RAM
                        : Surroundings.Memory.RESERVED);
  }

  /** The device that decodes it. */
  Optional<String> owner(long address) {
    return line(address).filter(MemoryMapLine::isDevice).map(MemoryMapLine::type);
  }

  /** The line that says it. */
  Optional<Finding.Evidence> proof(long address) {
    return line(address)
        .map(
            line ->
                new Finding.Evidence(
                    "",
                    line.line(),
                    FaultCase.hex(line.start())
                        + "-"
                        + FaultCase.hex(line.end())
                        + " "
                        + line.type()));
  }

  private Optional<MemoryMapLine> line(long address) {
    return Optional.ofNullable(pieces.floorEntry(address))
        .map(Map.Entry::getValue)
        .filter(piece -> Long.compareUnsigned(address, piece.end()) <= 0)
        .map(Piece::line);
  }
}
