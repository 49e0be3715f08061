package org.iommulab.bus.ats;

import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.Page;

/**
 * A translation request: an endpoint asks where its addresses lead (AT = 01).
 *
 * @param source the requester
 * @param address first address, a multiple of 4 KiB
 * @param pages how many 4 KiB pages it would like to know, at least 1
 * @param pasid the PASID it carries, {@link Pasid#NONE} if none
 * @param noWrite the NW flag: the endpoint will not write
 * @param execute it wants to execute; only with a PASID
 * @param privileged it asks for supervisor rights; only with a PASID
 */
public record TranslationRequest(
    SourceId source,
    long address,
    int pages,
    Pasid pasid,
    boolean noWrite,
    boolean execute,
    boolean privileged) {

  public TranslationRequest {
    if (pages < 1 || !Page.isWhole(address)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "translation request of %d pages at 0x%x", pages, address));
    }
  }

  /** Asks for one page without PASID, to read and write. */
  public static TranslationRequest of(SourceId source, long address) {
    return new TranslationRequest(source, Page.start(address), 1, Pasid.NONE, false, false, false);
  }

  /** The same with a PASID. */
  public TranslationRequest withPasid(Pasid newPasid) {
    return new TranslationRequest(source, address, pages, newPasid, noWrite, execute, privileged);
  }

  /** The same with or without the no-write flag. */
  public TranslationRequest withNoWrite(boolean newNoWrite) {
    return new TranslationRequest(source, address, pages, pasid, newNoWrite, execute, privileged);
  }
}
