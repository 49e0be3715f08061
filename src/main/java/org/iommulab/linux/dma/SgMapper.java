package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.uapi.Status;
import org.iommulab.trace.CallTrace;

/** {@code iommu_map_sg()}: maps scattered memory to one range of addresses, all or nothing. */
final class SgMapper {

  private final DmaContext context;

  SgMapper(DmaContext context) {
    this.context = context;
  }

  /**
   * Maps entries one behind the other; physical neighbours are mapped together.
   *
   * @param entries in whole pages
   */
  Status map(PagingDomain domain, long iova, List<SgMapping.Entry> entries, int prot) {
    CallTrace trace = context.trace();
    if (trace.isOn()) {
      trace
          .enter("iommu_map_sg")
          .number("domain", domain.id())
          .hex("iova", iova)
          .number("nents", entries.size())
          .hex("prot", prot);
    }
    return context.parts().leave(mapRuns(domain, iova, entries, prot));
  }

  private Status mapRuns(PagingDomain domain, long iova, List<SgMapping.Entry> entries, int prot) {
    var api = context.subsystem().api();
    long mapped = 0;
    for (int i = 0; i < entries.size(); ) {
      long phys = entries.get(i).phys();
      long length = entries.get(i).length();
      for (i++; i < entries.size() && entries.get(i).phys() == phys + length; i++) {
        length += entries.get(i).length();
      }
      Status status = api.mapNosync(domain, iova + mapped, phys, length, prot);
      if (status.failed()) {
        undo(domain, iova, mapped);
        return status;
      }
      mapped += length;
    }
    Status synced = api.syncMap(domain, iova, mapped);
    if (synced.failed()) {
      undo(domain, iova, mapped);
    }
    return synced;
  }

  private void undo(PagingDomain domain, long iova, long mapped) {
    if (mapped > 0) {
      context.subsystem().api().unmap(domain, iova, mapped);
    }
  }
}
