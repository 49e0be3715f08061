package org.iommulab.evidence;

import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.PhysicalMemory;

/**
 * What a laboratory needs to continue from a dump: memory with the dump underneath, and the
 * register writes that bring a fresh unit to where the real one was.
 *
 * @param memory flat RAM from 0 that covers the dump; its own copy, the files stay untouched
 * @param registerBase physical address of the unit's registers
 * @param version VER of the real unit
 * @param cap CAP of the real unit
 * @param ecap ECAP of the real unit
 * @param writes to be made in this order through the unit's registers
 * @param devices every requester that has a context entry, then those the DMAR table names
 */
public record ForkPlan(
    PhysicalMemory memory,
    long registerBase,
    long version,
    long cap,
    long ecap,
    List<Write> writes,
    List<SourceId> devices) {

  /**
   * One register write.
   *
   * @param register its name
   * @param offset in bytes
   * @param size 4 or 8
   * @param value to write
   */
  public record Write(String register, int offset, int size, long value) {}

  static ForkPlan of(Snapshot snapshot) {
    return new ForkPlan(
        snapshot.memory(),
        snapshot.registerBase().orElse(0xFED9_0000L),
        snapshot.registers().version(),
        snapshot.registers().cap(),
        snapshot.registers().ecap(),
        List.of(),
        List.of());
  }
}
