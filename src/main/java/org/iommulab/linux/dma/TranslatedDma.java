package org.iommulab.linux.dma;

import java.util.List;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Status;

/** Translated DMA: common code of today, or Intel's own of before 2021. */
interface TranslatedDma {

  /** Maps one buffer. */
  DmaMapping map(
      DmaDevice device,
      DmaCookie cookie,
      long phys,
      long size,
      DmaDirection direction,
      boolean skipSync);

  /** Unmaps one buffer. */
  Status unmap(
      DmaDevice device,
      DmaCookie cookie,
      long address,
      long size,
      DmaDirection direction,
      boolean skipSync);

  /** Maps registers of another device, which are never bounced. */
  DmaMapping mapResource(
      DmaDevice device, DmaCookie cookie, long phys, long size, DmaDirection direction);

  /** Unmaps a range that was not bounced. */
  Status unmapRange(DmaCookie cookie, long address, long size);

  /** Maps a scatter list. */
  SgMapping mapSg(
      DmaDevice device, DmaCookie cookie, List<SgMapping.Entry> entries, DmaDirection direction);

  /** Unmaps what {@link #mapSg} gave. */
  Status unmapSg(DmaCookie cookie, List<SgMapping.Segment> segments);

  /**
   * Allocates and maps memory for the driver's lifetime.
   *
   * @param mayBlock the caller may sleep
   * @param wishedPhys physical address the memory should have, -1 for any
   */
  CoherentMemory allocCoherent(
      DmaDevice device, DmaCookie cookie, long size, boolean mayBlock, long wishedPhys);

  /** Kernel name of the function that frees coherent memory. */
  String freeName();
}
