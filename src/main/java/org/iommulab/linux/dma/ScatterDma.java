package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;

/** Scatter lists: many buffers in one call. */
final class ScatterDma {

  private final DmaPaths paths;
  private final DmaContext context;
  private final CallTrace trace;

  ScatterDma(DmaPaths paths) {
    this.paths = paths;
    this.context = paths.context();
    this.trace = context.trace();
  }

  SgMapping map(
      DmaDevice device, List<SgMapping.Entry> entries, DmaDirection direction, boolean skipSync) {
    if (trace.isOn()) {
      paths
          .enter("__dma_map_sg_attrs", device)
          .number("nents", entries.size())
          .text("dir", direction.name());
    }
    SgMapping mapping;
    long total = entries.stream().mapToLong(SgMapping.Entry::length).sum();
    boolean empty = entries.stream().anyMatch(entry -> entry.length() <= 0);
    Status usable = paths.check(device, empty ? 0 : total, direction);
    if (usable.failed()) {
      mapping = SgMapping.fail(usable);
    } else {
      DmaCookie cookie = paths.way(device);
      if (cookie == null) {
        mapping = paths.direct().mapSg(device, entries, direction, skipSync);
      } else {
        mapping =
            device.untrusted()
                ? mapEach(device, cookie, entries, direction, skipSync)
                : paths.translation().mapSg(device, cookie, entries, direction);
      }
    }
    paths.leave(mapping.status());
    return mapping;
  }

  /**
   * {@code iommu_dma_map_sg_swiotlb()}: for a device nobody trusts every entry is mapped for
   * itself, aligned or not, and bounced where its neighbours in the page would become visible.
   */
  private SgMapping mapEach(
      DmaDevice device,
      DmaCookie cookie,
      List<SgMapping.Entry> entries,
      DmaDirection direction,
      boolean skipSync) {
    if (trace.isOn()) {
      trace.enter(context.rules().intelOps() ? "bounce_map_sg" : "iommu_dma_map_sg_swiotlb");
    }
    var segments = new ArrayList<SgMapping.Segment>();
    Status status = Status.OK;
    for (SgMapping.Entry entry : entries) {
      DmaMapping one =
          paths
              .translation()
              .map(device, cookie, entry.phys(), entry.length(), direction, skipSync);
      if (one.failed()) {
        segments.forEach(
            done ->
                paths
                    .translation()
                    .unmap(device, cookie, done.address(), done.length(), direction, true));
        status = Status.fail(Errno.EIO, one.status().cause());
        break;
      }
      segments.add(new SgMapping.Segment(one.address(), entry.length()));
    }
    paths.leave(status);
    return status.failed() ? SgMapping.fail(status) : new SgMapping(segments, Status.OK);
  }

  Status unmap(DmaDevice device, List<SgMapping.Segment> segments, DmaDirection direction) {
    if (trace.isOn()) {
      paths.enter("dma_unmap_sg_attrs", device).number("nents", segments.size());
    }
    Status status = Status.OK;
    DmaCookie cookie = paths.way(device);
    if (segments.isEmpty()) {
      status = Status.fail(Errno.EINVAL, "the list is empty");
    } else if (cookie == null) {
      status = paths.direct().unmapSg(segments, direction);
    } else if (device.untrusted()) {
      for (SgMapping.Segment segment : segments) {
        paths
            .translation()
            .unmap(device, cookie, segment.address(), segment.length(), direction, false);
      }
    } else {
      status = paths.translation().unmapSg(cookie, segments);
    }
    return paths.leave(status);
  }
}
