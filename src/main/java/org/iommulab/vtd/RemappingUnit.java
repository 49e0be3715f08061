package org.iommulab.vtd;

import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.Mmio;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/**
 * A VT-d remapping unit: registers, caches, walkers, fault records.
 *
 * <p>Not thread-safe: one thread owns a laboratory.
 */
public final class RemappingUnit implements Mmio {

  /** Answer of {@link #translateFast} when {@link #lastReason()} tells why there is no address. */
  public static final long BLOCKED = -1;

  private final UnitConfiguration configuration;

  /** A unit in its reset state. */
  public RemappingUnit(
      UnitConfiguration configuration, PhysicalMemory memory, MessageSink messages) {
    this.configuration = configuration;
  }

  /** How it is built. */
  public UnitConfiguration configuration() {
    return configuration;
  }

  @Override
  public long read(int offset, int size) {
    return 0;
  }

  @Override
  public void write(int offset, int size, long value) {}

  /** Power-on reset: registers and caches; memory stays. */
  public void reset() {}

  /** Translates a request, records faults and fills caches. */
  public Translation translate(DmaAccess access) {
    return new Translation.Aborted();
  }

  /**
   * As {@link #translate} for an untranslated request without PASID; allocates nothing.
   *
   * @param source requester id
   * @param address as the device issued it
   * @param access {@link Rights#READ} or {@link Rights#WRITE} or both
   * @return the physical address, or {@link #BLOCKED}
   */
  public long translateFast(int source, long address, int access) {
    return BLOCKED;
  }

  /** Why the last {@link #translateFast} answered {@link #BLOCKED}; null if it did not. */
  public @Nullable FaultReason lastReason() {
    return null;
  }

  /** Translates a request for real and keeps every stage. */
  public WalkPath trace(DmaAccess access) {
    return new WalkPath(access, List.of(), new WalkPath.Aborted());
  }

  /** What would happen to a request now; changes nothing. */
  public WalkPath probe(DmaAccess access) {
    return new WalkPath(access, List.of(), new WalkPath.Aborted());
  }

  /**
   * Remaps an interrupt request and delivers the message.
   *
   * @param source requester id
   * @param address message address
   * @param data message data
   */
  public InterruptOutcome interrupt(int source, long address, int data) {
    return new InterruptOutcome.Delivered(address, data, InterruptOutcome.NO_INDEX);
  }

  /** What the IOTLB holds. */
  public List<CacheLine> iotlb() {
    return List.of();
  }

  /** What the context cache holds. */
  public List<CacheLine> contextCache() {
    return List.of();
  }

  /** What the PASID cache holds. */
  public List<CacheLine> pasidCache() {
    return List.of();
  }

  /** What the paging-structure cache holds. */
  public List<CacheLine> pagingCache() {
    return List.of();
  }

  /** What the interrupt-entry cache holds. */
  public List<CacheLine> interruptCache() {
    return List.of();
  }

  /** Tells whether a cached entry differs from what the tables now say. */
  public boolean isStale(CacheLine line) {
    return false;
  }

  /** Event counts since reset. */
  public UnitCounters counters() {
    return new UnitCounters(0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
