package org.iommulab.linux;

import java.util.List;
import org.iommulab.bus.SourceId;
import org.jspecify.annotations.Nullable;

/**
 * An IOMMU group at one moment.
 *
 * @param id its number
 * @param devices its members
 * @param defaultType {@code identity}, {@code DMA} or {@code DMA-FQ}, as sysfs writes it
 * @param defaultDomain id of the default domain, see {@link DomainView#id()}
 * @param domain id of the domain attached now, 0 while blocked
 * @param owner who has claimed its DMA, null for the kernel's own drivers
 * @param reserved address ranges no mapping may use
 */
public record GroupView(
    int id,
    List<SourceId> devices,
    String defaultType,
    int defaultDomain,
    int domain,
    @Nullable String owner,
    List<Reserved> reserved) {

  /** A reserved range: {@code start} to {@code last}, both inside, and sysfs's word for it. */
  public record Reserved(long start, long last, String type) {}

  public GroupView {
    devices = List.copyOf(devices);
    reserved = List.copyOf(reserved);
  }
}
