package org.iommulab.lab.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.InterruptOutcome;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.WalkPath;

/**
 * A machine: memory, remapping units and devices.
 *
 * <p>Not thread-safe: one thread owns a laboratory.
 */
public final class Machine {

  private final MachineSpec spec;
  private final PhysicalMemory memory;
  private final List<RemappingUnit> units = new ArrayList<>();
  private final List<InterruptMessage> interrupts = new ArrayList<>();

  /** A machine with empty memory in its reset state. */
  public Machine(MachineSpec spec) {
    this(spec, PhysicalMemory.of(spec.ram()));
  }

  /** A machine around memory that exists already. */
  public Machine(MachineSpec spec, PhysicalMemory memory) {
    this.spec = spec;
    this.memory = memory;
    for (var placement : spec.units()) {
      units.add(
          new RemappingUnit(
              placement.configuration(),
              memory,
              (address, data) -> interrupts.add(new InterruptMessage(address, data))));
    }
  }

  /** What it is built of. */
  public MachineSpec spec() {
    return spec;
  }

  /** Its memory. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** The first remapping unit. */
  public RemappingUnit unit() {
    return units.getFirst();
  }

  /** The unit that serves a requester. */
  public RemappingUnit unit(SourceId source) {
    return units.getFirst();
  }

  /** All remapping units. */
  public List<RemappingUnit> units() {
    return List.copyOf(units);
  }

  /** Physical address of the first unit's registers. */
  public long mmioBase() {
    return spec.units().getFirst().base();
  }

  /** The requesters. */
  public List<PciDevice> devices() {
    return spec.devices();
  }

  /** Lets a device write; pieces are translated each on its own. */
  public DmaOutcome dmaWrite(SourceId source, long iova, byte[] data) {
    return new DmaOutcome(DmaOutcome.Status.VOID, List.of());
  }

  /** Lets a device read; pieces are translated each on its own. */
  public DmaOutcome dmaRead(SourceId source, long iova, int length) {
    return new DmaOutcome(DmaOutcome.Status.VOID, List.of());
  }

  /** Lets a device send a message-signalled interrupt. */
  public InterruptOutcome msi(SourceId source, long address, int data) {
    return unit(source).interrupt(source.value(), address, data);
  }

  /** The interrupts that reached the processors since the last call, oldest first. */
  public List<InterruptMessage> drainInterrupts() {
    var drained = List.copyOf(interrupts);
    interrupts.clear();
    return drained;
  }

  /** Resets units and devices; memory stays. */
  public void reset() {
    units.forEach(RemappingUnit::reset);
  }

  /** Keeps the way of every request for {@link #lastPath()}; off makes DMA faster. */
  public void setTracing(boolean on) {}

  /** The way of the last request while tracing was on. */
  public Optional<WalkPath> lastPath() {
    return Optional.empty();
  }
}
