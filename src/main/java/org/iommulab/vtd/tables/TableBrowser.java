package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.MemoryView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * Decodes what a unit's registers and the memory under them hold, live or from a dump. Everything
 * is read when asked for; nothing is kept, nothing is changed.
 */
public final class TableBrowser {

  private static final Field ENABLED = RegisterLayouts.GSTS.field("TES");

  private final PhysicalMemory memory;
  private final RegisterValues registers;
  private final RootWalk roots;

  public TableBrowser(PhysicalMemory memory, RegisterValues registers) {
    this.memory = memory;
    this.registers = registers;
    this.roots = new RootWalk(memory, registers);
  }

  public MemoryView memory() {
    return memory;
  }

  /** Tells whether there is no memory to hold a table at an address. */
  boolean isMissing(long address) {
    return RootWalk.page(memory, address) == null;
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
    return ENABLED.isSet(registers.gsts());
  }

  /** Address of the root table if the unit was given one (GSTS.RTPS). */
  public Optional<Long> rootTable() {
    return roots.isRootSet() ? Optional.of(roots.rootTable()) : Optional.empty();
  }

  /** Root entries that are not zero, by bus. */
  public List<RootNode> roots() {
    return roots.roots();
  }

  /**
   * Context entries that are not zero, by requester id. A table that serves several buses is listed
   * for the first of them; {@link #context} answers for all.
   */
  public List<ContextNode> contexts() {
    return roots.contexts();
  }

  /** The context entry of one requester. */
  public Optional<ContextNode> context(SourceId source) {
    return roots.context(source);
  }

  /** PASID entries of every context, by requester id and PASID. */
  public List<PasidNode> pasids() {
    return roots.pasids();
  }

  /** One PASID entry of a context. */
  public Optional<PasidNode> pasid(ContextNode.Scalable context, Pasid pasid) {
    return roots.pasid(context, pasid);
  }

  /** PASID entries of one context. */
  public List<PasidNode> pasids(ContextNode.Scalable context) {
    return roots.pasids(context);
  }

  /** Addresses of the PASID tables that a context's directory points to. */
  public List<Long> pasidTables(ContextNode.Scalable context) {
    return roots.pasidTables(context);
  }

  /** Every page-table tree that a present context or PASID entry uses, in order of first use. */
  public List<TableKey> tableKeys() {
    Set<TableKey> keys = new LinkedHashSet<>();
    for (TableUse use : uses()) {
      keys.add(use.table());
    }
    return List.copyOf(keys);
  }

  /** Which context and PASID entries lead to which tree. */
  public List<TableUse> uses() {
    var uses = new ArrayList<TableUse>();
    for (ContextNode context : contexts()) {
      if (context instanceof ContextNode.Legacy legacy) {
        legacy.table().ifPresent(key -> uses.add(use(key, legacy)));
      }
    }
    for (PasidNode pasid : pasids()) {
      pasid.secondStage().ifPresent(key -> uses.add(use(key, pasid)));
      pasid.firstStage().ifPresent(key -> uses.add(use(key, pasid)));
    }
    return uses;
  }

  private static TableUse use(TableKey key, ContextNode.Legacy context) {
    return new TableUse(key, context.source(), Pasid.NONE, context.domainId(), false);
  }

  private static TableUse use(TableKey key, PasidNode pasid) {
    boolean guest = pasid.isNested() && key.stage() == TableKey.Stage.FIRST;
    return new TableUse(key, pasid.source(), pasid.pasid(), pasid.domainId(), guest);
  }

  /** One tree; it need not be in use. */
  public PageTable table(TableKey key) {
    return new PageTable(address -> RootWalk.page(memory, address), key);
  }

  /**
   * A first-stage tree whose pointers are guest addresses, read through the second stage of the
   * same PASID entry. The ranges it gives lead to guest addresses.
   */
  public PageTable nestedTable(TableKey first, TableKey second) {
    PageTable host = table(second);
    return new PageTable(
        address -> {
          List<TableRow> path = host.reaches(address) ? host.path(address) : List.of();
          if (path.isEmpty() || path.getLast().kind() != TableRow.Kind.LEAF) {
            return null;
          }
          TableRow leaf = path.getLast();
          return RootWalk.page(memory, leaf.target() + (address - leaf.iova()));
        },
        first);
  }

  /** The interrupt-remapping table, if one was set up. */
  public Optional<InterruptTable> interruptTable() {
    return new InterruptReader(memory, registers).table();
  }

  /** Interrupt-remapping entries that are not zero. */
  public List<IrteNode> irtes() {
    return new InterruptReader(memory, registers).entries();
  }

  /** The invalidation queue, if one was set up. */
  public Optional<QueueContents> queue() {
    return new QueueReader(memory, registers).read();
  }

  /** The page request queue, if there can be one and it has an address. */
  public Optional<PageRequestRing> pageRequests() {
    Register address = RegisterLayouts.PQA;
    long pqa = registers.value(address);
    boolean exists = ExtendedCapabilityLayout.PRS.isSet(registers.ecap());
    return exists && address.field("PQA").get(pqa) != 0
        ? Optional.of(
            new PageRequestRing(
                address.field("PQA").get(pqa),
                PhysicalMemory.FRAME_BYTES << address.field("PQS").get(pqa),
                registers.value(RegisterLayouts.PQH),
                registers.value(RegisterLayouts.PQT)))
        : Optional.empty();
  }

  /** All fault-recording registers. */
  public List<FaultNode> faults() {
    var faults = new ArrayList<FaultNode>();
    for (int i = 0; i < registers.faultRecords(); i++) {
      faults.add(registers.faultRecord(i));
    }
    return faults;
  }

  /**
   * Who maps a physical address: every tree and range that leads to it, up to a limit.
   *
   * @param physical any byte address
   */
  public List<ReverseMapping> mappingsOf(long physical, int limit) {
    var found = new ArrayList<ReverseMapping>();
    for (TableKey key : tableKeys()) {
      table(key)
          .forEachRange(
              range -> {
                long offset = physical - range.physical();
                if (offset >= 0 && offset < range.size()) {
                  found.add(new ReverseMapping(key, range.iova() + offset, range));
                }
                return found.size() < limit;
              });
    }
    return found;
  }

  /** What the architecture forbids although no fault tells of it. */
  public List<Finding> programming() {
    return new ProgrammingScan(this).findings();
  }

  /** What is odd in all of this. */
  public List<Finding> findings() {
    return new FindingScan(this).findings();
  }
}
