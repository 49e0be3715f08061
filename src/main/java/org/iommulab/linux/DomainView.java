package org.iommulab.linux;

import java.util.List;
import org.iommulab.bus.SourceId;

/**
 * A paging domain at one moment.
 *
 * @param id running number, from 1 in order of creation
 * @param type {@code DMA}, {@code DMA_FQ}, {@code UNMANAGED} or {@code IDENTITY}
 * @param owner who made it: {@code group 3}, {@code iommufd hwpt 2}, …
 * @param root physical address of its top table, 0 if it has none
 * @param levels table levels
 * @param addressBits width of its IOVA space
 * @param pageSizes bitmap of page sizes
 * @param firstStage first-stage format instead of second stage
 * @param snoop new leaves carry SNP
 * @param attachments units it is known to, with the domain id there
 * @param devices devices whose DMA it translates now
 */
public record DomainView(
    int id,
    String type,
    String owner,
    long root,
    int levels,
    int addressBits,
    long pageSizes,
    boolean firstStage,
    boolean snoop,
    List<Attachment> attachments,
    List<SourceId> devices) {

  /** The domain's id on one unit. */
  public record Attachment(String unit, int domainId) {}

  public DomainView {
    attachments = List.copyOf(attachments);
    devices = List.copyOf(devices);
  }
}
