package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.iova.IovaView;
import org.iommulab.linux.swiotlb.SwiotlbView;
import org.jspecify.annotations.Nullable;

/**
 * The DMA API at one moment.
 *
 * @param nowNs virtual time
 * @param cpu the CPU that runs calls now
 * @param cpus possible CPUs
 * @param devices by requester id
 * @param domains DMA domains, oldest first
 * @param exposed ranges that devices may still reach although they are unmapped, oldest first
 * @param coherent buffers for a driver's lifetime, by kernel address
 * @param swiotlb the bounce pool
 */
public record DmaView(
    long nowNs,
    int cpu,
    int cpus,
    List<Device> devices,
    List<Domain> domains,
    List<Exposed> exposed,
    List<Coherent> coherent,
    SwiotlbView swiotlb) {

  /**
   * A device.
   *
   * @param way {@code direct}, {@code bounced} (direct where it reaches, else a copy) or {@code
   *     translated}
   * @param domain id of its DMA domain, 0 without one
   */
  public record Device(
      SourceId sid, String name, long mask, long coherentMask, String way, int domain) {}

  /**
   * A DMA domain.
   *
   * @param id see {@code DomainView}
   * @param lazy unmapping waits in a flush queue
   * @param liveRanges ranges handed out and not freed
   * @param iova its allocator
   * @param queue its flush queue, null in strict mode
   */
  public record Domain(
      int id, boolean lazy, int liveRanges, IovaView iova, @Nullable FlushQueueView queue) {}

  /**
   * A range inside the exposure window.
   *
   * @param domain id of its domain
   * @param cpu whose ring it waits in
   * @param iova first address
   * @param size bytes
   * @param sinceNs virtual time of the unmap
   */
  public record Exposed(int domain, int cpu, long iova, long size, long sinceNs) {}

  /** A coherent buffer: for the CPU, for the device, bytes, its pages. */
  public record Coherent(
      SourceId device, long cpuAddress, long handle, long size, List<Long> frames) {
    public Coherent {
      frames = List.copyOf(frames);
    }
  }

  public DmaView {
    devices = List.copyOf(devices);
    domains = List.copyOf(domains);
    exposed = List.copyOf(exposed);
    coherent = List.copyOf(coherent);
  }
}
