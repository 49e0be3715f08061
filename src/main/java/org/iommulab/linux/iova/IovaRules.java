package org.iommulab.linux.iova;

import org.iommulab.linux.boot.Era;

/**
 * What changed in the allocator over the years.
 *
 * @param magazineSize page frame numbers that fit a magazine
 * @param depotLimit most magazines in a depot; what is put beyond goes back to the tree
 * @param trimsDepot a timer empties the depot down to one magazine per CPU
 * @param roundsUp {@code alloc_iova_fast()} itself rounds small sizes up to a power of two
 * @param retries a search that began at the remembered range and found nothing begins once more at
 *     the limit
 */
public record IovaRules(
    int magazineSize, int depotLimit, boolean trimsDepot, boolean roundsUp, boolean retries) {

  /** Magazines of 127 (exactly 1,024 bytes each), a depot without limit that is trimmed. */
  public static final IovaRules NOW = new IovaRules(127, Integer.MAX_VALUE, true, true, true);

  /** The rules of that age. */
  public static IovaRules of(Era era) {
    boolean list = era.atLeast(Era.V6_12);
    return new IovaRules(
        era.atLeast(Era.V6_1) ? 127 : 128,
        list ? Integer.MAX_VALUE : 32,
        list,
        era.atLeast(Era.V5_19),
        era.atLeast(Era.V5_12));
  }
}
