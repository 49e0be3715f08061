package org.iommulab.linux.intel;

import java.util.BitSet;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/** What the driver knows of one remapping unit ({@code struct intel_iommu}). */
final class IntelUnit {

  /**
   * Ids 0 and 1 stay unused: 0 tags invalid entries under caching mode, 1 the shared first stage.
   */
  private static final int FIRST_DOMAIN_ID = 2;

  private final KernelParts parts;
  private final String name;
  private final UnitRegisters registers;
  private final DmarFacts.Drhd drhd;
  private final BitSet domainIds = new BitSet();
  private final int agaw;
  private Flusher flusher;
  private @Nullable InvalidationQueue queue;
  private @Nullable ContextTables contexts;
  private boolean scalable;
  private final PasidTables pasids;

  IntelUnit(KernelParts parts, String name, UnitRegisters registers, DmarFacts.Drhd drhd) {
    this.parts = parts;
    this.name = name;
    this.registers = registers;
    this.drhd = drhd;
    this.flusher = new Flusher(parts, registers, null);
    this.pasids = new PasidTables(parts, this);
    domainIds.set(0, FIRST_DOMAIN_ID);
    long sagaw = CapabilityLayout.SAGAW.get(registers.cap());
    // Bits 1, 2 and 3 stand for 39, 48 and 57 bits.
    this.agaw = (sagaw & 8) != 0 ? 3 : (sagaw & 4) != 0 ? 2 : (sagaw & 2) != 0 ? 1 : -1;
  }

  String name() {
    return name;
  }

  UnitRegisters registers() {
    return registers;
  }

  /** What firmware tells about it. */
  DmarFacts.Drhd drhd() {
    return drhd;
  }

  /** Largest supported adjusted width: 1, 2, 3 for 39, 48, 57 bits; -1 for none. */
  int agaw() {
    return agaw;
  }

  boolean capable(org.iommulab.bits.Field field) {
    return field.isSet(registers.cap());
  }

  boolean extended(org.iommulab.bits.Field field) {
    return field.isSet(registers.ecap());
  }

  boolean cachingMode() {
    return capable(CapabilityLayout.CM);
  }

  /** Table walks see processor caches, so that written lines need no flush. */
  boolean coherent() {
    return scalable
        ? extended(ExtendedCapabilityLayout.SMPWCS)
        : extended(ExtendedCapabilityLayout.C);
  }

  boolean scalable() {
    return scalable;
  }

  void setScalable(boolean on) {
    scalable = on;
  }

  Flusher flusher() {
    return flusher;
  }

  /** Switches the queue on if there is one; true if it is used from now on. */
  boolean initInvalidation() {
    if (extended(ExtendedCapabilityLayout.QI)) {
      queue = InvalidationQueue.enable(parts, registers, scalable);
      flusher = new Flusher(parts, registers, queue);
    }
    return queue != null;
  }

  ContextTables contexts() {
    if (contexts == null) {
      throw new IllegalStateException(name + " has no root table yet");
    }
    return contexts;
  }

  PasidTables pasids() {
    return pasids;
  }

  boolean hasRootTable() {
    return contexts != null;
  }

  /** Domain ids given away, the driver's own not counted. */
  int domainIdsInUse() {
    return domainIds.cardinality() - FIRST_DOMAIN_ID;
  }

  /** {@code iommu_alloc_root_entry()}; false if memory ran out. */
  boolean allocRootTable() {
    long pfn = parts.frames().allocate();
    if (pfn < 0) {
      return false;
    }
    contexts = new ContextTables(parts, this, pfn << 12);
    return true;
  }

  /** {@code iommu_set_root_entry()}: hands the root table to the unit. */
  void setRootEntry() {
    long address = RegisterLayouts.RTADDR.field("RTA").with(0, contexts().root());
    if (scalable) {
      address = RegisterLayouts.RTADDR.field("TTM").with(address, 1);
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("iommu_set_root_entry").text("iommu", name).hex("addr", address);
    }
    registers.write(RegisterLayouts.RTADDR, address);
    registers.command("SRTP", true);
    if (!capable(CapabilityLayout.ESRTPS)) {
      flusher.context(Descriptors.GLOBAL, 0, 0, 0);
      if (scalable) {
        flusher.pasidCache(3, 0, 0);
      }
      flusher.iotlb(Descriptors.GLOBAL, 0, 0, 0, false);
    }
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
  }

  /** {@code iommu_flush_write_buffer()}: only where CAP.RWBF asks for it. */
  void flushWriteBuffer() {
    if (!capable(CapabilityLayout.RWBF)) {
      return;
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("iommu_flush_write_buffer").text("iommu", name);
    }
    registers.command("WBF", true);
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
  }

  /** {@code iommu_enable_translation()}. */
  boolean enableTranslation() {
    if (parts.trace().isOn()) {
      parts.trace().enter("iommu_enable_translation").text("iommu", name);
    }
    boolean done = registers.command("TE", true);
    if (parts.trace().isOn()) {
      parts.trace().leave(done ? 0 : -1);
    }
    return done;
  }

  void disableTranslation() {
    if (registers.status("TES")) {
      registers.command("TE", false);
    }
  }

  /** Number of domain ids the unit can tell apart. */
  int domainCount() {
    return 1 << 4 + 2 * (int) CapabilityLayout.ND.get(registers.cap());
  }

  /** The lowest free domain id, -1 if all are taken. */
  int takeDomainId() {
    int did = domainIds.nextClearBit(0);
    if (did >= domainCount()) {
      return -1;
    }
    domainIds.set(did);
    return did;
  }

  void freeDomainId(int did) {
    domainIds.clear(did);
  }

  /** Bitmap of page sizes for second-stage tables. */
  long pageSizes() {
    long large = CapabilityLayout.SSLPS.get(registers.cap());
    long sizes = 1L << 12;
    if (parts.commandLine().superpages()) {
      sizes |= (large & 1) != 0 ? 1L << 21 : 0;
      sizes |= (large & 2) != 0 ? 1L << 30 : 0;
    }
    return sizes;
  }
}
