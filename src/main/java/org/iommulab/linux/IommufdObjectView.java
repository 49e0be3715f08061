package org.iommulab.linux;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An iommufd object at one moment.
 *
 * @param pid process that opened the context
 * @param fd its file descriptor there
 * @param id object id inside the context
 * @param type {@code IOAS}, {@code HWPT_PAGING}, {@code DEVICE}, …
 * @param users long-lived references, 1 when only the table holds it
 * @param heldBy who holds the others, one phrase each
 * @param refusal why IOMMU_DESTROY would be refused, null if it would succeed
 * @param domain id of the domain behind a HWPT, else 0
 * @param areas mappings of an IOAS, ascending
 * @param facts whatever else a reader wants to see, {@code name: value}
 */
public record IommufdObjectView(
    int pid,
    int fd,
    int id,
    String type,
    int users,
    List<String> heldBy,
    @Nullable String refusal,
    int domain,
    List<Area> areas,
    List<String> facts) {

  /** One mapping: where the device sees it, how long, whose memory, rights as {@code rw}. */
  public record Area(long iova, long length, long userAddress, String rights) {}

  public IommufdObjectView {
    heldBy = List.copyOf(heldBy);
    areas = List.copyOf(areas);
    facts = List.copyOf(facts);
  }
}
