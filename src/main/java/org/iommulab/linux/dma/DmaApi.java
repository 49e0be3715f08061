package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.time.Timers;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * The DMA API of one kernel. A buffer is reached directly (the address is the physical one),
 * through a bounce buffer, or translated; the device's default domain, its mask and SWIOTLB decide.
 *
 * <p>Addresses of buffers are physical. Expected failures are values: {@code DMA_MAPPING_ERROR} and
 * the check behind it.
 */
public final class DmaApi {

  private final DmaContext context;
  private final KernelParts parts;
  private final CallTrace trace;
  private final DirectDma direct;
  private final Translation translation;
  private final DmaDomains domains;
  private final CoherentBuffers coherent = new CoherentBuffers();
  private final Map<SourceId, DmaDevice> devices = new TreeMap<>();

  /**
   * The API of one kernel, after the IOMMU core has probed its devices.
   *
   * @param parts what the kernel works with
   * @param subsystem the IOMMU core, without devices if there is no IOMMU
   * @param pci every function on the bus
   * @param swiotlb the bounce buffers, perhaps without a pool
   * @param timers kernel timers on virtual time
   * @param cpus CPUs and which one runs
   * @param options what was chosen at boot
   */
  public DmaApi(
      KernelParts parts,
      IommuSubsystem subsystem,
      List<PciDevice> pci,
      Swiotlb swiotlb,
      Timers timers,
      Cpus cpus,
      DmaOptions options) {
    this.parts = parts;
    this.trace = parts.trace();
    DmaRules rules = DmaRules.of(parts.era());
    context = new DmaContext(parts, subsystem, swiotlb, timers, cpus, options, rules);
    direct = new DirectDma(context);
    translation = rules.intelOps() ? new IntelDma(context) : new IommuDma(context);
    domains = new DmaDomains(context);
    for (PciDevice function : pci) {
      var device = new DmaDevice(function, subsystem.device(function.sid()));
      devices.put(function.sid(), device);
      // As at probe: a domain's reserved ranges are known before the first mapping.
      domains.of(device);
    }
  }

  /** The device with that requester id, null if there is none. */
  public @Nullable DmaDevice device(SourceId sid) {
    return devices.get(sid);
  }

  /** All devices by requester id. */
  public Collection<DmaDevice> devices() {
    return Collections.unmodifiableCollection(devices.values());
  }

  /** The bounce buffers. */
  public Swiotlb swiotlb() {
    return context.swiotlb();
  }

  /** CPUs, and which one runs the calls. */
  public Cpus cpus() {
    return context.cpus();
  }

  /** {@code reserve_iova()} in a device's domain: no mapping will touch these addresses. */
  public void reserve(DmaDevice device, long first, long last) {
    DmaCookie cookie = domains.of(device);
    if (cookie != null) {
      cookie.reserve(first, last);
    }
  }

  /** The page frames it allocates from. */
  FrameAllocator frames() {
    return parts.frames();
  }

  // ---- masks ----------------------------------------------------------------------------------

  /** {@code dma_set_mask()}: the highest address the device's driver says it can drive. */
  public void setMask(DmaDevice device, long highest) {
    device.setMask(highest);
  }

  /** {@code dma_set_coherent_mask()}. */
  public void setCoherentMask(DmaDevice device, long highest) {
    device.setCoherentMask(highest);
  }

  // ---- one buffer -----------------------------------------------------------------------------

  /**
   * {@code dma_map_single()}, {@code dma_map_page()}: hands a buffer over to the device.
   *
   * @param phys physical address of the first byte
   * @param size bytes
   * @param skipSync {@code DMA_ATTR_SKIP_CPU_SYNC}: a bounced buffer is not copied
   */
  public DmaMapping map(
      DmaDevice device, long phys, long size, DmaDirection direction, boolean skipSync) {
    boolean byPhys = context.rules().byPhysicalAddress();
    if (trace.isOn()) {
      enter("dma_map_page_attrs", device)
          .hex("page", phys >>> 12)
          .hex("offset", phys & 4095)
          .hex("size", size)
          .text("dir", direction.name());
      if (byPhys) {
        enter("dma_map_phys", device).hex("phys", phys).hex("size", size);
      }
    }
    DmaMapping mapping;
    Status usable = check(device, size, direction);
    if (usable.failed()) {
      mapping = DmaMapping.fail(usable);
    } else {
      DmaCookie cookie = way(device);
      mapping =
          cookie == null
              ? direct.map(device, phys, size, direction, skipSync)
              : translation.map(device, cookie, phys, size, direction, skipSync);
    }
    if (byPhys) {
      context.leave(mapping);
    }
    return context.leave(mapping);
  }

  /** {@code dma_unmap_single()}, {@code dma_unmap_page()}: takes a buffer back. */
  public Status unmap(
      DmaDevice device, long address, long size, DmaDirection direction, boolean skipSync) {
    if (trace.isOn()) {
      enter("dma_unmap_page_attrs", device)
          .hex("addr", address)
          .hex("size", size)
          .text("dir", direction.name());
    }
    Status status = check(device, size, direction);
    if (!status.failed()) {
      DmaCookie cookie = way(device);
      status =
          cookie == null
              ? direct.unmap(address, size, direction, skipSync)
              : translation.unmap(device, cookie, address, size, direction, skipSync);
    }
    return parts.leave(status);
  }

  /** {@code dma_sync_single_for_cpu()}: lets the CPU read what the device wrote. */
  public Status syncForCpu(DmaDevice device, long address, long size, DmaDirection direction) {
    return sync(device, address, size, direction, false);
  }

  /** {@code dma_sync_single_for_device()}: lets the device read what the CPU wrote. */
  public Status syncForDevice(DmaDevice device, long address, long size, DmaDirection direction) {
    return sync(device, address, size, direction, true);
  }

  private Status sync(
      DmaDevice device, long address, long size, DmaDirection direction, boolean forDevice) {
    if (trace.isOn()) {
      enter(forDevice ? "dma_sync_single_for_device" : "dma_sync_single_for_cpu", device)
          .hex("addr", address)
          .hex("size", size)
          .text("dir", direction.name());
    }
    Status status = check(device, size, direction);
    if (!status.failed()) {
      DmaCookie cookie = domains.of(device);
      if (cookie == null) {
        direct.sync(address, size, direction, forDevice);
      } else {
        long phys = cookie.domain().iovaToPhys(address);
        if (phys >= 0) {
          context.sync(phys, size, direction, forDevice);
        }
      }
    }
    return parts.leave(status);
  }

  // ---- scatter lists --------------------------------------------------------------------------

  /** {@code dma_map_sg()}: hands scattered buffers over as one list. */
  public SgMapping mapSg(DmaDevice device, List<SgMapping.Entry> entries, DmaDirection direction) {
    if (trace.isOn()) {
      enter("__dma_map_sg_attrs", device)
          .number("nents", entries.size())
          .text("dir", direction.name());
    }
    SgMapping mapping;
    long total = entries.stream().mapToLong(SgMapping.Entry::length).sum();
    Status usable = check(device, total, direction);
    if (usable.failed()) {
      mapping = SgMapping.fail(usable);
    } else {
      DmaCookie cookie = way(device);
      mapping =
          cookie == null
              ? direct.mapSg(device, entries, direction)
              : translation.mapSg(device, cookie, entries, direction);
    }
    parts.leave(mapping.status());
    return mapping;
  }

  /** {@code dma_unmap_sg()}: takes back what {@link #mapSg} gave. */
  public Status unmapSg(
      DmaDevice device, List<SgMapping.Segment> segments, DmaDirection direction) {
    if (trace.isOn()) {
      enter("dma_unmap_sg_attrs", device).number("nents", segments.size());
    }
    Status status;
    if (segments.isEmpty()) {
      status = Status.fail(Errno.EINVAL, "the list is empty");
    } else {
      DmaCookie cookie = way(device);
      status =
          cookie == null
              ? direct.unmapSg(segments, direction)
              : translation.unmapSg(cookie, segments);
    }
    return parts.leave(status);
  }

  // ---- coherent memory ------------------------------------------------------------------------

  /**
   * {@code dma_alloc_coherent()}: memory that CPU and device share without sync calls.
   *
   * @param size bytes
   * @param mayBlock the caller may sleep ({@code GFP_KERNEL}); false: {@code GFP_ATOMIC}
   * @param wishedPhys physical address the memory should have, -1 for any
   */
  public CoherentBuffer allocCoherent(
      DmaDevice device, long size, boolean mayBlock, long wishedPhys) {
    if (trace.isOn()) {
      enter("dma_alloc_attrs", device)
          .hex("size", size)
          .text("gfp", mayBlock ? "GFP_KERNEL" : "GFP_ATOMIC");
    }
    CoherentMemory memory;
    Status usable = check(device, size, DmaDirection.DMA_BIDIRECTIONAL);
    if (usable.failed()) {
      memory = CoherentMemory.fail(usable);
    } else {
      DmaCookie cookie = way(device);
      memory =
          cookie == null
              ? direct.alloc(device, size, wishedPhys)
              : translation.allocCoherent(device, cookie, size, mayBlock, wishedPhys);
    }
    parts.leave(memory.status());
    if (memory.status().failed()) {
      return CoherentBuffer.fail(memory.status());
    }
    CoherentBuffers.Held held = coherent.keep(device, size, memory);
    return new CoherentBuffer(
        held.cpuAddress(), memory.handle(), memory.pages().addresses(), Status.OK);
  }

  /**
   * Physical memory behind an address that a driver has: of its coherent buffers, of other kernel
   * memory, or physical already.
   */
  public long physical(long address) {
    return coherent.physical(address);
  }

  /** {@code dma_free_coherent()}; the buffer is found by either of its addresses. */
  public Status freeCoherent(DmaDevice device, long cpuAddress, long handle) {
    if (trace.isOn()) {
      enter("dma_free_attrs", device).hex("cpu_addr", cpuAddress).hex("dma_handle", handle);
    }
    CoherentBuffers.Held held = coherent.find(device, cpuAddress, handle);
    return parts.leave(
        held == null
            ? Status.fail(Errno.EINVAL, "the device has no such coherent buffer")
            : free(device, held));
  }

  private Status free(DmaDevice device, CoherentBuffers.Held held) {
    DmaCookie cookie = way(device);
    if (trace.isOn()) {
      trace.enter(cookie == null ? "dma_direct_free" : translation.freeName());
    }
    Status status = Status.OK;
    if (cookie != null) {
      long size = (held.size() + 4095) & -4096L;
      status = translation.unmapRange(cookie, held.memory().handle(), size);
    }
    held.memory().pages().free(parts);
    coherent.forget(held);
    return parts.leave(status);
  }

  // ---- shared ---------------------------------------------------------------------------------

  private CallTrace enter(String function, DmaDevice device) {
    return trace.enter(function).text("dev", device.pci().name());
  }

  private @Nullable DmaCookie way(DmaDevice device) {
    return context.rules().asksAtEveryCall() ? domains.askAtCall(device) : domains.of(device);
  }

  private static Status check(DmaDevice device, long size, DmaDirection direction) {
    IommuDevice iommu = device.iommu();
    if (size <= 0) {
      return Status.fail(Errno.EINVAL, "the size is 0");
    }
    if (direction == DmaDirection.DMA_NONE) {
      return Status.fail(Errno.EINVAL, "DMA_NONE is no direction: BUG_ON(!valid_dma_direction)");
    }
    if (iommu != null && iommu.group().claimed()) {
      return Status.fail(
          Errno.EBUSY, "user space owns the device's DMA: " + iommu.group().ownerName());
    }
    return Status.OK;
  }

  // ---- what can be seen -----------------------------------------------------------------------

  /** Everything about the DMA API now. */
  public DmaView view() {
    var list = new ArrayList<DmaView.Device>();
    for (DmaDevice device : devices.values()) {
      DmaCookie cookie = domains.of(device);
      boolean reachesAll = !domains.tooNarrow(device) && !context.swiotlb().isForced();
      String direct = reachesAll || !context.swiotlb().isActive() ? "direct" : "bounced";
      list.add(
          new DmaView.Device(
              device.pci().sid(),
              device.pci().name(),
              device.mask(),
              device.coherentMask(),
              cookie == null ? direct : "translated",
              cookie == null ? 0 : cookie.domain().id()));
    }
    return new DmaView(
        context.timers().now(),
        context.cpus().current(),
        context.cpus().count(),
        list,
        domains.view(),
        domains.exposed(),
        coherent.view(),
        context.swiotlb().view());
  }
}
