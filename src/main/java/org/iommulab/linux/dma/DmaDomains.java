package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/** Which domain translates a device's DMA, if any, and what the DMA API keeps for it. */
final class DmaDomains {

  private final DmaContext context;
  private final Map<PagingDomain, DmaCookie> cookies = new IdentityHashMap<>();

  DmaDomains(DmaContext context) {
    this.context = context;
  }

  /** The cookie of the device's default domain; null if its DMA is not translated. */
  @Nullable DmaCookie of(DmaDevice device) {
    IommuDevice iommu = device.iommu();
    if (iommu == null) {
      return null;
    }
    PagingDomain domain = iommu.group().defaultDomain();
    if (domain == null) {
      return null;
    }
    DmaCookie known = device.cookie();
    if (known != null && known.domain().equals(domain)) {
      return known;
    }
    DmaCookie cookie = cookies.get(domain);
    if (cookie == null) {
      cookies.keySet().retainAll(context.subsystem().domains());
      cookie = new DmaCookie(context, domain);
      cookies.put(domain, cookie);
    }
    cookie.meet(iommu);
    device.setCookie(cookie);
    return cookie;
  }

  /**
   * {@code iommu_need_mapping()} of kernels that asked at every call: a device with a narrow mask
   * leaves the identity domain.
   */
  @Nullable DmaCookie askAtCall(DmaDevice device) {
    boolean on = context.trace().isOn();
    if (on) {
      context.trace().enter("iommu_need_mapping").text("dev", device.pci().name());
    }
    IommuDevice iommu = device.iommu();
    if (iommu != null && iommu.group().defaultDomain() == null && tooNarrow(device)) {
      DomainType type = context.subsystem().strict() ? DomainType.DMA : DomainType.DMA_FQ;
      Status moved = context.subsystem().changeDefaultType(iommu.group(), type);
      if (!moved.failed()) {
        context.log(device.label() + ": 32bit DMA uses non-identity mapping");
      }
    }
    DmaCookie cookie = of(device);
    if (on) {
      context.trace().leave(cookie == null ? "false" : "true");
    }
    return cookie;
  }

  /** The device cannot reach all of the machine's memory. */
  boolean tooNarrow(DmaDevice device) {
    long last = 0;
    for (AddressRange range : context.parts().memory().ram()) {
      last = Math.max(last, range.end() - 1);
    }
    return Long.compareUnsigned(device.mask(), last) < 0
        || Long.compareUnsigned(device.coherentMask(), last) < 0;
  }

  /** Cookies of domains that exist, in order of their domains. */
  List<DmaCookie> all() {
    var all = new ArrayList<DmaCookie>();
    for (IommuDomain domain : context.subsystem().domains()) {
      DmaCookie cookie = cookies.get(domain);
      if (cookie != null) {
        all.add(cookie);
      }
    }
    return all;
  }

  List<DmaView.Domain> view() {
    var views = new ArrayList<DmaView.Domain>();
    for (DmaCookie cookie : all()) {
      FlushQueue queue = cookie.queue();
      views.add(
          new DmaView.Domain(
              cookie.domain().id(),
              queue != null,
              cookie.liveRanges(),
              cookie.iovad().view(),
              queue == null ? null : queue.view()));
    }
    return views;
  }

  List<DmaView.Exposed> exposed() {
    var exposed = new ArrayList<DmaView.Exposed>();
    for (DmaCookie cookie : all()) {
      FlushQueue queue = cookie.queue();
      if (queue != null) {
        queue.collectExposed(cookie.domain().id(), exposed);
      }
    }
    return exposed.stream().sorted((a, b) -> Long.compare(a.sinceNs(), b.sinceNs())).toList();
  }
}
