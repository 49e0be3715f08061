package org.iommulab.vtd.tables;

import java.util.List;
import java.util.Optional;
import org.iommulab.memory.PhysicalMemory;

/**
 * Decodes what a unit's registers and the memory under them hold, live or from a dump. Everything
 * is read when asked for; nothing is kept, nothing is changed.
 */
public final class TableBrowser {

  private final PhysicalMemory memory;
  private final RegisterValues registers;

  public TableBrowser(PhysicalMemory memory, RegisterValues registers) {
    this.memory = memory;
    this.registers = registers;
  }

  public PhysicalMemory memory() {
    return memory;
  }

  public RegisterValues registers() {
    return registers;
  }

  /** Legacy, scalable, ... as RTADDR says. */
  public Mode mode() {
    return Mode.of(registers.rtaddr());
  }

  /** GSTS.TES. */
  public boolean translationEnabled() {
    return registers.gsts() << 32 < 0;
  }

  /** Root entries that are not zero, by bus. */
  public List<RootNode> roots() {
    return List.of();
  }

  /** Context entries that are not zero, by requester id. */
  public List<ContextNode> contexts() {
    return List.of();
  }

  /** PASID entries of every context, by requester id and PASID. */
  public List<PasidNode> pasids() {
    return List.of();
  }

  /** PASID entries of one context. */
  public List<PasidNode> pasids(ContextNode.Scalable context) {
    return List.of();
  }

  /** Every page-table tree that a present context or PASID entry uses, in order of first use. */
  public List<TableKey> tableKeys() {
    return List.of();
  }

  /** One tree; it need not be in use. */
  public PageTable table(TableKey key) {
    return new PageTable(memory, key);
  }

  /** The interrupt-remapping table, if one was set up. */
  public Optional<InterruptTable> interruptTable() {
    return Optional.empty();
  }

  /** Interrupt-remapping entries that are not zero. */
  public List<IrteNode> irtes() {
    return List.of();
  }

  /** The invalidation queue, if one was set up. */
  public Optional<InvalidationQueue> queue() {
    return Optional.empty();
  }

  /** All fault-recording registers. */
  public List<FaultNode> faults() {
    return List.of();
  }

  /** What is odd in all of this. */
  public List<Finding> findings() {
    return List.of();
  }
}
