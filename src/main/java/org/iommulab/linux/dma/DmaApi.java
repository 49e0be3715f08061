package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.iommulab.linux.time.Timers;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
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
  private final DmaPaths paths;
  private final StreamingDma streaming;
  private final ScatterDma scatter;
  private final CoherentDma coherent;
  private final DmaLimits limits;
  private final KernelBuffers buffers;
  private final ScatterLists lists = new ScatterLists();
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
    DmaRules rules = DmaRules.of(parts.era());
    List<AddressRange> windows = BusWindows.reserved(rules, parts.memory(), pci);
    context = new DmaContext(parts, subsystem, swiotlb, timers, cpus, options, rules, windows);
    paths = DmaPaths.of(context);
    streaming = new StreamingDma(paths);
    scatter = new ScatterDma(paths);
    coherent = new CoherentDma(paths);
    limits = new DmaLimits(paths);
    buffers = new KernelBuffers(parts);
    for (PciDevice function : pci) {
      var device = new DmaDevice(function, subsystem.device(function.sid()));
      devices.put(function.sid(), device);
      // As at probe: a domain's reserved ranges are known before the first mapping.
      paths.domains().of(device);
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

  /** Whether a device's mappings are translated in a domain. */
  public boolean isTranslated(DmaDevice device) {
    return paths.domains().of(device) != null;
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
    DmaCookie cookie = paths.domains().of(device);
    if (cookie != null) {
      cookie.reserve(first, last);
    }
  }

  /** Buffers of drivers. */
  public KernelBuffers buffers() {
    return buffers;
  }

  /** The page frames it allocates from. */
  FrameAllocator frames() {
    return parts.frames();
  }

  // ---- what a device can do ---------------------------------------------------------------------

  /**
   * {@code dma_set_mask()}: the highest address the device's driver says it can drive; EIO if
   * nothing could be done for so narrow a device.
   */
  public Status setMask(DmaDevice device, long highest) {
    return limits.setMask(device, highest);
  }

  /** {@code dma_set_coherent_mask()}; EIO as with {@link #setMask}. */
  public Status setCoherentMask(DmaDevice device, long highest) {
    return limits.setCoherentMask(device, highest);
  }

  /** Sizes and masks a driver may ask about. */
  public DmaLimits limits() {
    return limits;
  }

  // ---- one buffer -----------------------------------------------------------------------------

  /**
   * {@code dma_map_single()}: hands over a buffer that the driver knows by its kernel address;
   * vmalloc memory is no single piece of RAM and is rejected (from 5.5 on; before, whatever
   * physical address came out of the arithmetic was mapped).
   *
   * @param pointer kernel address, or a physical one
   */
  public DmaMapping mapSingle(
      DmaDevice device, long pointer, long size, DmaDirection direction, boolean skipSync) {
    if (context.rules().refusesVmalloc() && CoherentBuffers.isVmalloc(pointer)) {
      if (context.parts().log().isFirst("dma_map_single_attrs")) {
        context.parts().warn("include/linux/dma-mapping.h", "dma_map_single_attrs");
        context.log(device.label() + ": rejecting DMA map of vmalloc memory");
      }
      return DmaMapping.fail(Errno.EIO, "vmalloc memory is not one piece of RAM");
    }
    return map(device, CoherentPages.physical(pointer), size, direction, skipSync);
  }

  /**
   * {@code dma_map_phys()}, {@code dma_map_page()}: hands a buffer over to the device.
   *
   * @param phys physical address of the first byte
   * @param size bytes
   * @param skipSync {@code DMA_ATTR_SKIP_CPU_SYNC}: a bounced buffer is not copied
   */
  public DmaMapping map(
      DmaDevice device, long phys, long size, DmaDirection direction, boolean skipSync) {
    return streaming.map(device, phys, size, direction, skipSync);
  }

  /** {@code dma_unmap_single()}, {@code dma_unmap_page()}: takes a buffer back. */
  public Status unmap(
      DmaDevice device, long address, long size, DmaDirection direction, boolean skipSync) {
    return streaming.unmap(device, address, size, direction, skipSync);
  }

  /** {@code dma_sync_single_for_cpu()}: lets the CPU read what the device wrote. */
  public Status syncForCpu(DmaDevice device, long address, long size, DmaDirection direction) {
    return streaming.sync(device, address, size, direction, false);
  }

  /** {@code dma_sync_single_for_device()}: lets the device read what the CPU wrote. */
  public Status syncForDevice(DmaDevice device, long address, long size, DmaDirection direction) {
    return streaming.sync(device, address, size, direction, true);
  }

  /**
   * {@code dma_map_resource()}: lets a device reach the registers of another; EINVAL for memory.
   *
   * @param phys physical address of the first register
   */
  public DmaMapping mapResource(DmaDevice device, long phys, long size, DmaDirection direction) {
    return streaming.mapResource(device, phys, size, direction);
  }

  /** {@code dma_unmap_resource()}. */
  public Status unmapResource(DmaDevice device, long address, long size, DmaDirection direction) {
    return streaming.unmapResource(device, address, size, direction);
  }

  // ---- scatter lists --------------------------------------------------------------------------

  /** {@code dma_map_sg()}: hands scattered buffers over as one list. */
  public SgMapping mapSg(DmaDevice device, List<SgMapping.Entry> entries, DmaDirection direction) {
    return mapSg(device, entries, direction, false);
  }

  /** The same with {@code DMA_ATTR_SKIP_CPU_SYNC} if {@code skipSync}. */
  public SgMapping mapSg(
      DmaDevice device, List<SgMapping.Entry> entries, DmaDirection direction, boolean skipSync) {
    SgMapping mapping = scatter.map(device, entries, direction, skipSync);
    lists.add(device, mapping.segments());
    return mapping;
  }

  /** {@code dma_unmap_sg()}: takes back what {@link #mapSg} gave. */
  public Status unmapSg(
      DmaDevice device, List<SgMapping.Segment> segments, DmaDirection direction) {
    lists.remove(device, segments);
    return scatter.unmap(device, segments, direction);
  }

  /**
   * The segments of a list that is mapped, as {@link #mapSg} gave them; empty if there is none.
   *
   * @param address of its first segment
   */
  public List<SgMapping.Segment> mappedList(DmaDevice device, long address) {
    return lists.find(device, address);
  }

  /** {@code dma_sync_sg_for_cpu()}, or {@code dma_sync_sg_for_device()}. */
  public Status syncSg(
      DmaDevice device,
      List<SgMapping.Segment> segments,
      DmaDirection direction,
      boolean forDevice) {
    Status status = Status.OK;
    for (SgMapping.Segment segment : segments) {
      Status one =
          streaming.sync(device, segment.address(), segment.length(), direction, forDevice);
      status = status.failed() ? status : one;
    }
    return status;
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
    return coherent.alloc(device, size, mayBlock, wishedPhys);
  }

  /** Physical memory behind a kernel address; other addresses are taken as physical ones. */
  public static long directPhysical(long address) {
    return CoherentPages.physical(address);
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
    return coherent.free(device, cpuAddress, handle);
  }

  // ---- what can be seen -----------------------------------------------------------------------

  /** Everything about the DMA API now, every slot of the pool among it. */
  public DmaView view() {
    return new DmaView(
        context.timers().now(),
        context.cpus().current(),
        context.cpus().count(),
        deviceViews(),
        paths.domains().view(),
        exposed(),
        coherent.view(),
        context.swiotlb().view());
  }

  private List<DmaView.Device> deviceViews() {
    var list = new ArrayList<DmaView.Device>();
    for (DmaDevice device : devices.values()) {
      DmaCookie cookie = paths.domains().of(device);
      boolean reachesAll = !paths.domains().tooNarrow(device) && !context.swiotlb().isForced();
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
    return list;
  }

  /** Ranges that are unmapped but still reachable, the oldest first. */
  public List<DmaView.Exposed> exposed() {
    return paths.domains().exposed();
  }
}
