package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.CacheLines;
import org.iommulab.linux.intel.queue.QiDescriptors;
import org.iommulab.linux.intel.queue.QueuedInvalidation;
import org.iommulab.linux.intel.queue.UnitRegisters;
import org.iommulab.memory.Page;
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
  private @Nullable QueuedInvalidation queue;
  private @Nullable ContextTables contexts;
  private final List<DeviceInfo> devices = new ArrayList<>();
  private boolean scalable;
  private boolean svmCapable;
  private @Nullable Prq pageRequests;

  IntelUnit(KernelParts parts, String name, UnitRegisters registers, DmarFacts.Drhd drhd) {
    this.parts = parts;
    this.name = name;
    this.registers = registers;
    this.drhd = drhd;
    this.flusher = new Flusher(parts, registers, null);
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

  /** {@code pasid_supported()}. */
  boolean pasidSupported() {
    return scalable && extended(ExtendedCapabilityLayout.PASID);
  }

  /** PASIDs the unit can tell apart. */
  int maxPasids() {
    return pasidSupported() ? 2 << ExtendedCapabilityLayout.PSS.get(registers.ecap()) : 0;
  }

  /** {@code VTD_FLAG_SVM_CAPABLE}: processes' page tables can be shared. */
  boolean svmCapable() {
    return svmCapable;
  }

  /** {@code nested_supported()}. */
  boolean nestedSupported() {
    return scalable && extended(ExtendedCapabilityLayout.NEST);
  }

  /** {@code ssads_supported()}: the second stage keeps dirty bits. */
  boolean dirtySupported() {
    return scalable
        && extended(ExtendedCapabilityLayout.SSADS)
        && extended(ExtendedCapabilityLayout.SMPWCS);
  }

  /** Device-TLB invalidations name the physical function. */
  boolean namesPhysicalFunction() {
    return extended(ExtendedCapabilityLayout.DIT);
  }

  /** Translation is on. */
  boolean translating() {
    return registers.status("TES");
  }

  /** {@code __iommu_flush_cache()}: units that do not snoop read what has reached memory. */
  void flushCache(long address, int bytes) {
    if (!extended(ExtendedCapabilityLayout.C)) {
      CacheLines.flush(parts, address, bytes);
    }
  }

  /** The same for paging structures, which scalable mode reads in its own way. */
  void flushTable(long address, int bytes) {
    if (!coherent()) {
      CacheLines.flush(parts, address, bytes);
    }
  }

  /** The device of that requester id, or null ({@code device_rbtree_find()}). */
  @Nullable DeviceInfo device(SourceId sid) {
    for (DeviceInfo info : devices) {
      if (info.sid().equals(sid)) {
        return info;
      }
    }
    return null;
  }

  List<DeviceInfo> devices() {
    return List.copyOf(devices);
  }

  void add(DeviceInfo info) {
    devices.add(info);
  }

  Flusher flusher() {
    return flusher;
  }

  /** Switches the queue on if there is one; true if it is used from now on. */
  boolean initInvalidation() {
    if (queue == null && extended(ExtendedCapabilityLayout.QI)) {
      queue = QueuedInvalidation.enable(parts, registers, extended(ExtendedCapabilityLayout.SMTS));
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
    flushCache(Page.address(pfn), 4096);
    contexts = new ContextTables(parts, this, Page.address(pfn));
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
      flusher.context(QiDescriptors.GLOBAL, 0, 0, 0);
      if (scalable) {
        flusher.wholePasidCache();
      }
      flusher.iotlb(QiDescriptors.GLOBAL, 0, 0, 0, false);
    }
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
  }

  /** {@code intel_iommu_enable_prq()}: switches page requests on if the unit has them. */
  boolean enablePageRequests(int vector) {
    if (!extended(ExtendedCapabilityLayout.PRS)) {
      return false;
    }
    pageRequests = Prq.enable(parts, this, vector);
    return pageRequests != null;
  }

  /** The page request queue, or null. */
  @Nullable Prq pageRequests() {
    return pageRequests;
  }

  /** {@code intel_iommu_drain_pasid_prq()}: nothing of that PASID is on its way any more. */
  void drainPageRequests(DeviceInfo info, Pasid pasid, int domainId) {
    if (pageRequests != null && info.iopfUsers() > 0) {
      pageRequests.drain(info, pasid, domainId);
    }
  }

  /** {@code intel_svm_check()}: says why processes' tables cannot be shared. */
  void checkSharing() {
    if (!pasidSupported()) {
      return;
    }
    if (!capable(CapabilityLayout.FS1GP)) {
      parts.log().print(name + " SVM disabled, incompatible 1GB page capability");
      return;
    }
    svmCapable = extended(ExtendedCapabilityLayout.FSTS);
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

  /** Bitmap of page sizes for first-stage tables. */
  long firstStagePageSizes() {
    if (!parts.commandLine().superpages()) {
      return 1L << 12;
    }
    return 1L << 12 | 1L << 21 | (capable(CapabilityLayout.FS1GP) ? 1L << 30 : 0);
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
